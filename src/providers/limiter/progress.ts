import type { FailedAttempt } from '../../schema/model-answer.ts'
import type { AttemptReply, ModelFailure, ModelReply } from '../provider.ts'
import { kindOfFailure } from './outcome-kinds.ts'
import type { FailureCounts } from './retry-delay.ts'

/** What became of one request until now. */
export interface Progress {
  readonly counts: FailureCounts
  readonly attempts: readonly FailedAttempt[]
  /** When the last of them failed, in ms; meaningless before the first. */
  readonly failedAtMs: number
}

export type FailedReply = Extract<AttemptReply, { ok: false }>
type AnsweredReply = Extract<AttemptReply, { ok: true }>

export const untried: Progress = { counts: { refused: 0, fault: 0 }, attempts: [], failedAtMs: 0 }

export function withFailure(progress: Progress, reply: FailedReply, nowMs: number): Progress {
  const { error, hints, latencyMs } = reply
  const { status } = hints
  const kind = kindOfFailure[error.class]
  const { fault, refused } = progress.counts
  const attempt: FailedAttempt = {
    class: error.class,
    ...(Number.isInteger(status) && { status }),
    message: error.message,
    latencyMs,
    waitedMs: 0,
  }
  return {
    counts: {
      refused: refused + (kind === 'refused' ? 1 : 0),
      fault: fault + (kind === 'fault' ? 1 : 0),
    },
    attempts: [...progress.attempts, attempt],
    failedAtMs: nowMs,
  }
}

/** Notes how long the last failure was waited out, in the queue and before it. */
export function withWaiting(progress: Progress, nowMs: number): Progress {
  const last = progress.attempts.at(-1)
  if (last === undefined) return progress
  const waited = { ...last, waitedMs: Math.max(0, nowMs - progress.failedAtMs) }
  return { ...progress, attempts: [...progress.attempts.slice(0, -1), waited] }
}

/** The answer, with what stood before it. */
export function answeredAfter(
  { attempts }: Progress,
  { latencyMs, response }: AnsweredReply,
): ModelReply {
  const failed = attempts.length > 0 ? { attempts } : {}
  return { ok: true, response: { ...response, latencyMs, retries: attempts.length, ...failed } }
}

/** The failure, with every attempt that was made. */
export function failedAfter({ attempts }: Progress, failure: ModelFailure): ModelReply {
  const { class: kind, message } = failure
  return { ok: false, error: { class: kind, message, ...(attempts.length > 0 && { attempts }) } }
}
