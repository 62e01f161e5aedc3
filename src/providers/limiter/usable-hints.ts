import type { ServiceHints } from '../provider.ts'

/** What a service asks for, as far as it can be meant. */
export interface UsableHints {
  /** More than 0 and at most what we are ready to wait. */
  readonly retryAfterMs?: number
  /** It asks for more than we are ready to wait. */
  readonly asksTooLongMs?: number
  /** Whole requests, and the time after which the count is void; both at least 0. */
  readonly quota?: { readonly remaining: number; readonly resetsInMs: number }
}

/** A week. What lies beyond is a date that was taken for a duration. */
const absurdMs = 7 * 24 * 3_600_000

/**
 * Drops hints that cannot be meant: negative, not a number, or beyond a week.
 *
 * A quota that resets later than we are ready to wait is dropped too. Some services tell when their
 * bucket is full again, which is long after they take the next request; where they refuse, they say so.
 */
export function usableHints(hints: ServiceHints, maxWaitMs: number): UsableHints {
  return { ...retryHint(hints, maxWaitMs), ...quotaHint(hints, maxWaitMs) }
}

function retryHint({ retryAfterMs: ms }: ServiceHints, maxWaitMs: number): UsableHints {
  if (!isDuration(ms) || ms === 0) return {}
  return ms > maxWaitMs ? { asksTooLongMs: ms } : { retryAfterMs: ms }
}

function quotaHint(
  { remainingRequests: remaining, resetsInMs }: ServiceHints,
  maxWaitMs: number,
): UsableHints {
  if (!isDuration(resetsInMs) || resetsInMs > maxWaitMs) return {}
  if (remaining === undefined || !Number.isFinite(remaining) || remaining < 0) return {}
  return { quota: { remaining: Math.floor(remaining), resetsInMs } }
}

function isDuration(ms: number | undefined): ms is number {
  return ms !== undefined && ms >= 0 && ms <= absurdMs
}
