import type { EvalCase } from '../schema/case.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'
import type { Effect, RiskTier } from '../schema/names.ts'
import type { EventOf, StateChange } from '../schema/trace.ts'

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
  /** The arguments with which it ran, where a control let it pass in another form. */
  readonly passedArgs?: JsonObject
  readonly reason: string | undefined
  readonly schemaErrors: readonly string[]
  readonly tier: RiskTier | undefined
  /** `undefined`: no such tool. */
  readonly effect: Effect | undefined
  /** Whose record it touches, and the dollars that it moves, where its tool says so. */
  readonly tenant?: string
  readonly usd?: number
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
  /** Where the tool's running was charged: decisions behind it are about the result. */
  readonly ranSeq?: number
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

/** How something that controls decided about got past them. */
export type Passage = 'as proposed' | 'modified' | 'withheld'

/** Words that controls decided about: a reply to the user, or a line of the agent's own log. */
export interface DecidedWords {
  /** Of the candidate's own controls and of the judging policy, also about the modified form. */
  readonly decisions: readonly EventOf<'policy.decision'>[]
  /** `withheld` also where the trial ended before anybody received them. */
  readonly passed: Passage
  /** A control withheld or changed them. */
  readonly isStopped: boolean
}

/** One request that the agent made of a model. */
export interface RequestView {
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
  /** Replies, and log lines, that some control had something to say about. */
  readonly decidedReplies: readonly DecidedWords[]
  readonly decidedLogs: readonly DecidedWords[]
  /** All user messages; of an import nobody knows when the model was asked. */
  readonly told: readonly { readonly text: string; readonly seq: number }[]
  /** User messages that the model was asked about. */
  readonly heard: readonly { readonly text: string; readonly seq: number }[]
  /** What a judge answered, in order; it stands after the trial's end. */
  readonly votes: readonly EventOf<'judge.vote'>[]
  /** Why the candidate's fallback took over; `undefined`: it did not. */
  readonly fallback: EventOf<'fallback'>['why'] | undefined
  /** `undefined`: the trial was cut off. */
  readonly end: EventOf<'trial.end'> | undefined
  /** The world after the last event. */
  readonly state: JsonValue
}

/** What the events of a trial show by themselves: also where nobody knows its case or its world. */
export type TalkView = Omit<TrialView, 'case' | 'state'>

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
