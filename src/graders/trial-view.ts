import type { EvalCase } from '../schema/case.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'
import { textOf } from '../schema/message.ts'
import type { Effect, RiskTier } from '../schema/names.ts'
import type { EventOf, StateChange, TraceEvent } from '../schema/trace.ts'

/** One proposed call with everything that happened to it. */
export interface CallView {
  readonly callId: string
  /** Sequence number of its `tool.proposed`. */
  readonly seq: number
  readonly turn: number
  /** The model request whose answer proposed it: call B knew the result of A iff A's is smaller. */
  readonly ordinal: number
  readonly tool: string
  readonly args: JsonObject
  readonly reason: string | undefined
  readonly schemaErrors: readonly string[]
  readonly tier: RiskTier | undefined
  /** `undefined`: no such tool. */
  readonly effect: Effect | undefined
  /** `unfinished`: the trial ended before its result. */
  readonly status: 'ok' | 'error' | 'blocked' | 'unfinished'
  /** It did something, of its own: not the stored result of an earlier call with the same key. */
  readonly executed: boolean
  /** Executed, and the world is no longer what it was: a write, also one whose answer got lost. */
  readonly tookEffect: boolean
  readonly repeated: boolean
  /** What came back, where the model was allowed to see it. */
  readonly value: JsonValue | undefined
  readonly error: EventOf<'tool.result'>['error']
  readonly changes: readonly StateChange[]
  /** What the candidate's own controls said. */
  readonly controls: readonly EventOf<'policy.decision'>[]
  /** What the eval set's judging policy said; never enforced. */
  readonly judging: readonly EventOf<'policy.decision'>[]
  readonly approvals: readonly EventOf<'approval'>[]
  readonly resultSeq: number | undefined
  /** The model was asked again after the result came in. */
  readonly delivered: boolean
}

/** Words of the agent to the user, also those that stand next to tool calls. */
export interface ReplyView {
  readonly turn: number
  readonly text: string
  readonly seq: number
  /** The model request that it answers; -1 before the first. */
  readonly ordinal: number
}

/** One request that the agent made of a model. */
interface RequestView {
  readonly seq: number
  /** The candidate's tier that it went to; `undefined` where nobody recorded it. */
  readonly tier: string | undefined
}

/** One trial as graders see it: its events read once, each fact under the call it belongs to. */
export interface TrialView {
  readonly case: EvalCase
  readonly start: EventOf<'trial.start'> | undefined
  readonly calls: readonly CallView[]
  readonly requests: readonly RequestView[]
  /** What somebody received; withheld replies are in `withheldReplies`. */
  readonly replies: readonly ReplyView[]
  readonly withheldReplies: readonly ReplyView[]
  /** Decisions about replies, by the ordinal in their `reply-<ordinal>`. */
  readonly replyDecisions: ReadonlyMap<number, readonly EventOf<'policy.decision'>[]>
  /** User messages that the model was asked about. */
  readonly heard: readonly { readonly text: string; readonly seq: number }[]
  /** `undefined`: the trial was cut off. */
  readonly end: EventOf<'trial.end'> | undefined
  /** The world after the last event. */
  readonly state: JsonValue
}

interface CallDraft {
  readonly proposed: EventOf<'tool.proposed'>
  readonly decisions: EventOf<'policy.decision'>[]
  readonly approvals: EventOf<'approval'>[]
  result: EventOf<'tool.result'> | undefined
}

interface Reading {
  readonly calls: CallDraft[]
  readonly requests: RequestView[]
  /** The latest call of each id: models reuse ids from one answer to the next. */
  readonly byId: Map<string, CallDraft>
  readonly replyDecisions: Map<number, EventOf<'policy.decision'>[]>
  readonly replies: ReplyView[]
  readonly withheldReplies: ReplyView[]
  readonly userMessages: { readonly text: string; readonly seq: number }[]
  start: EventOf<'trial.start'> | undefined
  end: EventOf<'trial.end'> | undefined
  ordinal: number
  lastRequestSeq: number
}

/** What the events of a trial show by themselves: also where nobody knows its case or its world. */
export type TalkView = Omit<TrialView, 'case' | 'state'>

/** Reads a trial's events into one view, in one pass. Judges nothing. */
export function viewTrial(trial: {
  readonly case: EvalCase
  readonly events: readonly TraceEvent[]
  readonly finalState: JsonValue
}): TrialView {
  return { case: trial.case, state: trial.finalState, ...viewEvents(trial.events) }
}

export function viewEvents(events: readonly TraceEvent[]): TalkView {
  const reading: Reading = {
    calls: [],
    requests: [],
    byId: new Map(),
    replyDecisions: new Map(),
    replies: [],
    withheldReplies: [],
    userMessages: [],
    start: undefined,
    end: undefined,
    ordinal: -1,
    lastRequestSeq: -1,
  }
  for (const event of events) {
    readTalk(reading, event)
    readAction(reading, event)
  }
  return {
    start: reading.start,
    calls: reading.calls.map((draft) => callView(draft, reading.lastRequestSeq)),
    requests: reading.requests,
    replies: reading.replies,
    withheldReplies: reading.withheldReplies,
    replyDecisions: reading.replyDecisions,
    heard: reading.userMessages.filter((message) => message.seq < reading.lastRequestSeq),
    end: reading.end,
  }
}

function readTalk(reading: Reading, event: TraceEvent): void {
  if (event.type === 'message') readMessage(reading, event)
  else if (event.type === 'trial.start') reading.start = event
  else if (event.type === 'trial.end') reading.end = event
  else if (event.type === 'model.request' && event.role === 'agent') {
    reading.ordinal = event.ordinal
    reading.lastRequestSeq = event.seq
    reading.requests.push({ seq: event.seq, tier: event.tier })
  }
}

function readMessage(reading: Reading, event: EventOf<'message'>): void {
  const text = textOf(event.content)
  if (text.trim() === '') return
  if (event.role === 'user') reading.userMessages.push({ text, seq: event.seq })
  if (event.role !== 'assistant') return
  const replies = event.withheld === true ? reading.withheldReplies : reading.replies
  replies.push({ turn: event.turn, text, seq: event.seq, ordinal: reading.ordinal })
}

function readAction(reading: Reading, event: TraceEvent): void {
  if (event.type === 'tool.proposed') {
    const draft: CallDraft = { proposed: event, decisions: [], approvals: [], result: undefined }
    reading.calls.push(draft)
    reading.byId.set(event.callId, draft)
  } else if (event.type === 'policy.decision') readDecision(reading, event)
  else if (event.type === 'approval') reading.byId.get(event.callId)?.approvals.push(event)
  else if (event.type === 'tool.result') {
    const draft = reading.byId.get(event.callId)
    if (draft !== undefined) draft.result ??= event
  }
}

function readDecision(reading: Reading, event: EventOf<'policy.decision'>): void {
  const call = reading.byId.get(event.callId)
  if (call !== undefined) {
    call.decisions.push(event)
    return
  }
  const ordinal = /^reply-(\d{1,9})$/.exec(event.callId)?.[1]
  if (ordinal === undefined) return
  const decisions = reading.replyDecisions.get(Number(ordinal))
  if (decisions === undefined) reading.replyDecisions.set(Number(ordinal), [event])
  else decisions.push(event)
}

function callView(draft: CallDraft, lastRequestSeq: number): CallView {
  const { callId, seq, turn, ordinal, tool, args, reason, schemaErrors, tier, effect } =
    draft.proposed
  return {
    callId,
    seq,
    turn,
    ordinal,
    tool,
    args,
    reason,
    schemaErrors,
    tier,
    effect,
    ...outcomeOf(draft),
    controls: draft.decisions.filter((said) => said.source !== 'judging'),
    judging: draft.decisions.filter((said) => said.source === 'judging'),
    approvals: draft.approvals,
    delivered: draft.result !== undefined && draft.result.seq < lastRequestSeq,
  }
}

type CallOutcome = Pick<
  CallView,
  'status' | 'executed' | 'tookEffect' | 'repeated' | 'value' | 'error' | 'changes' | 'resultSeq'
>

const unfinished: CallOutcome = {
  status: 'unfinished',
  executed: false,
  tookEffect: false,
  repeated: false,
  value: undefined,
  error: undefined,
  changes: [],
  resultSeq: undefined,
}

/**
 * What became of a call. `executed` in the trace says that it succeeded; a write that was applied
 * before its answer got lost is an error there, but its changes show that it happened.
 */
function outcomeOf({ proposed, result }: CallDraft): CallOutcome {
  if (result === undefined) return unfinished
  const { status, changes, error, repeated = false } = result
  const executed = !repeated && (result.executed || changes.length > 0)
  return {
    status,
    executed,
    tookEffect: executed && (proposed.effect !== 'read' || changes.length > 0),
    repeated,
    value: status === 'ok' ? result.value : undefined,
    error,
    changes,
    resultSeq: result.seq,
  }
}

/** A call that would have changed something, had it run; whatever became of it. */
export function isWriteProposal(call: CallView): boolean {
  return call.effect === 'write' || call.effect === 'external'
}

/** The candidate's own controls handed the call to a human: no violation, and no error either. */
export function wasHandedOver(call: CallView): boolean {
  if (call.approvals.length > 0) return true
  const enforced = call.controls.filter((said) => said.enforced).map((said) => said.decision)
  return enforced.includes('escalate') && !enforced.includes('deny')
}
