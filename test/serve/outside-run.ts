import { createControls } from '../../src/controls/controls.ts'
import { outsideAgent } from '../../src/replay/outside-agent.ts'
import type { Doors, OpenDoors } from '../../src/replay/outside-trial.ts'
import { runTrial } from '../../src/replay/run-trial.ts'
import { scriptedUser } from '../../src/replay/scripted-user.ts'
import type { FinishedTrial } from '../../src/replay/trial-plan.ts'
import type { Fallback } from '../../src/schema/candidate.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { policyRule } from '../../src/schema/policy.ts'
import { type EventBody, type EventOf, eventBody, type TraceEvent } from '../../src/schema/trace.ts'
import { world } from '../../src/schema/world.ts'
import { prepareWorld } from '../../src/world/prepare-world.ts'
import { startWorld } from '../../src/world/start-world.ts'
import { aCandidate, aJudgingPolicy } from '../builders/candidate.ts'
import { tickingClock } from './ticking-clock.ts'

const till = world.parse({
  clock: '2026-01-05T09:00:00Z',
  state: { orders: { 'O-1': { cents: 4200 } }, refunds: [] },
  tools: {
    'orders.get': {
      description: 'Looks an order up.',
      risk_tier: 0,
      effect: 'read',
      input: {
        type: 'object',
        properties: { id: { type: 'string', pattern: '^O-[0-9]+$' } },
        required: ['id'],
        additionalProperties: false,
      },
      returns: '=state.orders[args.id]',
    },
    'pay.refund': {
      description: 'Pays money back.',
      risk_tier: 2,
      effect: 'write',
      input: {
        type: 'object',
        properties: { id: { type: 'string' }, cents: { type: 'integer', minimum: 1 } },
        required: ['id', 'cents'],
      },
      change: [{ op: 'append', path: '/refunds', value: '=args.cents' }],
      returns: { paid: '=args.cents' },
    },
    'orders.ids': {
      description: 'All orders.',
      risk_tier: 0,
      effect: 'read',
      input: { type: 'object' },
      returns: ['O-1'],
    },
  },
})

export const tillTools = Object.entries(till.tools).map(([name, { description, input }]) => ({
  name,
  description,
  input,
}))

export interface OutsideRun extends FinishedTrial {
  readonly of: <T extends EventBody['type']>(type: T) => readonly EventOf<T>[]
  readonly state: JsonObject
}

export interface OutsideRunOptions {
  readonly budgets?: JsonObject
  readonly softShare?: number
  readonly modelOutageFrom?: number
  readonly fallback?: Fallback
  readonly write?: (event: TraceEvent) => void
}

let tokens = 0

/**
 * One trial with a till, whose agent is a function that knows its doors and nothing else. Refunds of
 * more than 50 dollars are denied by its policy.
 */
export async function runOutside(
  openDoors: OpenDoors,
  agent: (doors: Doors, words: string) => Promise<string>,
  options: OutsideRunOptions = {},
): Promise<OutsideRun> {
  const rule = { id: 'refund.cap', tool: 'pay.refund', condition: 'input.cents <= 5000' }
  const candidate = aCandidate({ policy: { rules: [policyRule.parse(rule)] } })
  const { identity, name, observability, sampling, stop, versions } = candidate
  const { budgets = {}, fallback, modelOutageFrom, softShare } = options
  const turns: Promise<void>[] = []
  const finished = await runTrial(
    {
      key: { case: 'refund.full', trial: 1, attempt: 1, mode: 'enforce' },
      seed: 7,
      layer: 'outcome',
      definitionHash: 'sha256:0',
      task: { prompt: 'Be brief.', turns: [{ say: 'Refund O-1.' }], tools: tillTools },
      budgets,
      approvers: 'pending',
      modelOutageFrom,
    },
    {
      name,
      identity,
      stop,
      sampling,
      logFields: observability.log_fields,
      versions,
      fallback,
      softShare,
    },
    {
      world: startWorld(await prepareWorld(till, new Map())),
      controls: createControls(candidate, aJudgingPolicy({})),
      user: scriptedUser({ turns: [{ say: 'Refund O-1.' }] }),
      run: 'run-1',
      write: ({ seq, tMs, ...body }) => {
        eventBody.parse(body)
        options.write?.({ ...body, seq, tMs })
      },
      signal: new AbortController().signal,
      agent: outsideAgent({
        clock: tickingClock(),
        token: () => `token-${(tokens += 1)}`,
        timeoutMs: 60_000,
        open(session) {
          const doors = openDoors(session.trial)
          return {
            takeTurn: async (task) => {
              turns.push(
                agent(doors, task.conversation.at(-1)?.text ?? '').then(
                  session.reply,
                  (error: unknown) => {
                    session.fail(String(error))
                  },
                ),
              )
            },
            leave: doors.close,
          }
        },
      }),
    },
  )
  // The trial may be over before its agent is.
  await Promise.all(turns)
  const of: OutsideRun['of'] = (type) => finished.events.filter((e) => e.type === type) as never
  return { ...finished, of, state: finished.finalState as JsonObject }
}
