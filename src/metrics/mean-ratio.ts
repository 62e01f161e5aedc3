import { mean, sampleStandardDeviation } from 'simple-statistics'
import { tQuantile } from './distributions.ts'
import type { Interval } from './tango-interval.ts'

/** Mean amount of one case over its trials, in both arms; ≥ 0, in any unit. */
export interface AmountPair {
  readonly baseline: number
  readonly candidate: number
}

/** All candidate amounts / all baseline amounts: 1.12 reads "the bill is 12 % higher". */
export type MeanRatio = MeasuredMeanRatio | BareMeanRatio

/** Enough cases, and they differ: the ratio has an interval. */
export interface MeasuredMeanRatio extends Interval {
  readonly status: 'measured'
  readonly ratio: number
  /** Of ln(ratio); degrees of freedom are `cases` − 1. */
  readonly standardError: number
  readonly cases: number
}

interface BareMeanRatio {
  readonly status: 'no-interval'
  readonly reason: 'few-cases' | 'equal-ratios' | 'nothing-spent'
  readonly ratio: number
  readonly cases: number
}

const fewestCases = 5

// Equal ratios leave differences in their last bits; that is not noise that was measured.
const rounding = 1e-9

/**
 * How the total of an amount (money above all) changed, as a ratio of means over cases.
 *
 * For reports only: dear cases dominate it, and a few runaways widen it, so that the gate uses
 * `logRatio`. Linearised: each case contributes candidate/mean(candidate) − baseline/mean(baseline),
 * their t interval is the interval of ln(ratio).
 *
 * @param alpha - error allowed on each side, in (0, 0.5): two-sided coverage is 1 − 2·alpha
 * @returns `undefined` for no cases, and when the baseline amounts to nothing: there is no ratio then
 * @see Cochran 1977, Sampling Techniques, chapter 6 (ratio estimates)
 */
export function meanRatio(amounts: readonly AmountPair[], alpha: number): MeanRatio | undefined {
  const cases = amounts.length
  if (cases === 0) return undefined
  const before = mean(amounts.map(({ baseline }) => baseline))
  const after = mean(amounts.map(({ candidate }) => candidate))
  const ratio = after / before
  if (before === 0 || !Number.isFinite(ratio)) return undefined
  if (after === 0) return { status: 'no-interval', reason: 'nothing-spent', ratio, cases }
  if (cases < fewestCases) return { status: 'no-interval', reason: 'few-cases', ratio, cases }
  const spread = sampleStandardDeviation(
    amounts.map(({ baseline, candidate }) => candidate / after - baseline / before),
  )
  if (spread < rounding) return { status: 'no-interval', reason: 'equal-ratios', ratio, cases }
  const standardError = spread / Math.sqrt(cases)
  const reach = tQuantile(1 - alpha, cases - 1) * standardError
  return {
    status: 'measured',
    ratio,
    lower: ratio * Math.exp(-reach),
    upper: ratio * Math.exp(reach),
    standardError,
    cases,
  }
}
