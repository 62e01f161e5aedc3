import type { CaseStats } from '../schema/case-stats.ts'
import { tQuantile } from './distributions.ts'

// Equal prices give sums that differ in their last bits; that is not spread that was measured.
const rounding = 1e-9

/** Mean US dollars per trial and how little or much it may be. */
export interface MeanCost {
  readonly mean: number
  /** Lower bound, wrong with probability alpha; both are missing where too few cases show how far costs spread. */
  readonly lower?: number
  /** Upper bound, by itself wrong with the same probability. */
  readonly upper?: number
  readonly trials: number
  readonly cases: number
}

/**
 * Mean cost per trial over trials with a known cost, with a bound that holds although trials of a
 * case cost alike: the ratio of two sums over cases, linearised, Student's t over cases.
 *
 * Cases of equal cost have no spread: the bound is the mean as soon as so many signs alike are rarer
 * than alpha, which takes five cases at 0.05, and missing before. One case never has a bound.
 *
 * @param alpha - error allowed, in (0, 0.5)
 * @returns `undefined` where no trial has a known cost
 * @see Cochran 1977, Sampling Techniques, section 6.4 (ratio estimate over clusters)
 */
export function meanCost(
  cases: readonly Pick<CaseStats, 'costUsd'>[],
  alpha: number,
): MeanCost | undefined {
  const known = cases.flatMap(({ costUsd }) =>
    costUsd === undefined || costUsd.n === 0 ? [] : [costUsd],
  )
  const trials = known.reduce((total, one) => total + one.n, 0)
  if (trials === 0) return undefined
  const mean = known.reduce((total, one) => total + one.sum, 0) / trials
  const figures = { mean, trials, cases: known.length }
  if (known.length < 2) return figures
  const squares = known.reduce((total, one) => total + (one.sum - mean * one.n) ** 2, 0)
  const standardError = Math.sqrt((known.length / (known.length - 1)) * squares) / trials
  if (standardError <= rounding * mean) {
    return 0.5 ** known.length <= alpha ? { ...figures, lower: mean, upper: mean } : figures
  }
  const reach = tQuantile(1 - alpha, known.length - 1) * standardError
  return { ...figures, lower: Math.max(0, mean - reach), upper: mean + reach }
}
