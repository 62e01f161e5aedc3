import type { OutcomeKind } from './outcome-kinds.ts'

/** How often one request has failed, the failure in hand included. */
export interface FailureCounts {
  readonly refused: number
  readonly fault: number
}

interface RetryTerms {
  /** Further attempts after faults; refusals have their own, larger allowance. */
  readonly maxRetries: number
  readonly maxWaitMs: number
  /** What the service asked for, where it did. */
  readonly retryAfterMs?: number | undefined
  /** In [0, 1). */
  readonly random: number
}

/** A refusal costs the service nothing, and of many requests in flight some are refused in turn. */
const refusalsPerFault = 4

const firstDelayMs = 500
const longestDelayMs = 30_000

/** Those who were sent away together do not come back together. */
const spreadShare = 0.1
const longestSpreadMs = 1_000

/**
 * How long a request waits before its next attempt, in ms; `undefined`: it has had its last.
 *
 * Doubles with each failure of the same kind, and takes between half and all of that at random. What a
 * service asks for is never undercut.
 */
export function retryDelayMs(
  kind: OutcomeKind,
  counts: FailureCounts,
  { maxRetries, maxWaitMs, random, retryAfterMs }: RetryTerms,
): number | undefined {
  if (kind !== 'refused' && kind !== 'fault') return undefined
  const allowed = kind === 'refused' ? maxRetries * refusalsPerFault : maxRetries
  if (counts[kind] > allowed) return undefined
  if (retryAfterMs !== undefined) {
    return retryAfterMs + random * Math.min(retryAfterMs * spreadShare, longestSpreadMs)
  }
  const doubled = firstDelayMs * 2 ** (counts[kind] - 1)
  return Math.min(doubled, longestDelayMs, maxWaitMs) * (0.5 + random / 2)
}
