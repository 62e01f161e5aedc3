import { createControls } from '../../src/controls/controls.ts'
import { judgedApprovals } from '../../src/graders/approved.ts'
import { gradeTrial } from '../../src/graders/grade-trial.ts'
import { prepareGraders } from '../../src/graders/prepare-graders.ts'
import { summariseTrial } from '../../src/graders/summarise-trial.ts'
import { builtInAgent } from '../../src/replay/agent-loop.ts'
import { runTrial } from '../../src/replay/run-trial.ts'
import type { EvalCaseInput } from '../../src/schema/case.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { type EventBody, type EventOf, eventBody, type TraceEvent } from '../../src/schema/trace.ts'
import { type TrialLine, trialLine } from '../../src/schema/trial.ts'
import { prepareWorld } from '../../src/world/prepare-world.ts'
import { startWorld } from '../../src/world/start-world.ts'
import { aCandidate, aJudgingPolicy } from '../builders/candidate.ts'
import { aCase } from '../builders/case.ts'
import { aWorld } from '../world/builders.ts'
import { type Answer, aScriptedUser, scripted } from './builders.ts'

/** Orders of two tenants, refunds that say what they move, and an account that can be deleted. */
const desk = aWorld(
  {
    'orders.get': {
      effect: 'read',
      risk_tier: 0,
      scope: 'orders:read',
      tenant: 'state.orders[args.id].tenant',
      returns: '=state.orders[args.id]',
    },
    'pay.refund': {
      risk_tier: [{ when: 'args.usd <= 50', tier: 2 }, { tier: 3 }],
      scope: 'pay:refund',
      tenant: 'args.id in state.orders ? state.orders[args.id].tenant : ""',
      usd: 'args.usd',
      change: [{ op: 'inc', path: '/orders/{args.id}/refunded', value: '=args.usd' }],
      returns: { refunded: '=args.usd' },
    },
    'acct.delete': {
      risk_tier: 4,
      change: [{ op: 'remove', path: '/accounts/{args.id}' }],
      returns: { deleted: true },
    },
  },
  {
    orders: {
      'O-1': { tenant: 'acme', refunded: 0 },
      'O-2': { tenant: 'globex', refunded: 0 },
    },
    accounts: { 'C-1': {}, 'C-2': {} },
  },
)

interface Setting {
  readonly candidate?: Parameters<typeof aCandidate>[0]
  readonly policy?: Parameters<typeof aJudgingPolicy>[0]
  readonly approvers?: EvalCaseInput['approvers']
  readonly identity?: EvalCaseInput['identity']
  readonly effects?: EvalCaseInput['expect']['effects']
  readonly mode?: 'enforce' | 'observe'
}

export interface Controlled {
  readonly line: TrialLine
  readonly state: JsonObject
  readonly of: <T extends EventBody['type']>(type: T) => readonly EventOf<T>[]
  /** The code of the error that each call got, or `ok`. */
  readonly told: readonly string[]
}

const key = { case: 'refund.full', trial: 1, attempt: 1 } as const

/** One trial at the desk, through the controls and the graders. Nothing in it is undeclared. */
export async function atDesk(
  answers: readonly Answer[],
  setting: Setting = {},
): Promise<Controlled> {
  const { approvers = 'pending', identity, mode = 'enforce' } = setting
  const allowed = Object.keys(desk.tools).map((tool) => ({ tool, max: 99 }))
  const effects = setting.effects ?? { allowed }
  const evalCase = aCase({ expect: { effects }, approvers, ...(identity && { identity }) })
  const candidate = aCandidate(setting.candidate)
  const policy = aJudgingPolicy(setting.policy)
  const { name, identity: own, sampling, stop, versions } = candidate
  const task = { prompt: 'Be brief.', turns: [{ say: 'Please help.' }], tools: [] }
  const { events, finalState } = await runTrial(
    {
      key: { ...key, mode },
      seed: 7,
      layer: 'outcome',
      definitionHash: 'sha256:0',
      task,
      budgets: {},
      approvers: evalCase.approvers,
      identity: evalCase.identity,
    },
    { name, identity: own, sampling, stop, versions, logFields: [] },
    {
      world: startWorld(await prepareWorld(desk, new Map())),
      controls: createControls(candidate, policy),
      agent: builtInAgent({
        executor: {
          tier: 'default',
          reference: 'scripted:',
          model: '',
          provider: scripted(answers),
        },
      }),
      user: aScriptedUser(task),
      run: 'run-1',
      write: (event) => {
        const members = Object.entries(event)
        const body = members.filter(([name]) => name !== 'seq' && name !== 'tMs')
        eventBody.parse(Object.fromEntries(body))
      },
      signal: new AbortController().signal,
    },
  )
  const graders = await prepareGraders(evalCase, judgedApprovals(policy))
  const graded = gradeTrial({ graders, events, finalState })
  return {
    line: trialLine.parse(summariseTrial({ ...key, mode }, graded, events)),
    state: finalState as JsonObject,
    ...views(events),
  }
}

function views(events: readonly TraceEvent[]): Pick<Controlled, 'of' | 'told'> {
  const of: Controlled['of'] = (type) => events.filter((event) => event.type === type) as never
  return { of, told: of('tool.result').map(({ error }) => error?.code ?? 'ok') }
}
