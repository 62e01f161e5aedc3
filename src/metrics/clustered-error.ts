import { mean } from 'simple-statistics'
import { groupByCluster } from './clusters.ts'
import { tQuantile } from './distributions.ts'
import type { Interval } from './tango-interval.ts'

/** One number of a sample: the difference of a case, or the outcome of a trial. */
export interface ClusteredValue {
  readonly value: number
  /** Values with the same name hang together; without it a value stands alone. */
  readonly cluster?: string
}

/** A mean and how far off it may be. */
export type ClusteredError = MeasuredMean | BareMean

/** There are clusters to compare, and they differ: the mean has an interval. */
export interface MeasuredMean extends Interval {
  readonly status: 'measured'
  readonly mean: number
  readonly standardError: number
  /** Degrees of freedom are one less. */
  readonly clusters: number
}

/** The mean is known but how far off it may be is not. */
interface BareMean {
  readonly status: 'no-interval'
  readonly reason: 'one-cluster' | 'no-spread'
  readonly mean: number
  readonly clusters: number
}

// Equal values leave residuals in their last bits; that is not noise that was measured.
const rounding = 1e-12

/**
 * Standard error of a mean over values of which only whole clusters are independent.
 *
 * SE² = G/(G−1) · Σ S² / n², where S is the sum of a cluster's deviations from the mean; the interval
 * is Student's t with G−1 degrees of freedom. Clusters may differ in size. With one value per cluster
 * it is the usual s/√n, and over differences of cases the paired t interval; with trials as values and
 * cases as clusters it allows for trials of one case being alike. For display: it is too narrow for
 * few clusters of very different sizes.
 *
 * @param values - every value weighs the same, not every cluster
 * @param alpha - error allowed on each side, in (0, 0.5): two-sided coverage is 1 − 2·alpha
 * @returns `undefined` for no values
 * @see Liang, Zeger 1986, Biometrika 73:13–22; Miller 2024, arXiv:2411.00640, section 2.2
 */
export function clusteredError(
  values: readonly ClusteredValue[],
  alpha: number,
): ClusteredError | undefined {
  if (values.length === 0) return undefined
  const center = mean(values.map(({ value }) => value))
  const groups = groupByCluster(values)
  const clusters = groups.length
  if (clusters < 2) return { status: 'no-interval', reason: 'one-cluster', mean: center, clusters }
  const squares = groups.map(
    (group) => group.reduce((sum, { value }) => sum + (value - center), 0) ** 2,
  )
  const sumOfSquares = squares.reduce((sum, square) => sum + square, 0)
  const standardError = Math.sqrt((clusters / (clusters - 1)) * sumOfSquares) / values.length
  const largest = values.reduce((most, { value }) => Math.max(most, Math.abs(value)), 0)
  if (standardError <= rounding * largest) {
    return { status: 'no-interval', reason: 'no-spread', mean: center, clusters }
  }
  const reach = tQuantile(1 - alpha, clusters - 1) * standardError
  return {
    status: 'measured',
    mean: center,
    lower: center - reach,
    upper: center + reach,
    standardError,
    clusters,
  }
}
