import { textOf } from '../schema/message.ts'
import type { EventOf, TraceEvent } from '../schema/trace.ts'
import type { CallView, ReplyView, RequestView, TalkView } from './trial-view.ts'

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
  readonly votes: EventOf<'judge.vote'>[]
  start: EventOf<'trial.start'> | undefined
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
    replyDecisions: new Map(),
    replies: [],
    withheldReplies: [],
    userMessages: [],
    votes: [],
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
    told: reading.userMessages,
    heard: reading.userMessages.filter((message) => message.seq < reading.lastRequestSeq),
    votes: reading.votes,
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
    const draft: CallDraft = { proposed: event, decisions: [], approvals: [], result: undefined }
    reading.calls.push(draft)
    reading.byId.set(event.callId, draft)
  } else if (event.type === 'policy.decision') readDecision(reading, event)
  else if (event.type === 'approval') reading.byId.get(event.callId)?.approvals.push(event)
  else if (event.type === 'tool.result') {
    const draft = reading.byId.get(event.callId)
    if (draft !== undefined) draft.result ??= event
  } else if (event.type === 'judge.vote') reading.votes.push(event)
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
