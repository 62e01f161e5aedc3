import type { Grade } from '../schema/grade.ts'
import type { JsonValue } from '../schema/json.ts'
import type { Termination, TraceEvent } from '../schema/trace.ts'
import type { TrialLine } from '../schema/trial.ts'
import { hashOf } from '../text/hash.ts'
import { type RecordedCase, unrecorded } from './case-ledger.ts'
import { type CallStep, type ChatEvents, chatEvents } from './chat-events.ts'
import type { RecordedMessage } from './foreign-chat.ts'
import type { ImportedTrial } from './importer.ts'
import type { Notes } from './notes.ts'

/** What a recording says of how a run went. The reason of a lost run also explains its grade. */
export type RecordedOutcome =
  | { readonly outcome: 'pass' }
  | { readonly outcome: 'fail'; readonly reason: string }
  | { readonly outcome: 'invalid' | 'incomplete'; readonly reason: string }

interface RecordedRun {
  readonly case: RecordedCase & { readonly trial: number }
  readonly agent: string
  /** Real seeds are not recorded; this tells the trials of a case apart. */
  readonly seed: number
  readonly messages: readonly RecordedMessage[]
  readonly result: RecordedOutcome
  readonly termination: Termination
  readonly attack?: TrialLine['attack']
  readonly elapsedMs?: number
}

/**
 * A recorded run as a trial: `tMs` is 0 throughout and the order of events is the recorded one,
 * because no format says when a message was sent. Counts that need the tools' effects or the
 * controls' decisions are 0, and no judging policy was applied: there is no `violations`.
 */
export function importedTrial(run: RecordedRun, notes: Notes): ImportedTrial {
  const chat = chatEvents(run.messages)
  for (const oddity of chat.oddities) notes.add(oddity)
  const { trial, ...planned } = run.case
  const { result, attack, elapsedMs } = run
  return {
    events: traceOf(run, chat.events),
    trial: {
      case: planned.id,
      trial,
      attempt: 1,
      mode: 'enforce',
      seed: run.seed,
      layer: planned.layer,
      cluster: planned.cluster,
      definitionHash: planned.definitionHash,
      outcome: result.outcome,
      ...(isLost(result) && { outcomeReason: result.reason }),
      termination: run.termination,
      grades: [recordedGrade(result)],
      ...(attack !== undefined && { attack }),
      path: chat.calls.map(pathStep),
      trajectoryHash: hashOf(trajectoryOf(chat, run.termination)),
      costByRole: {},
      modelCalls: chat.modelCalls,
      toolCalls: chat.calls.length,
      ...(elapsedMs !== undefined && { elapsedMs }),
      counts: {
        writesProposed: 0,
        schemaErrors: 0,
        toolErrors: chat.calls.filter((call) => call.status === 'error').length,
        repeatedReads: 0,
        blocked: 0,
        escalations: 0,
        approvals: 0,
        policyErrors: 0,
        overrides: 0,
        approvalTimeouts: 0,
        modified: 0,
        alerts: 0,
        reviews: 0,
      },
    },
  }
}

function traceOf(
  { case: planned, agent, seed, result, termination, elapsedMs = 0 }: RecordedRun,
  chat: ChatEvents['events'],
): readonly TraceEvent[] {
  const { layer, definitionHash } = planned
  return [
    {
      type: 'trial.start' as const,
      layer,
      seed,
      mode: 'enforce' as const,
      definitionHash,
      clock: unrecorded,
      agent: { name: agent, principal: unrecorded },
    },
    ...chat,
    {
      type: 'trial.end' as const,
      termination,
      ...(isLost(result) && { message: result.reason }),
      elapsedMs,
    },
  ].map((body, seq) => ({ ...body, seq, tMs: 0 }))
}

/** The same marks as in trials of ours. */
function pathStep({ tool, status }: CallStep): string {
  return status === 'ok' ? tool : `${tool}!${status}`
}

/** What the agent did and said and how it ended, as for trials of ours. */
function trajectoryOf({ calls, replies }: ChatEvents, termination: Termination): JsonValue {
  return {
    calls: calls.map(({ tool, args, status }) => ({ tool, args, status })),
    replies: replies.map(({ turn, text }) => ({ turn, text })),
    termination,
  }
}

function isLost(
  result: RecordedOutcome,
): result is Extract<RecordedOutcome, { outcome: 'invalid' | 'incomplete' }> {
  return result.outcome === 'invalid' || result.outcome === 'incomplete'
}

function recordedGrade(result: RecordedOutcome): Grade {
  const grader = 'recorded'
  if (result.outcome === 'pass') return { grader, status: 'pass' }
  if (result.outcome === 'fail') {
    return { grader, status: 'fail', reason: result.reason, events: [] }
  }
  return { grader, status: 'unscored', reason: result.reason }
}
