import type { Interval } from './tango-interval.ts'

/** Candidate − baseline of a judged rate with its bounds, shares in [−1, 1]. */
export interface JudgedDifference extends Interval {
  readonly change: number
}

/**
 * Turns a difference that a judge saw into the one that humans would have seen.
 *
 * A judge that errs equally often in both arms shrinks every true difference by its Youden index:
 * at sensitivity 0.90 and specificity 0.85 a drop of 5 points looks like 3.75 and might pass. The
 * p-value needs no correction. Results are cut to [−1, 1]: no rate can change by more.
 *
 * @param youden - of the judge, see {@link judgeAccuracy}
 * @returns `undefined` for a judge no better than a coin (youden ≤ 0)
 */
export function scaleByYouden(
  judged: JudgedDifference,
  youden: number,
): JudgedDifference | undefined {
  if (youden <= 0) return undefined
  const scaled = (difference: number): number => Math.min(1, Math.max(-1, difference / youden))
  return {
    change: scaled(judged.change),
    lower: scaled(judged.lower),
    upper: scaled(judged.upper),
  }
}
