import { groupByCluster } from './clusters.ts'
import { type Effect, type PairedChange, pairedChange } from './paired-change.ts'
import { caseDifference, type PairedCounts } from './paired-counts.ts'

/**
 * How much a yes/no metric changed on these cases, trials being independent: the stratified Tango interval.
 *
 * The noise is the agent's own randomness; the claim is about this suite, not about unseen cases.
 * Variances use each case's own counts, so arms and cases may differ in trials. With one trial per
 * case and arm it is Tango's interval.
 *
 * @param alpha - error allowed on each side, in (0, 0.5): two-sided coverage is 1 − 2·alpha
 * @returns `undefined` for no cases
 * @see Tango 1998, Statistics in Medicine 17:891–908, with the variance of the label shuffle
 */
export function trialUnitInterval(
  cases: readonly PairedCounts[],
  alpha: number,
): PairedChange | undefined {
  if (cases.length === 0) return undefined
  const n = cases.length
  const effect = {
    cases: n,
    change: cases.reduce((sum, counts) => sum + caseDifference(counts), 0) / n,
    variance: cases.reduce((sum, counts) => sum + shuffleVariance(counts), 0) / n ** 2,
    pairs: n ** 2 / cases.reduce((sum, counts) => sum + pairWeight(counts), 0),
  }
  return pairedChange(effect, alpha)
}

/**
 * The same when only whole cases, or whole clusters of them, are independent.
 *
 * For trials that are copies or share seeds, and for reading the cases as a sample of a larger set.
 *
 * @param alpha - error allowed on each side, in (0, 0.5): two-sided coverage is 1 − 2·alpha
 * @returns `undefined` for no cases
 */
export function caseUnitInterval(
  cases: readonly PairedCounts[],
  alpha: number,
): PairedChange | undefined {
  return differenceInterval(
    cases.map((counts) => ({ ...counts, difference: caseDifference(counts) })),
    alpha,
  )
}

/** Candidate − baseline of one case, in [−1, 1]: of a rate, of pass^k, of any share. */
export interface ClusteredDifference {
  readonly difference: number
  readonly cluster?: string
}

/**
 * {@link caseUnitInterval} for shares that are not counts of trials, such as pass^k per case.
 *
 * @returns `undefined` for no differences
 */
export function differenceInterval(
  differences: readonly ClusteredDifference[],
  alpha: number,
): PairedChange | undefined {
  if (differences.length === 0) return undefined
  return pairedChange(clusteredEffect(differences), alpha)
}

/**
 * The change over cases of which only whole clusters are independent.
 *
 * A cluster counts with the sum S of its differences, so that the change stays the mean over cases:
 * V = ΣS²/n² is its variance when whole clusters swap arms at random, K = n²/Σsize² the number of
 * equal clusters that tell as much, and D = V·K stays within [0, 1]. Where every case stands alone,
 * K = n and D is the mean squared difference.
 *
 * @param differences - at least one
 * @see Kish 1965, Survey Sampling (effective number of unequal clusters)
 */
export function clusteredEffect(differences: readonly ClusteredDifference[]): Effect {
  const n = differences.length
  const clusters = groupByCluster(differences)
  const sums = clusters.map((cluster) => cluster.reduce((sum, one) => sum + one.difference, 0))
  return {
    cases: n,
    change: sums.reduce((sum, one) => sum + one, 0) / n,
    variance: sums.reduce((sum, one) => sum + one ** 2, 0) / n ** 2,
    pairs: n ** 2 / clusters.reduce((sum, cluster) => sum + cluster.length ** 2, 0),
  }
}

/** w: pairs per case are 1/w; 1 with one trial per arm, 1/3 with three. */
function pairWeight({ baselineTrials, candidateTrials }: PairedCounts): number {
  return (1 / baselineTrials + 1 / candidateTrials) / 2
}

/** Variance of a case's difference when its labels are shuffled. */
export function shuffleVariance(counts: PairedCounts): number {
  const total = counts.baselineTrials + counts.candidateTrials
  const share = (counts.baselineEvents + counts.candidateEvents) / total
  const ofOneTrial = (total / (total - 1)) * share * (1 - share)
  return ofOneTrial * 2 * pairWeight(counts)
}
