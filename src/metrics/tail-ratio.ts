import { bisect } from './bisect.ts'
import { normalQuantile } from './distributions.ts'
import { labelShuffle } from './label-shuffle.ts'
import { type Exceedances, exceedances, type SortedTails, swapTails } from './tail-exceedances.ts'

/** How much heavier the candidate's tail is than the baseline's: 1.2 reads "20 % slower". */
export interface TailRatio {
  /** What candidate amounts are to be divided by for the tails to balance. */
  readonly ratio?: number
  /** The test rules out this ratio and smaller ones. */
  readonly lower?: number
  /** The test rules out this ratio and larger ones. */
  readonly upper?: number
}

export interface TailRatioOptions {
  /** Where the tail begins: 0.95 for the slowest 5 %; in (0, 1). */
  readonly share: number
  /** Error allowed on each side, in (0, 0.5): two-sided coverage is 1 − 2·alpha. */
  readonly alpha: number
  /** A ratio on whose side the upper bound shall be certain, > 0. */
  readonly margin?: number
}

// Beyond it the arms do not measure the same thing.
const widest = 1024

// Bounds are looked for on a grid of hundredths of a percent. Between its points p hardly changes, and
// next to a tie of two amounts it would depend on the last bits of a logarithm.
const step = 1.0001

// Thirds do not cancel in binary; real imbalances are larger than this.
const rounding = 1e-9

/** Guards the comparison of p with α against the last bits. */
const slack = 1e-12

/**
 * The ratio of two tails with its interval: the ratios that the exact test does not rule out.
 *
 * Candidate amounts are divided by a ratio R and the tails compared by the label shuffle; R is inside
 * when neither arm's tail is significantly heavier. A bound is a ratio that was tested and is ruled
 * out, at most 0.02 % outside the first that is not. So an `upper` is ≤ margin exactly when the test
 * says so at the margin, and a `lower` is ≥ 1 exactly when the candidate is significantly slower.
 * An arm with few trials per case may be unable to rule out even 1024: then that bound is missing.
 *
 * @returns without a number where no ratio between 1/1024 and 1024 would do
 * @see Lehmann, Romano 2005, Testing Statistical Hypotheses, section 3.5 (inverting a test)
 */
export function tailRatio(tails: SortedTails, options: TailRatioOptions): TailRatio {
  const { share, alpha, margin } = options
  const ratio = balancingRatio(tails, share)
  const upper = smallestRuledOut(tails, { share, alpha, probes: [1, margin ?? 1] })
  const mirrored = smallestRuledOut(swapTails(tails), { share, alpha, probes: [1] })
  return {
    ...(ratio !== undefined && { ratio }),
    ...(mirrored !== undefined && { lower: 1 / mirrored }),
    ...(upper !== undefined && { upper }),
  }
}

/** p of "the candidate's tail is at least so many times as heavy", in (0, 1]. */
export function pLighterThan(tails: SortedTails, share: number, ratio: number): number {
  return labelShuffle(exceedances(tails, { share, ratio }).cases, 'fewer').p
}

interface Search {
  readonly share: number
  readonly alpha: number
  /** Ratios that must be tested themselves. */
  readonly probes: readonly number[]
}

/** Few exact tests: the probes, then around where an approximation expects the bound, then halving. */
function smallestRuledOut(tails: SortedTails, search: Search): number | undefined {
  const { share, alpha, probes } = search
  const isRuledOut = (ratio: number): boolean => pLighterThan(tails, share, ratio) <= alpha + slack
  if (!isRuledOut(widest)) return undefined
  let inside = 1 / widest
  let outside = widest
  const test = (ratio: number): void => {
    if (ratio <= inside || ratio >= outside) return
    if (isRuledOut(ratio)) outside = ratio
    else inside = ratio
  }
  const expected = expectedBound(tails, search)
  for (const ratio of [...probes, onGrid(expected / step), onGrid(expected * step)]) test(ratio)
  for (;;) {
    const middle = onGrid(Math.sqrt(inside * outside))
    if (middle <= inside || middle >= outside) return outside
    test(middle)
  }
}

function onGrid(ratio: number): number {
  return step ** Math.round(Math.log(ratio) / Math.log(step))
}

/** Where the normal approximation of the test has its bound. */
function expectedBound(tails: SortedTails, { share, alpha }: Search): number {
  const z = normalQuantile(alpha)
  const isInside = (logRatio: number): boolean => {
    const { excess, variance } = balance(exceedances(tails, { share, ratio: Math.exp(logRatio) }))
    return excess + 0.5 > z * Math.sqrt(variance)
  }
  return Math.exp(bisect(isInside, -Math.log(widest), Math.log(widest)))
}

/** The middle of the ratios at which the candidate has just the share of the tail that chance gives it. */
function balancingRatio(tails: SortedTails, share: number): number | undefined {
  const excessAt = (logRatio: number): number =>
    balance(exceedances(tails, { share, ratio: Math.exp(logRatio) })).excess
  const end = Math.log(widest)
  if (excessAt(-end) <= rounding || excessAt(end) >= -rounding) return undefined
  const from = bisect((logRatio) => excessAt(logRatio) > rounding, -end, end)
  const to = bisect((logRatio) => excessAt(logRatio) >= -rounding, -end, end)
  return Math.exp((from + to) / 2)
}

interface Balance {
  /** Candidate exceedances beyond those that shuffled labels would give; never rises with the ratio. */
  readonly excess: number
  readonly variance: number
}

function balance({ cases }: Exceedances): Balance {
  let excess = 0
  let variance = 0
  for (const one of cases) {
    const total = one.baselineTrials + one.candidateTrials
    const events = one.baselineEvents + one.candidateEvents
    const perEvent = (one.baselineTrials / total) * (one.candidateTrials / total)
    excess +=
      (one.candidateEvents * one.baselineTrials - one.baselineEvents * one.candidateTrials) / total
    variance += (events * perEvent * (total - events)) / (total - 1)
  }
  return { excess, variance }
}
