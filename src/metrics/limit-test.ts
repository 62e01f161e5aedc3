import { clopperPearson, type EventCount } from './binomial-intervals.ts'
import { type ExactTest, labelShuffle } from './label-shuffle.ts'
import { exceedancesOf, sortTails, type TailCase } from './tail-exceedances.ts'
import type { Interval } from './tango-interval.ts'

/** How often trials miss a promised limit. `p` is one-sided, of "the candidate does not more often". */
export interface LimitTest extends ExactTest {
  readonly baseline: EventCount
  readonly candidate: EventCount
  /** Bounds of the candidate's share that are never wrong more often than allowed, each by itself. */
  readonly candidateBounds: Interval
}

/**
 * Compares how often the arms are slower than a promise, such as "95 % of answers within 3 s".
 *
 * The tail test with a threshold from outside. That the candidate's p95 keeps the promise is proven
 * when the upper bound of its share is below 5 %, that it breaks it when the lower one is above.
 *
 * @param cases - a case without trials in one of the arms is left out
 * @returns `undefined` when no case is left
 */
export function limitTest(
  cases: readonly TailCase[],
  { limit, alpha }: { readonly limit: number; readonly alpha: number },
): LimitTest | undefined {
  const { cases: counts, baseline, candidate } = exceedancesOf(sortTails(cases), limit)
  const candidateBounds = clopperPearson(candidate, alpha)
  if (candidateBounds === undefined) return undefined
  return { ...labelShuffle(counts, 'more'), baseline, candidate, candidateBounds }
}
