import { type CusumAlarm, cusumPath, firstAlarm } from './cusum.ts'
import { normalQuantile, tCdf } from './distributions.ts'

/** Nights that only teach the chart what is usual. */
const warmUpNights = 5

// Equal numbers that were computed in different ways differ by less than this, relatively.
const rounding = 1e-9

/** One night on the chart. */
interface CusumNight {
  /**
   * Standard deviations better than the nights before. Missing where there is no chart: no value,
   * warm-up, or nights before that are too much alike.
   */
  readonly score?: number
  /** How far "worse" has added up; ≥ 0, an alarm above 5. */
  readonly sum: number
}

export interface CusumChart {
  /** One per night given. */
  readonly nights: readonly CusumNight[]
  readonly alarms: readonly CusumAlarm[]
}

/**
 * Finds a lasting change in one number per night without being told what is normal.
 *
 * Each night is compared with all nights before it, so that no reference must be measured first:
 * one of 20 nights alarms falsely in 19 % of quiet 60-night stretches, this chart in 6 %. After 40
 * quiet nights a drop of 2 standard deviations is found in 4 nights (median), of 1 in 11. After an
 * alarm the chart starts over with the next night, the new level being the usual one.
 *
 * Near-constant streams have no chart: while more than half of the nights so far have the same
 * value, no bell curve describes them, and the first night that differs would be an alarm.
 *
 * @param values - oldest first, of one case list, configuration and model: begin a new chart where
 *   one of them changed; `undefined` (or not finite) for a night without this number
 * @param worse - which direction to look for
 * @see Hawkins 1987, Self-starting CUSUM charts for location and scale, doi:10.2307/2348827
 */
export function selfStartingCusum(
  values: readonly (number | undefined)[],
  worse: 'lower' | 'higher',
): CusumChart {
  const sign = worse === 'lower' ? 1 : -1
  const signed = values.map((value) => (value === undefined ? undefined : sign * value))
  const nights: CusumNight[] = []
  const alarms: CusumAlarm[] = []
  while (nights.length < signed.length) {
    const start = nights.length
    const { scores, sums } = selfStartingPath(signed.slice(start))
    const alarm = firstAlarm(sums)
    const length = alarm === undefined ? sums.length : alarm.night + 1
    for (const [index, sum] of sums.slice(0, length).entries()) {
      const score = scores[index]
      nights.push({ ...(score !== undefined && { score }), sum })
    }
    if (alarm !== undefined) {
      alarms.push({ night: start + alarm.night, changedFrom: start + alarm.changedFrom })
    }
  }
  return { nights, alarms }
}

/** Scores and sums as if no alarm ever started the chart over; "worse" is lower. */
export function selfStartingPath(values: readonly (number | undefined)[]): {
  readonly scores: readonly (number | undefined)[]
  readonly sums: readonly number[]
} {
  const scores = selfStartingScores(values)
  return { scores, sums: cusumPath(scores) }
}

/** Each night against all before it, on the scale of the standard normal distribution. */
function selfStartingScores(
  values: readonly (number | undefined)[],
): readonly (number | undefined)[] {
  let n = 0
  let mean = 0
  let squares = 0
  let mostFrequent = 0
  const seen = new Map<number, number>()
  return values.map((value) => {
    if (value === undefined || !Number.isFinite(value)) return undefined
    const sd = Math.sqrt(squares / (n - 1))
    const usable = n >= warmUpNights && mostFrequent <= n / 2
    const spread = Number.isFinite(sd) && sd > rounding * Math.abs(mean)
    const t = (Math.sqrt(n / (n + 1)) * (value - mean)) / sd
    const score = usable && spread ? normalScore(t, n - 1) : undefined
    // Welford's update: exact for equal values, no large sums to subtract.
    n += 1
    const step = value - mean
    mean += step / n
    squares += step * (value - mean)
    const times = (seen.get(value) ?? 0) + 1
    seen.set(value, times)
    mostFrequent = Math.max(mostFrequent, times)
    return score
  })
}

/** The normal deviate as rare as this t; by the lower tail, because 1 − p loses a small p. */
function normalScore(t: number, df: number): number {
  const below = normalQuantile(tCdf(-Math.abs(t), df))
  return t > 0 ? -below : below
}
