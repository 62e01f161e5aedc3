import type { JsonObject, JsonValue } from '../schema/json.ts'
import { textOf } from '../schema/message.ts'
import type { EventOf, TraceEvent } from '../schema/trace.ts'
import {
  endWords,
  readWords,
  readWordsDecision,
  startWords,
  type WordsReading,
} from './read-words.ts'
import type { CallView, ReplyView, RequestView, TalkView } from './trial-view.ts'

interface CallDraft {
  readonly proposed: EventOf<'tool.proposed'>
  readonly decisions: EventOf<'policy.decision'>[]
  readonly approvals: EventOf<'approval'>[]
  ranSeq: number | undefined
  result: EventOf<'tool.result'> | undefined
}

interface Reading {
  readonly calls: CallDraft[]
  readonly requests: RequestView[]
  /** The latest call of each id: models reuse ids from one answer to the next. */
  readonly byId: Map<string, CallDraft>
  readonly words: WordsReading
  readonly replies: ReplyView[]
  readonly withheldReplies: ReplyView[]
  readonly userMessages: { readonly text: string; readonly seq: number }[]
  readonly votes: EventOf<'judge.vote'>[]
  start: EventOf<'trial.start'> | undefined
  fallback: TalkView['fallback']
  end: EventOf<'trial.end'> | undefined
  ordinal: number
  lastRequestSeq: number
}

/** Reads a trial's events in one pass. Judges nothing. */
export function viewEvents(events: readonly TraceEvent[]): TalkView {
  const reading: Reading = {
    calls: [],
    requests: [],
    byId: new Map(),
    words: startWords(),
    replies: [],
    withheldReplies: [],
    userMessages: [],
    votes: [],
    start: undefined,
    fallback: undefined,
    end: undefined,
    ordinal: -1,
    lastRequestSeq: -1,
  }
  for (const event of events) {
    readTalk(reading, event)
    readWords(reading.words, event)
    readAction(reading, event)
  }
  const decided = endWords(reading.words)
  return {
    start: reading.start,
    calls: reading.calls.map((draft) => callView(draft, reading.lastRequestSeq)),
    requests: reading.requests,
    replies: reading.replies,
    withheldReplies: reading.withheldReplies,
    decidedReplies: decided.replies,
    decidedLogs: decided.logs,
    told: reading.userMessages,
    heard: reading.userMessages.filter((message) => message.seq < reading.lastRequestSeq),
    votes: reading.votes,
    fallback: reading.fallback,
    end: reading.end,
  }
}

function readTalk(reading: Reading, event: TraceEvent): void {
  if (event.type === 'message') readMessage(reading, event)
  else if (event.type === 'trial.start') reading.start = event
  else if (event.type === 'trial.end') reading.end = event
  else if (event.type === 'fallback') reading.fallback ??= event.why
  else if (event.type === 'model.request' && event.role === 'agent') {
    reading.ordinal = event.ordinal
    reading.lastRequestSeq = event.seq
    reading.requests.push({ seq: event.seq, tier: event.tier })
  } else if (event.type === 'handover') {
    reading.ordinal = event.ordinal
    reading.lastRequestSeq = event.seq
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
    const draft: CallDraft = { proposed: event, decisions: [], approvals: [], ...notRun }
    reading.calls.push(draft)
    reading.byId.set(event.callId, draft)
  } else if (event.type === 'policy.decision') readDecision(reading, event)
  else if (event.type === 'approval') reading.byId.get(event.callId)?.approvals.push(event)
  else if (event.type === 'budget') readCharge(reading, event)
  else if (event.type === 'tool.result') {
    const draft = reading.byId.get(event.callId)
    if (draft !== undefined) draft.result ??= event
  } else if (event.type === 'judge.vote') reading.votes.push(event)
}

const notRun = { ranSeq: undefined, result: undefined }

/** Calls come one after the other, so that what tools cost is of the one that has no result yet. */
function readCharge(reading: Reading, { role, seq }: EventOf<'budget'>): void {
  const draft = reading.calls.at(-1)
  if (role === 'tools' && draft !== undefined && draft.result === undefined) draft.ranSeq ??= seq
}

function readDecision(reading: Reading, event: EventOf<'policy.decision'>): void {
  if (readWordsDecision(reading.words, event)) return
  reading.byId.get(event.callId)?.decisions.push(event)
}

/** Member by member: each spread would cost as much as all the rest. */
function callView(draft: CallDraft, lastRequestSeq: number): CallView {
  const { approvals, decisions, proposed, ranSeq, result } = draft
  const { callId, seq, turn, ordinal, tool, args, reason, schemaErrors, tier, effect } = proposed
  const view: { -readonly [Key in keyof CallView]: CallView[Key] } = {
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
    controls: decisions.filter((said) => said.source !== 'judging'),
    judging: decisions.filter((said) => said.source === 'judging'),
    approvals,
    delivered: result !== undefined && result.seq < lastRequestSeq,
  }
  const passedArgs = argsPassed(draft)
  if (passedArgs !== undefined) view.passedArgs = passedArgs
  if (ranSeq !== undefined) view.ranSeq = ranSeq
  if (proposed.tenant !== undefined) view.tenant = proposed.tenant
  if (proposed.usd !== undefined) view.usd = proposed.usd
  return view
}

/**
 * The arguments that a control put in place of others, of a call that then went on to the world. What
 * stands behind the running of the tool changed its result; of a tool that took no time, only what the
 * judging policy was asked about anew is known to be about the arguments.
 */
function argsPassed({ decisions, ranSeq, result }: CallDraft): JsonObject | undefined {
  if (result?.origin === 'control') return undefined
  const end = ranSeq ?? decisions.find(({ ofModified }) => ofModified === true)?.seq ?? 0
  const changed = decisions.findLast(
    ({ enforced, modified, seq }) => enforced && modified !== undefined && seq < end,
  )
  return isObject(changed?.modified) ? changed.modified : undefined
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
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
