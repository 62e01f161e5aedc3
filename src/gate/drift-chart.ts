import { selfStartingCusum } from '../metrics/self-starting-cusum.ts'
import type { DriftAlarm, DriftChart, DriftNight, ServedMove } from '../schema/drift.ts'
import { rounded } from './finding.ts'

/** Five nights teach a chart what is usual; the next is the first that it can judge. */
const firstJudged = 6

/**
 * A served model explains a change that begins with it; the first night of a change is an estimate, and
 * is late by a night or two where the change is small.
 */
const nightsAround = 2

/** A metric and which side of it is bad. */
export type FollowedMetric = Pick<DriftChart, 'id' | 'kind' | 'worse'>

/** The nights that charts are made of. */
export interface Stretch {
  /** Since the last restart, oldest first. */
  readonly nights: readonly DriftNight[]
  readonly moves: readonly ServedMove[]
  /** Whether the metric was ever measured, before the restart as well. */
  readonly wasMeasured: boolean
}

/**
 * Follows one metric from night to night.
 *
 * An alarm stays open until the charts restart: somebody has to look at it, and a level that stays bad
 * raises no second one.
 */
export function driftChart(metric: FollowedMetric, stretch: Stretch): DriftChart {
  const values = stretch.nights.map((one) => (one.charted ? one.values[metric.id] : undefined))
  const known = values.filter((value) => value !== undefined)
  const last = known.at(-1)
  const figures = {
    ...metric,
    nights: known.length,
    ...(last !== undefined && { last, mean: meanOf(known) }),
    alarms: [],
  }
  if (known.length === 0 && !stretch.wasMeasured) return { ...figures, status: 'n/a' }
  if (known.length < firstJudged) {
    return { ...figures, status: 'too-few', missing: firstJudged - known.length }
  }
  const { alarms, nights } = selfStartingCusum(values, metric.worse)
  if (alarms.length > 0) {
    const found = alarms.map((_, index) => alarmOf(index, { alarms, values, stretch }))
    return { ...figures, status: 'drift', alarms: found }
  }
  const newest = values.findLastIndex((value) => value !== undefined)
  const isJudged = nights[newest]?.score !== undefined
  return { ...figures, status: isJudged ? 'quiet' : 'constant' }
}

interface Found {
  readonly alarms: ReturnType<typeof selfStartingCusum>['alarms']
  readonly values: readonly (number | undefined)[]
  readonly stretch: Stretch
}

function alarmOf(index: number, { alarms, stretch, values }: Found): DriftAlarm {
  const { changedFrom, night } = at(alarms, index)
  // The chart starts over after an alarm, so that is where "before" begins.
  const start = index === 0 ? 0 : at(alarms, index - 1).night + 1
  const end = alarms[index + 1]?.changedFrom ?? values.length
  const raised = at(stretch.nights, night)
  const changed = at(stretch.nights, changedFrom)
  const move = stretch.moves.findLast(
    (one) => one.night <= raised.night && one.night >= changed.night - nightsAround,
  )
  return {
    night: raised.night,
    at: raised.at,
    changedFrom: changed.night,
    changedAt: changed.at,
    before: meanOf(knownOf(values.slice(start, changedFrom))),
    after: meanOf(knownOf(values.slice(changedFrom, end))),
    ...(move !== undefined && { move }),
  }
}

function knownOf(values: readonly (number | undefined)[]): readonly number[] {
  return values.filter((value) => value !== undefined)
}

/** Of at least one number: an alarm has nights on both sides of its change. */
function meanOf(values: readonly number[]): number {
  return rounded(values.reduce((sum, value) => sum + value, 0) / values.length)
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index]
  if (item === undefined) throw new Error(`a chart names night ${index} of ${items.length}`)
  return item
}
