import { groupByCluster } from './clusters.ts'
import { type CountDistribution, certainlyZero, convolve, lowerTail } from './count-distribution.ts'
import { normalCdf } from './distributions.ts'
import type { ExactTest } from './label-shuffle.ts'
import { discordantPairs } from './paired-change.ts'
import { caseDifference, type PairedCounts, type Worse } from './paired-counts.ts'
import { type ClusteredDifference, clusteredEffect } from './stratified-tango.ts'
import { tangoScore } from './tango-interval.ts'
import { wholeChanges } from './whole-changes.ts'

export interface CaseSwapTest extends ExactTest {
  /** `exact`: all swaps were counted. `score`: approximation, Φ of Tango's score at no change. */
  readonly method: 'exact' | 'score'
}

// A longer table of possible sums would take more than a second.
const longestTable = 1_000_000

// Thirds do not cancel in binary; real changes are larger than this.
const rounding = 1e-9

/**
 * Decides whether a yes/no metric got worse when trials of a case are not independent.
 *
 * If nothing had changed, each whole case (each whole cluster) could as well have had its arms
 * swapped: p is the share of the 2^clusters swaps that are at least this bad. That holds when the
 * arms mirror each other, so it is exact if each case of every cluster that changed has as many
 * baseline as candidate trials; else the score approximation is used, and named. Clusters without
 * a change tell nothing and drop out; without any other both numbers are 1.
 *
 * @param worse - `fewer` when fewer events in the candidate are bad (success), else `more`
 * @see Pitman 1937, Supplement to the JRSS 4:119–130 (swapping within pairs)
 */
export function caseSwap(cases: readonly PairedCounts[], worse: Worse): CaseSwapTest {
  const sign = worse === 'fewer' ? 1 : -1
  const changed = groupByCluster(cases).filter((cluster) => Math.abs(changeOf(cluster)) > rounding)
  const whole = changed.flat().every(hasMirroredArms) ? wholeChanges(changed) : undefined
  if (whole !== undefined && tableLength(whole) <= longestTable) {
    return swapTest(whole.map((change) => sign * change))
  }
  const differences = cases.map((one) => ({ ...one, difference: caseDifference(one) }))
  return swapByScore(differences, sign)
}

function swapTest(changes: readonly number[]): CaseSwapTest {
  const possible = changes.map(keptOrSwapped).reduce(convolve, certainlyZero)
  const observed = changes.reduce((sum, change) => sum + Math.max(0, change), 0)
  const p = lowerTail(possible, observed)
  const smallest = Math.max(0.5 ** changes.length, Number.MIN_VALUE)
  return { p, smallestP: Math.min(p, smallest), method: 'exact' }
}

/** What a cluster adds to the gains: the size of its change or nothing, equally likely. */
function keptOrSwapped(change: number): CountDistribution {
  const weights = new Float64Array(Math.abs(change) + 1)
  weights[0] = 0.5
  weights[weights.length - 1] = 0.5
  return { lowest: 0, weights, lost: 0 }
}

/**
 * The approximation for any differences per case, such as those of pass^k: Φ of Tango's score at no
 * change, and never below what swapping the clusters that changed could show at best.
 *
 * @param differences - at least one
 * @param sign - 1 when a negative change is bad, −1 when a positive one is
 */
export function swapByScore(
  differences: readonly ClusteredDifference[],
  sign: 1 | -1,
): CaseSwapTest {
  // What rounding leaves of equal shares is no change; its square would underflow.
  const signed = differences.map((one) => ({
    ...one,
    difference: Math.abs(one.difference) > rounding ? sign * one.difference : 0,
  }))
  const effect = clusteredEffect(signed)
  const scoreOf = (change: number): number => tangoScore(discordantPairs({ ...effect, change }), 0)
  const sums = groupByCluster(signed).map((cluster) =>
    Math.abs(cluster.reduce((sum, one) => sum + one.difference, 0)),
  )
  const worst = -sums.reduce((sum, one) => sum + one, 0)
  // The score knows nothing of how few clusters changed; swapping k of them cannot go below 1/2^k.
  const changed = sums.filter((one) => one > rounding).length
  if (changed === 0) return { p: 1, smallestP: 1, method: 'score' }
  const floor = Math.max(0.5 ** changed, Number.MIN_VALUE)
  const p = Math.max(floor, normalCdf(scoreOf(effect.change)))
  const smallest = Math.max(floor, normalCdf(scoreOf(worst / differences.length)))
  return { p, smallestP: Math.min(p, smallest), method: 'score' }
}

function changeOf(cluster: readonly PairedCounts[]): number {
  return cluster.reduce((sum, counts) => sum + caseDifference(counts), 0)
}

function hasMirroredArms({ baselineTrials, candidateTrials }: PairedCounts): boolean {
  return baselineTrials === candidateTrials
}

function tableLength(changes: readonly number[]): number {
  return changes.reduce((sum, change) => sum + Math.abs(change), 1)
}
