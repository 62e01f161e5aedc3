import { mean, sampleStandardDeviation } from 'simple-statistics'
import { tCdf, tQuantile } from './distributions.ts'
import type { Interval } from './tango-interval.ts'

/** Typical candidate amount / baseline amount: 1.12 reads "+12 %". */
export type LogRatio = MeasuredRatio | BareRatio

/** Enough cases, and they differ: the ratio has an interval. */
export interface MeasuredRatio extends Interval {
  readonly status: 'measured'
  readonly ratio: number
  /** One-sided p of "the candidate needs no more", in (0, 1]. */
  readonly p: number
  /** Standard error of ln(ratio); degrees of freedom are `cases` − 1. */
  readonly standardError: number
  readonly cases: number
}

/** The ratio is known but how far off it may be is not: no evidence for a verdict. */
interface BareRatio {
  readonly status: 'no-interval'
  readonly reason: 'few-cases' | 'equal-differences'
  readonly ratio: number
  readonly cases: number
  /**
   * p of the sign test of "the typical case needs no more": 0.5^cases where all need more, else 1.
   * Where all cases changed alike it is all that can be said of chance.
   */
  readonly signP: number
}

const fewestCases = 5

// Equal amounts give logs that differ in their last bits; that is not noise that was measured.
const rounding = 1e-9

/**
 * How an amount (cost, tokens, calls, mean latency) changed, as a ratio: paired t on mean logs.
 *
 * Means of logs, not logs of means: the latter depend on how many trials a mean is over, which would
 * put a baseline of five trials at odds with a candidate of one.
 *
 * @param differences - per case: mean ln(candidate) − mean ln(baseline) over its trials; ln(1 + x) for counts
 * @param alpha - error allowed on each side, in (0, 0.5): two-sided coverage is 1 − 2·alpha
 * @returns `undefined` for no cases
 */
export function logRatio(differences: readonly number[], alpha: number): LogRatio | undefined {
  const cases = differences.length
  if (cases === 0) return undefined
  const center = mean([...differences])
  const ratio = Math.exp(center)
  const bare = { status: 'no-interval', ratio, cases, signP: signP(differences) } as const
  if (cases < fewestCases) return { ...bare, reason: 'few-cases' }
  const spread = sampleStandardDeviation([...differences])
  if (spread < rounding) return { ...bare, reason: 'equal-differences' }
  const standardError = spread / Math.sqrt(cases)
  const reach = tQuantile(1 - alpha, cases - 1) * standardError
  return {
    status: 'measured',
    ratio,
    lower: Math.exp(center - reach),
    upper: Math.exp(center + reach),
    p: tCdf(-center / standardError, cases - 1),
    standardError,
    cases,
  }
}

function signP(differences: readonly number[]): number {
  const isEveryOneUp = differences.every((difference) => difference > rounding)
  return isEveryOneUp ? Math.max(Number.MIN_VALUE, 0.5 ** differences.length) : 1
}
