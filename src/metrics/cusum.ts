/** Standard deviations a night may be worse before it counts: half the shift worth finding. */
const cusumAllowance = 0.5

/** A sum above this is an alarm: once in 931 nights if nothing changed (`xcusum.arl` of R's spc). */
export const cusumThreshold = 5

/** A lasting change that a chart has found. Indices count from 0. */
export interface CusumAlarm {
  /** The night of the alarm. */
  readonly night: number
  /** First night of the change: the one after the sum was last 0. */
  readonly changedFrom: number
}

/**
 * Adds one night to a chart of "it got lower": nights above the mean pay off what nights below it
 * owe.
 *
 * @param sum - before this night, ≥ 0; starts at 0
 * @param score - standard deviations above the usual
 * @see Page 1954, Biometrika 41:100–115
 */
export function cusumStep(sum: number, score: number): number {
  return Math.max(0, sum - score - cusumAllowance)
}

/**
 * The chart over several nights.
 *
 * @param scores - one per night; a night without a score leaves the sum as it is
 * @returns the sum after each night
 */
export function cusumPath(scores: readonly (number | undefined)[]): readonly number[] {
  let sum = 0
  return scores.map((score) => {
    if (score !== undefined) sum = cusumStep(sum, score)
    return sum
  })
}

/** @returns `undefined` when no sum passes the threshold */
export function firstAlarm(sums: readonly number[]): CusumAlarm | undefined {
  const night = sums.findIndex((sum) => sum > cusumThreshold)
  if (night === -1) return undefined
  return { night, changedFrom: sums.lastIndexOf(0, night) + 1 }
}
