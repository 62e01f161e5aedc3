import type { EventCount } from './binomial-intervals.ts'
import type { PairedCounts } from './paired-counts.ts'

/** Amounts (latencies above all) of the trials of one case, in any order; ≥ 0, one unit for all. */
export interface TailCase {
  readonly baseline: readonly number[]
  readonly candidate: readonly number[]
}

/** Amounts sorted once, so that many thresholds can be tried; smallest first everywhere. */
export interface SortedTails {
  /** Cases with trials in both arms. */
  readonly cases: readonly TailCase[]
  /** All trials of those cases. */
  readonly baseline: readonly number[]
  readonly candidate: readonly number[]
}

/** Where the tail begins, and how many trials of each case lie in it. */
export interface Exceedances {
  readonly threshold: number
  readonly cases: readonly PairedCounts[]
  /** Over all cases. */
  readonly baseline: EventCount
  readonly candidate: EventCount
}

/** Prepares amounts for {@link exceedances}; a case without trials in one of the arms is left out. */
export function sortTails(cases: readonly TailCase[]): SortedTails {
  const paired = cases
    .filter(({ baseline, candidate }) => baseline.length > 0 && candidate.length > 0)
    .map(({ baseline, candidate }) => ({
      baseline: ascending(baseline),
      candidate: ascending(candidate),
    }))
  return {
    cases: paired,
    baseline: ascending(paired.flatMap((one) => one.baseline)),
    candidate: ascending(paired.flatMap((one) => one.candidate)),
  }
}

/** The same seen from the candidate: what swapping the labels everywhere gives. */
export function swapTails({ cases, baseline, candidate }: SortedTails): SortedTails {
  return {
    cases: cases.map((one) => ({ baseline: one.candidate, candidate: one.baseline })),
    baseline: candidate,
    candidate: baseline,
  }
}

/**
 * Counts the trials that belong to the slowest of both arms together.
 *
 * The threshold is the type-7 quantile of all trials. It treats the arms alike, which is what keeps
 * the label shuffle of these counts exact. A trial exceeds it when it is larger; where none is (many
 * trials tied at a timeout), those at the threshold exceed it.
 *
 * @param tails - at least one case
 * @param share - where the tail begins: 0.95 for the slowest 5 %; in (0, 1)
 * @param ratio - candidate amounts are divided by it first, > 0; 1 compares the arms as they are
 */
export function exceedances(
  tails: SortedTails,
  { share, ratio }: { readonly share: number; readonly ratio: number },
): Exceedances {
  const last = tails.baseline.length + tails.candidate.length - 1
  const position = last * share
  const below = pooledAt(tails, ratio, Math.floor(position))
  const above = pooledAt(tails, ratio, Math.ceil(position))
  const noneAbove = pooledAt(tails, ratio, last) === below
  // Above the threshold is above the pooled value just below it, whatever interpolation rounds to.
  const exceeds = (value: number): boolean => (noneAbove ? value >= below : value > below)
  const threshold = below + (position - Math.floor(position)) * (above - below)
  return withTotals(
    threshold,
    tails.cases.map((one) => countsOf(one, ratio, exceeds)),
  )
}

/** Counts the trials above a threshold that is given, such as a promised limit. */
export function exceedancesOf({ cases }: SortedTails, threshold: number): Exceedances {
  return withTotals(
    threshold,
    cases.map((one) => countsOf(one, 1, (value) => value > threshold)),
  )
}

function withTotals(threshold: number, cases: readonly PairedCounts[]): Exceedances {
  const total = (count: (one: PairedCounts) => number): number =>
    cases.reduce((sum, one) => sum + count(one), 0)
  return {
    threshold,
    cases,
    baseline: {
      events: total((one) => one.baselineEvents),
      trials: total((one) => one.baselineTrials),
    },
    candidate: {
      events: total((one) => one.candidateEvents),
      trials: total((one) => one.candidateTrials),
    },
  }
}

function countsOf(
  { baseline, candidate }: TailCase,
  ratio: number,
  exceeds: (value: number) => boolean,
): PairedCounts {
  return {
    baselineEvents: countLargest(baseline, exceeds),
    baselineTrials: baseline.length,
    candidateEvents: countLargest(candidate, (value) => exceeds(value / ratio)),
    candidateTrials: candidate.length,
  }
}

/** How many of the sorted values exceed; if one does, all larger ones do. */
function countLargest(sorted: readonly number[], exceeds: (value: number) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (exceeds(valueAt(sorted, middle))) high = middle
    else low = middle + 1
  }
  return sorted.length - low
}

/** The value at a rank (0 is the smallest) of both arms together, without merging them. */
function pooledAt({ baseline, candidate }: SortedTails, ratio: number, rank: number): number {
  let low = Math.max(0, rank - candidate.length)
  let high = Math.min(rank, baseline.length)
  while (low < high) {
    const middle = (low + high) >>> 1
    if (valueAt(baseline, middle) < valueAt(candidate, rank - 1 - middle) / ratio) low = middle + 1
    else high = middle
  }
  return Math.min(valueAt(baseline, low), valueAt(candidate, rank - low) / ratio)
}

/** Past the end lies nothing that is smaller than anything. */
function valueAt(sorted: readonly number[], index: number): number {
  return sorted[index] ?? Infinity
}

function ascending(values: readonly number[]): readonly number[] {
  return values.toSorted((a, b) => a - b)
}
