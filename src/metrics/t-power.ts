import { normalCdf, tQuantile } from './distributions.ts'

/** A one-sided paired t test that is planned, such as "the typical cost stays below +15 %". */
export interface PairedTPlan {
  /** Change to be found or excluded, > 0, in units of `deviation`: for a ratio its logarithm. */
  readonly change: number
  /** Standard deviation of the differences between cases, > 0. */
  readonly deviation: number
  /** Error allowed, in (0, 0.5). */
  readonly alpha: number
}

/**
 * The chance that a paired t test over so many cases finds a change, exactly.
 *
 * By symmetry also the chance that an unchanged amount passes a margin of that size.
 *
 * @param cases - ≥ 2; need not be whole
 * @returns a probability in (0, 1]
 * @see Johnson, Kotz, Balakrishnan 1995, Continuous Univariate Distributions 2, chapter 31
 *   (noncentral t); as R's `power.t.test(type = "paired", alternative = "one.sided")`
 */
export function pairedTPower(cases: number, { change, deviation, alpha }: PairedTPlan): number {
  const df = cases - 1
  const shift = (change / deviation) * Math.sqrt(cases)
  return aboveInNoncentralT(tQuantile(1 - alpha, df), df, shift)
}

const usualPower = 0.8
const mostCases = 1_000_000_000

/**
 * Cases that a paired t test needs to find a change with the given power.
 *
 * @param power - in (0, 1); 0.8 if not given
 * @returns the smallest whole number ≥ 2, or `undefined` when more than 1e9 would be needed. An
 *   interval of a ratio takes 5 (`logRatio`), whatever is returned here.
 */
export function casesForPower(plan: PairedTPlan, power = usualPower): number | undefined {
  const enough = (cases: number): boolean => pairedTPower(cases, plan) >= power
  let high = 2
  while (!enough(high)) {
    if (high >= mostCases) return undefined
    high = Math.min(2 * high, mostCases)
  }
  let tooFew = Math.max(1, Math.floor(high / 2))
  while (high - tooFew > 1) {
    const middle = Math.floor((tooFew + high) / 2)
    if (enough(middle)) high = middle
    else tooFew = middle
  }
  return high
}

const steps = 2000

// Weights below e^−40 of the largest are left out: less than 1e-16 of the whole.
const span = 40

/**
 * P(T > t) of a noncentral t: (Z + shift) / √(χ²/df).
 *
 * The mean of P(Z > t·s − shift) over s = √(χ²/df), by the trapezoid rule over ln s. There the density
 * vanishes at both ends, so that the rule converges to the last digits, and as the weights are divided
 * by their sum, no gamma function is needed.
 */
function aboveInNoncentralT(t: number, df: number, shift: number): number {
  const reach = span / df
  const low = -(reach + Math.sqrt(2 * reach))
  const high = Math.sqrt(reach)
  let weights = 0
  let sum = 0
  for (let step = 0; step <= steps; step++) {
    const logScale = low + (step / steps) * (high - low)
    const weight = Math.exp(df * (logScale - Math.expm1(2 * logScale) / 2))
    weights += weight
    sum += weight * normalCdf(shift - t * Math.exp(logScale))
  }
  return Math.min(1, sum / weights)
}
