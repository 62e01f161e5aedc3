import type { PairedCounts } from './paired-counts.ts'

const largestScale = 1e9

/**
 * Puts the changes of clusters on one scale of whole numbers, so that their sums can be counted.
 *
 * A cluster's change is the sum over its cases of candidate share − baseline share. Each is
 * multiplied by the same factor, the smallest that leaves no fraction.
 *
 * @param clusters - cases with as many baseline as candidate trials
 * @returns one number per cluster, or `undefined` when trial counts differ so much that the scale
 *   passes 1e9
 */
export function wholeChanges(
  clusters: readonly (readonly PairedCounts[])[],
): readonly number[] | undefined {
  const scale = clusters.flat().reduce((all, one) => leastMultiple(all, one.baselineTrials), 1)
  if (scale > largestScale) return undefined
  const scaled = clusters.map((cluster) =>
    cluster.reduce(
      (sum, one) => sum + (one.candidateEvents - one.baselineEvents) * (scale / one.baselineTrials),
      0,
    ),
  )
  const divisor = scaled.reduce(greatestDivisor, 0)
  return divisor === 0 ? scaled : scaled.map((change) => change / divisor)
}

function leastMultiple(a: number, b: number): number {
  return (a / greatestDivisor(a, b)) * b
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : greatestDivisor(b, a % b)
}
