import type { RuleDecision } from '../../src/schema/control-events.ts'
import type { JsonObject, JsonValue } from '../../src/schema/json.ts'
import type { Part } from '../../src/schema/message.ts'
import type { Effect, RiskTier } from '../../src/schema/names.ts'
import {
  type EventBody,
  type EventOf,
  eventBody,
  type StateChange,
  type Termination,
  type TraceEvent,
} from '../../src/schema/trace.ts'

/** What may be said of a call besides its tool and arguments. Left out: a read that succeeded. */
export interface CallFacts {
  readonly effect?: Effect | 'unknown'
  readonly tier?: RiskTier
  readonly reason?: string
  readonly schemaErrors?: readonly string[]
  readonly rawArgs?: string
  readonly status?: 'ok' | 'error' | 'blocked' | 'unfinished'
  readonly executed?: boolean
  readonly repeated?: boolean
  readonly value?: JsonValue
  readonly error?: { readonly code: string; readonly message: string }
  readonly changes?: readonly StateChange[]
  /** Changes that were made although the call came back as an error. */
  readonly lostChanges?: readonly StateChange[]
  readonly costUsd?: number
  readonly controls?: readonly Partial<EventOf<'policy.decision'>>[]
  /** Rules of the judging policy, as one recorded decision. */
  readonly judging?: readonly Partial<RuleDecision>[]
  readonly approvals?: readonly Partial<EventOf<'approval'>>[]
  readonly callId?: string
}

export interface CallStep extends CallFacts {
  readonly call: string
  readonly args: JsonObject
}

export interface SayStep {
  readonly say: string
  readonly withheld?: boolean
  /** What the judging policy said of this reply. */
  readonly judging?: readonly Partial<RuleDecision>[]
}

/** One answer of the model: calls, words, or both at once. */
export type Step = CallStep | SayStep | readonly (CallStep | SayStep)[]

export function call(tool: string, args: JsonObject = {}, facts: CallFacts = {}): CallStep {
  return { ...facts, call: tool, args }
}

/** A write that happened, and set one place in the state. */
export function write(tool: string, args: JsonObject, facts: CallFacts = {}): CallStep {
  const changes: readonly StateChange[] = [
    { op: 'replace', path: '/orders/O-1/refunded_cents', value: 4200, from: 0 },
  ]
  return { effect: 'write', changes, ...facts, call: tool, args }
}

export function say(text: string, facts: Omit<SayStep, 'say'> = {}): SayStep {
  return { ...facts, say: text }
}

/**
 * The events of one trial, as the agent loop records them. Every element of `steps` is one answer
 * of the model; an answer without calls ends the turn, and the next of `asks` follows.
 */
export function aTrace(trial: {
  readonly steps?: readonly Step[]
  readonly asks?: readonly string[]
  /** `false`: the trial was cut off. */
  readonly end?:
    | Termination
    | { readonly termination: Termination; readonly message?: string }
    | false
  readonly costUsd?: number | 'unknown'
  /** The tier of each model request; without it nobody recorded one. */
  readonly tiers?: readonly (string | undefined)[]
}): readonly TraceEvent[] {
  const events: TraceEvent[] = []
  const record: Record = (body) => {
    events.push({ ...eventBody.parse(body), seq: events.length, tMs: events.length * 10 })
  }
  record({
    type: 'trial.start',
    layer: 'outcome',
    seed: 7,
    mode: 'enforce',
    definitionHash: 'sha256:0',
    clock: '2026-09-30T10:00:00Z',
    agent: { name: 'support', principal: 'agent' },
  })
  record({
    type: 'message',
    role: 'system',
    turn: 0,
    content: [{ type: 'text', text: 'Be brief.' }],
  })
  recordTalk(record, trial)
  if (trial.end === false) return events
  const end = typeof trial.end === 'object' ? trial.end : { termination: trial.end ?? 'done' }
  record({ type: 'trial.end', ...end, elapsedMs: events.length * 10 })
  return events
}

type Record = (body: EventBody) => void

function recordTalk(
  record: Record,
  {
    asks = ['Please refund order O-1.'],
    steps = [],
    costUsd = 0.01,
    tiers = [],
  }: Parameters<typeof aTrace>[0],
): void {
  let turn = 0
  const ask = (): void => {
    const text = asks[turn]
    if (text === undefined) return
    turn += 1
    record({ type: 'message', role: 'user', turn, content: [{ type: 'text', text }] })
  }
  ask()
  for (const [ordinal, step] of steps.entries()) {
    const answer = isAnswer(step) ? step : [step]
    recordAnswer(record, answer, { turn, ordinal, costUsd, tier: tiers[ordinal] })
    if (!answer.some((part) => 'call' in part)) ask()
  }
}

function isAnswer(step: Step): step is readonly (CallStep | SayStep)[] {
  return Array.isArray(step)
}

function recordAnswer(
  record: Record,
  answer: readonly (CallStep | SayStep)[],
  {
    turn,
    ordinal,
    costUsd,
    tier,
  }: { turn: number; ordinal: number; costUsd: number | 'unknown'; tier: string | undefined },
): void {
  record({
    type: 'model.request',
    role: 'agent',
    ordinal,
    model: 'small',
    ...(tier !== undefined && { tier }),
    messages: ordinal + 2,
  })
  record({
    type: 'model.response',
    role: 'agent',
    ordinal,
    modelRequested: 'small',
    modelServed: 'small',
    stopReason: answer.some((part) => 'call' in part) ? 'tool_calls' : 'end',
    usage: { inputTokens: 100, outputTokens: 10 },
    ...(costUsd !== 'unknown' && { costUsd }),
    latencyMs: 400,
    retries: 0,
    from: 'reference',
  })
  const judging = answer.flatMap((part) => ('say' in part ? (part.judging ?? []) : []))
  if (judging.length > 0) recordJudging(record, `reply-${ordinal}`, judging)
  const withheld = answer.some((part) => 'say' in part && part.withheld === true)
  const content = answer.map((part, index) => contentPart(part, `call-${ordinal}-${index}`))
  record({ type: 'message', role: 'assistant', turn, content, ...(withheld && { withheld }) })
  for (const [index, part] of answer.entries()) {
    if ('call' in part)
      recordCall(record, part, { callId: `call-${ordinal}-${index}`, turn, ordinal })
  }
}

function contentPart(part: CallStep | SayStep, callId: string): Part {
  if ('say' in part) return { type: 'text', text: part.say }
  return { type: 'tool_call', callId: part.callId ?? callId, tool: part.call, args: part.args }
}

function recordCall(
  record: Record,
  step: CallStep,
  place: { callId: string; turn: number; ordinal: number },
): void {
  const callId = step.callId ?? place.callId
  recordProposal(record, step, { ...place, callId })
  for (const said of step.controls ?? []) {
    const fallback = { source: 'policy', decision: 'allow', enforced: true } as const
    record({ ...fallback, ...said, type: 'policy.decision', callId, rules: said.rules ?? [] })
  }
  if (step.judging !== undefined) recordJudging(record, callId, step.judging)
  for (const said of step.approvals ?? []) {
    const fallback = { principal: 'ana', decision: 'approve', latencyMs: 0 } as const
    record({ ...fallback, ...said, type: 'approval', callId })
  }
  if (step.status !== 'unfinished') recordResult(record, step, callId)
}

function recordProposal(
  record: Record,
  { args, effect = 'read', rawArgs, reason, schemaErrors = [], tier, call: tool }: CallStep,
  place: { callId: string; turn: number; ordinal: number },
): void {
  const known = effect !== 'unknown' && { effect, tier: tier ?? (effect === 'read' ? 0 : 2) }
  record({
    type: 'tool.proposed',
    ...place,
    tool,
    args,
    ...(rawArgs !== undefined && { rawArgs }),
    ...(reason !== undefined && { reason }),
    schemaErrors: [...schemaErrors],
    ...known,
    log: {},
  })
}

/** A call that failed or was blocked changed nothing, unless the test says that it did. */
function recordResult(record: Record, step: CallStep, callId: string): void {
  const { status, executed, changes, costUsd } = withDefaults(step)
  const { call: tool, error = { code: 'refused', message: 'refused' }, repeated } = step
  record({
    type: 'tool.result',
    callId,
    tool,
    status,
    executed,
    origin: executed ? 'world' : 'control',
    ...(status === 'ok' ? { value: step.value ?? { ok: true } } : { error }),
    ...(repeated === true && { repeated }),
    changes: [...changes],
    latencyMs: 100,
    ...(costUsd !== undefined && { costUsd }),
  })
}

function withDefaults(step: CallStep): {
  status: 'ok' | 'error' | 'blocked'
  executed: boolean
  changes: readonly StateChange[]
  costUsd: number | undefined
} {
  const { changes = [], costUsd, lostChanges = [], repeated = false } = step
  const status = statusOf(step)
  const executed = step.executed ?? status === 'ok'
  return { status, executed, changes: executed && !repeated ? changes : lostChanges, costUsd }
}

function statusOf({
  effect,
  error,
  schemaErrors = [],
  status,
}: CallStep): 'ok' | 'error' | 'blocked' {
  if (status === 'blocked' || status === 'error') return status
  return error !== undefined || effect === 'unknown' || schemaErrors.length > 0 ? 'error' : 'ok'
}

function recordJudging(
  record: Record,
  callId: string,
  rules: readonly Partial<RuleDecision>[],
): void {
  const decided = rules.map((rule) => ({
    id: 'rule',
    decision: 'allow' as const,
    reason: 'r',
    ...rule,
  }))
  const decisions = decided.map((rule) => rule.decision)
  const overall = (['deny', 'escalate'] as const).find((decision) => decisions.includes(decision))
  record({
    type: 'policy.decision',
    callId,
    source: 'judging',
    decision: overall ?? 'allow',
    enforced: false,
    rules: decided,
  })
}
