import type { EventCount } from './binomial-intervals.ts'
import { type ExactTest, labelShuffle } from './label-shuffle.ts'
import { quantile } from './quantile.ts'
import { exceedances, sortTails, type TailCase } from './tail-exceedances.ts'
import { pLighterThan, type TailRatio, type TailRatioOptions, tailRatio } from './tail-ratio.ts'

/** How the slowest trials of both arms compare, as far as there are enough of them. */
export type TailTest = JudgedTail | UnjudgedTail

interface TailLevels {
  /** The quantile of each arm's own trials (p95, p99), in the unit of the amounts. */
  readonly baseline: number
  readonly candidate: number
  /** Trials of both arms together, and the cases they are of. */
  readonly trials: number
  readonly cases: number
}

/** Too few exceedances to expect: an unchanged tail and a heavy one look alike. */
interface UnjudgedTail extends TailLevels {
  readonly status: 'not-judged'
  /** Trials of both arms together from which on the tail is judged. */
  readonly trialsNeeded: number
}

/** `p` is one-sided, of "the candidate is not slower". */
export interface JudgedTail extends TailLevels, ExactTest, TailRatio {
  readonly status: 'judged'
  /** Where the tail of both arms together begins. */
  readonly threshold: number
  /** Trials of each arm in that tail. */
  readonly baselineTail: EventCount
  readonly candidateTail: EventCount
  /** One-sided p of "slower by the margin or more": within the margin when ≤ alpha. */
  readonly pBeyondMargin?: number
}

const fewestExpected = 10

/**
 * Decides whether the slowest trials became slower: p95 and p99 of latency, cost, calls.
 *
 * The slowest 5 % of all trials are marked and their labels shuffled within each case, which is exact
 * whatever the distribution. Ratios are tested by dividing the candidate's amounts by them.
 *
 * @param cases - a case without trials in one of the arms is left out
 * @returns `undefined` when no case is left
 */
export function tailTest(
  cases: readonly TailCase[],
  options: TailRatioOptions,
): TailTest | undefined {
  const { share, margin } = options
  const tails = sortTails(cases)
  const baseline = quantile(tails.baseline, share)
  const candidate = quantile(tails.candidate, share)
  if (baseline === undefined || candidate === undefined) return undefined
  const trials = tails.baseline.length + tails.candidate.length
  const levels = { baseline, candidate, trials, cases: tails.cases.length }
  const trialsNeeded = tailTrialsNeeded(share)
  if (trials < trialsNeeded) return { status: 'not-judged', ...levels, trialsNeeded }
  const tail = exceedances(tails, { share, ratio: 1 })
  return {
    status: 'judged',
    ...levels,
    ...labelShuffle(tail.cases, 'more'),
    ...tailRatio(tails, options),
    threshold: tail.threshold,
    baselineTail: tail.baseline,
    candidateTail: tail.candidate,
    ...(margin !== undefined && { pBeyondMargin: pLighterThan(tails, share, margin) }),
  }
}

/**
 * Trials of both arms together from which on a tail is judged: 200 for p95, 1000 for p99.
 *
 * @param share - where the tail begins, in (0, 1)
 */
export function tailTrialsNeeded(share: number): number {
  return Math.ceil(fewestExpected / (1 - share) - 1e-6)
}
