import { createControls, type PolicyEngines } from '../../src/controls/controls.ts'
import { compilePattern, type Pattern } from '../../src/expr/pattern.ts'
import type {
  ModelFailure,
  ModelRequest,
  ModelResponse,
  Provider,
} from '../../src/providers/provider.ts'
import { builtInAgent } from '../../src/replay/agent-loop.ts'
import type { Books } from '../../src/replay/recorder.ts'
import { runTrial } from '../../src/replay/run-trial.ts'
import { scriptedUser } from '../../src/replay/scripted-user.ts'
import type { TrialAgent } from '../../src/replay/trial-agent.ts'
import type { AgentSettings, FinishedTrial, TrialPlan } from '../../src/replay/trial-plan.ts'
import type { UserSide } from '../../src/replay/user-side.ts'
import type { Candidate } from '../../src/schema/candidate.ts'
import type { UserTurn } from '../../src/schema/case.ts'
import type { JsonObject, JsonValue } from '../../src/schema/json.ts'
import type { Part, Task, ToolCallPart } from '../../src/schema/message.ts'
import { type JudgingPolicy, type PolicyRule, policyRule } from '../../src/schema/policy.ts'
import {
  type Charge,
  type EventBody,
  type EventOf,
  eventBody,
  type TraceEvent,
} from '../../src/schema/trace.ts'
import { world } from '../../src/schema/world.ts'
import { type PreparedWorld, prepareWorld } from '../../src/world/prepare-world.ts'
import { type StartOptions, startWorld } from '../../src/world/start-world.ts'
import { aCandidate, aJudgingPolicy } from '../builders/candidate.ts'

const shop = world.parse({
  clock: '2026-01-05T09:00:00Z',
  state: {
    tickets: { 'T-1': 'Where is my order? bob@example.com' },
    refunds: [],
    desk: [],
    total: 0,
  },
  tools: {
    'crm.read': {
      description: 'Reads a ticket.',
      risk_tier: 0,
      effect: 'read',
      input: { type: 'object' },
      returns: { body: '=state.tickets["T-1"]' },
      latency_ms: 100,
    },
    'crm.clock': {
      description: 'Tells the time.',
      risk_tier: 0,
      effect: 'read',
      input: { type: 'object' },
      returns: '=now',
    },
    'crm.search': {
      description: 'Gives back what it is asked for.',
      risk_tier: 0,
      effect: 'read',
      input: { type: 'object' },
      returns: '=args.found',
    },
    'desk.open': {
      description: 'Opens a ticket for a person.',
      risk_tier: 1,
      effect: 'write',
      input: {
        type: 'object',
        properties: { order: { type: 'string' }, note: { type: 'string' } },
        required: ['order'],
        additionalProperties: false,
      },
      change: [{ op: 'append', path: '/desk', value: '=args' }],
      returns: { opened: true },
      latency_ms: 50,
    },
    'pay.refund': {
      description: 'Pays money back.',
      risk_tier: [{ when: 'args.amount <= 50', tier: 2 }, { tier: 3 }],
      effect: 'write',
      input: {
        type: 'object',
        properties: { amount: { type: 'number' }, key: { type: 'string' } },
        required: ['amount'],
        additionalProperties: false,
      },
      guards: [{ require: 'args.amount > 0', error: 'not_positive' }],
      change: [
        { op: 'inc', path: '/total', value: '=args.amount' },
        { op: 'append', path: '/refunds', value: '=args.amount' },
      ],
      returns: { total: '=state.total' },
      idempotency: 'key',
      latency_ms: 400,
      cost_usd: 0.25,
    },
    'acct.close': {
      description: 'Closes the account for good.',
      risk_tier: 4,
      effect: 'write',
      input: { type: 'object' },
      change: [{ op: 'set', path: '/closed', value: true }],
      returns: { closed: true },
    },
  },
})

let prepared: Promise<PreparedWorld> | undefined

export function call(
  tool: string,
  args: ToolCallPart['args'] = {},
  more: Partial<ToolCallPart> = {},
): ToolCallPart {
  const callId = more.callId ?? `${tool}-${JSON.stringify(args)}`
  return { type: 'tool_call', tool, args, ...more, callId }
}

/** What a scripted model does next. Text stands for a reply; it is asked no further than its script. */
export type Answer =
  | string
  | readonly Part[]
  | (Partial<ModelResponse> & { readonly content: readonly Part[] })
  | { readonly error: ModelFailure }

/** A model that plays a script, and remembers what it was asked. */
export function scripted(
  answers: readonly Answer[] | ((request: ModelRequest) => Answer),
): Provider & { readonly asked: ModelRequest[] } {
  const asked: ModelRequest[] = []
  return {
    asked,
    complete(request) {
      asked.push({ ...request, messages: [...request.messages] })
      const answer = typeof answers === 'function' ? answers(request) : answers[request.ordinal]
      if (answer === undefined) throw new Error(`request ${request.ordinal} is not in the script`)
      if (typeof answer === 'object' && 'error' in answer) {
        return Promise.resolve({ ok: false, error: answer.error })
      }
      return Promise.resolve({ ok: true, response: aResponse(answer) })
    },
  }
}

function aResponse(answer: Exclude<Answer, { readonly error: ModelFailure }>): ModelResponse {
  const content = typeof answer === 'string' ? [{ type: 'text' as const, text: answer }] : answer
  const written: Partial<ModelResponse> & Pick<ModelResponse, 'content'> =
    'content' in content ? content : { content }
  return {
    modelServed: 'scripted-1',
    stopReason: written.content.some((part) => part.type === 'tool_call') ? 'tool_calls' : 'end',
    usage: { inputTokens: 100, outputTokens: 10 },
    costUsd: 0.01,
    latencyMs: 1000,
    retries: 0,
    from: 'live',
    ...written,
  }
}

export interface TrialOptions {
  readonly plan?: Partial<TrialPlan>
  /** A turn that waits for nothing may stand as its words alone. */
  readonly turns?: readonly (string | UserTurn)[]
  readonly fallback?: string
  readonly input?: JsonObject
  /** Who talks in place of the turns, after the first of them. */
  readonly user?: UserSide
  /** Who acts in place of the built-in loop and its script. */
  readonly agent?: TrialAgent
  readonly candidate?: Partial<Parameters<typeof aCandidate>[0]>
  readonly rules?: readonly Partial<PolicyRule>[]
  readonly judging?: readonly Partial<PolicyRule>[]
  readonly judgingPolicy?: JudgingPolicy
  /** A call may be left without a result, because the trial's end cuts it off. */
  readonly cutsOff?: boolean
  /** Engines besides the inline rules. */
  readonly engines?: PolicyEngines
  readonly mode?: 'enforce' | 'observe'
  readonly signal?: AbortSignal
  readonly write?: (event: TraceEvent) => void
  /** What the world of this trial starts with. */
  readonly world?: StartOptions
}

export interface Ran extends FinishedTrial {
  readonly end: EventOf<'trial.end'>
  readonly of: <T extends EventBody['type']>(type: T) => readonly EventOf<T>[]
  readonly state: JsonObject
}

/** Runs a trial in the shop. Every event is checked against its schema. */
export async function run(
  answers: readonly Answer[] | Provider,
  options: TrialOptions = {},
): Promise<Ran> {
  prepared ??= prepareWorld(shop, new Map())
  const preparedWorld = await prepared
  const candidate = aCandidate({
    ...options.candidate,
    policy: { rules: rulesOf(options.rules) },
  })
  const judging = options.judgingPolicy ?? aJudgingPolicy({ rules: rulesOf(options.judging) })
  const written: TraceEvent[] = []
  const plan = aPlan(options)
  const finished = await runTrial(plan, settingsOf(candidate), {
    world: startWorld(preparedWorld, options.world),
    controls: createControls(candidate, judging, options.engines),
    agent:
      options.agent ??
      builtInAgent({
        executor: {
          tier: candidate.model_tier.executor,
          reference: 'scripted:scripted-1',
          model: 'scripted-1',
          provider: 'complete' in answers ? answers : scripted(answers),
        },
      }),
    user: options.user ?? aScriptedUser(plan.task),
    run: 'run-1',
    write: (event) => {
      written.push(event)
      options.write?.(event)
    },
    signal: options.signal ?? new AbortController().signal,
  })
  checkTrace(finished.events, written)
  checkCalls(finished.events, options)
  checkNotices(finished.events)
  return withViews(finished)
}

function rulesOf(rules: readonly Partial<PolicyRule>[] = []): PolicyRule[] {
  return rules.map((rule, index) => policyRule.parse({ id: `rule-${index}`, ...rule }))
}

/** The user of a task, as a prepared run would start it. */
export function aScriptedUser({ fallback, turns }: Pick<Task, 'fallback' | 'turns'>): UserSide {
  return scriptedUser({
    turns: turns.map(({ say, when }) => ({
      say,
      ...(when !== undefined && { when: aPattern(when) }),
    })),
    ...(fallback !== undefined && { fallback }),
  })
}

/** Where a user writes down what nobody reads. */
export const noBooks: Books = {
  record: (body) => ({ ...body, seq: 0, tMs: 0 }),
  charge: () => undefined,
}

export function aPattern(text: string): Pattern {
  const compiled = compilePattern(text)
  if (!compiled.ok) throw new Error(compiled.error)
  return compiled.pattern
}

function aPlan(options: TrialOptions): TrialPlan {
  const { fallback, input, mode = 'enforce', plan, turns = ['Please help.'] } = options
  const tools = Object.entries(shop.tools).map(([name, { description, input }]) => ({
    name,
    description,
    input,
  }))
  return {
    key: { case: 'refund.full', trial: 1, attempt: 1, mode },
    seed: 7,
    layer: 'outcome',
    definitionHash: 'sha256:0',
    task: {
      prompt: 'Be brief.',
      turns: turns.map((turn) => (typeof turn === 'string' ? { say: turn } : turn)),
      ...(fallback !== undefined && { fallback }),
      ...(input !== undefined && { input }),
      tools,
    },
    budgets: {},
    approvers: 'pending',
    ...plan,
  }
}

function settingsOf(candidate: Candidate): AgentSettings {
  const { budgets, fallback, identity, name, observability, sampling, stop, versions } = candidate
  const logFields = observability.log_fields
  const { dynamic, soft_share: softShare } = budgets
  return { name, identity, stop, sampling, logFields, versions, fallback, softShare, dynamic }
}

/** What holds of every trace, whatever the model did. */
function checkTrace(events: readonly TraceEvent[], written: readonly TraceEvent[]): void {
  if (JSON.stringify(events) !== JSON.stringify(written)) throw new Error('written in other order')
  let last = 0
  for (const [index, { seq, tMs, ...body }] of events.entries()) {
    const parsed = eventBody.parse(body)
    if (JSON.stringify(sorted(parsed)) !== JSON.stringify(sorted(body))) {
      throw new Error('lost in parsing')
    }
    if (seq !== index || tMs < last) throw new Error(`the place of event ${index}`)
    last = tMs
  }
}

/** Every call has an id of its own and one result; what is decided of it comes in between. */
function checkCalls(
  events: readonly TraceEvent[],
  { cutsOff }: Pick<TrialOptions, 'cutsOff'>,
): void {
  const open = new Set<string>()
  const ids = new Set<string>()
  for (const event of events) {
    if (event.type === 'tool.proposed') {
      if (ids.has(event.callId)) throw new Error(`call id ${event.callId} came twice`)
      ids.add(event.callId)
      open.add(event.callId)
    } else if ('callId' in event && !standsBeside(event)) {
      if (!open.has(event.callId)) throw new Error(`${event.type} of no open call`)
      if (event.type === 'tool.result') open.delete(event.callId)
    }
  }
  if (open.size > 0 && cutsOff !== true) throw new Error(`no result: ${[...open].join()}`)
}

/** What is about no call, or about one that has its result. */
function standsBeside({ callId, type }: TraceEvent & { readonly callId: string }): boolean {
  return type === 'notice' || /^(?:reply-\d+$|log-)/.test(callId)
}

/** A notice comes right with the result of a call, which is charged in between. */
function checkNotices(events: readonly TraceEvent[]): void {
  for (const [index, event] of events.entries()) {
    if (event.type !== 'notice') continue
    const result = events.slice(0, index).findLast(({ type }) => type === 'tool.result')
    const isIts = result?.type === 'tool.result' && result.callId === event.callId
    if (!isIts) throw new Error(`a notice with no result: ${event.text}`)
  }
}

/** Whatever the order of its keys; without `__proto__`, which zod leaves out of what it reads. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  const members = Object.entries(value).filter(
    ([key, member]) => member !== undefined && key !== '__proto__',
  )
  return members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)])
}

function withViews(finished: FinishedTrial): Ran {
  const of: Ran['of'] = (type) => finished.events.filter((event) => event.type === type) as never
  const [end] = of('trial.end')
  if (end === undefined || end !== finished.events.at(-1)) throw new Error('no end at the end')
  return { ...finished, end, of, state: finished.finalState as JsonObject }
}

/** The value that the model was given for each call, in order. */
export function told(ran: Ran): readonly JsonValue[] {
  return ran.of('tool.result').map((result) => result.error?.code ?? result.value ?? null)
}

/** The ledger's entries, one after the other. */
export function chargesOf(events: readonly EventOf<'budget'>[]): readonly Charge[] {
  return events.flatMap((event) => event.charges)
}
