import { caseDifference, type PairedCounts } from './paired-counts.ts'
import { shuffleVariance } from './stratified-tango.ts'

/** Where the noise of a comparison comes from, for the list of cases; never part of a verdict. */
export interface NoiseShare {
  /**
   * Share of the variance of the change that each case causes, in the order of the cases; they add
   * up to 1. Missing when no case has any noise: all outcomes of each case agree.
   */
  readonly shares?: readonly number[]
  /**
   * How much the cases' changes differ among themselves, relative to what trial noise gives: about
   * 1 when there is only noise. Above 1.5 single cases changed, in whatever directions, or trials
   * are copies of each other. Missing when there is no noise, and for fewer than two cases.
   */
  readonly changeRatio?: number
}

/**
 * Tells which cases cause the noise ("6 of 50 cases cause 61 %"): repair them or add trials there.
 *
 * The noise of a case is the variance of its difference when its labels are shuffled.
 */
export function noiseShare(cases: readonly PairedCounts[]): NoiseShare {
  const variances = cases.map(shuffleVariance)
  const total = variances.reduce((sum, variance) => sum + variance, 0)
  if (total === 0) return {}
  const differences = cases.map(caseDifference)
  const mean = differences.reduce((sum, one) => sum + one, 0) / cases.length
  const spread = differences.reduce((sum, one) => sum + (one - mean) ** 2, 0)
  return {
    shares: variances.map((variance) => variance / total),
    ...(cases.length > 1 && { changeRatio: spread / total }),
  }
}
