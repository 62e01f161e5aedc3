import type { MetricVerdict, Verdict } from '../schema/verdict.ts'
import { pointsSize, ratioSize } from './format.ts'
import { inReadingOrder, metricTitle } from './metric-words.ts'

/**
 * Why a metric fails whose change lies within what is allowed, one sentence each: the gate asks whether
 * it got worse at all, and whether by more than allowed is excluded. A row of numbers alone reads like
 * a mistake.
 */
export function failsInsideAllowance({ metrics }: Pick<Verdict, 'metrics'>): readonly string[] {
  return inReadingOrder(metrics).flatMap((metric) => {
    const ends = endsOf(metric)
    if (metric.status !== 'regression' || ends === undefined) return []
    const { allowed, bad, change, good } = ends
    if (change > allowed || bad < allowed) return []
    const size = (by: number): string => sizeOf(metric, by)
    const verb = bad > allowed ? 'exceed' : 'reach'
    const least = good > 0 ? `real (at least ${size(good)}${unitOf(metric)})` : 'more than luck'
    const what = metric.worse === 'lower' ? 'drop' : 'rise'
    return [
      `${metricTitle(metric)}: the ${what} is ${least} and may ${verb} the ${size(allowed)} allowed (up to ${size(bad)})`,
    ]
  })
}

/** How much worse, counted upwards, whichever side is bad; `undefined` without an interval. */
interface Ends {
  readonly change: number
  readonly good: number
  readonly bad: number
  readonly allowed: number
}

function endsOf({
  change,
  ciLower,
  ciUpper,
  kind,
  margin,
  worse,
}: MetricVerdict): Ends | undefined {
  if (change === undefined || ciLower === undefined || ciUpper === undefined) return undefined
  const none = kind === 'rate' ? 0 : 1
  const allowed = margin - none
  return worse === 'lower'
    ? { change: none - change, good: none - ciUpper, bad: none - ciLower, allowed }
    : { change: change - none, good: ciLower - none, bad: ciUpper - none, allowed }
}

function sizeOf({ kind }: MetricVerdict, by: number): string {
  return kind === 'rate' ? pointsSize(by) : ratioSize(1 + by)
}

function unitOf({ kind }: MetricVerdict): string {
  return kind === 'rate' ? ' points' : ''
}

/** Whether the reason for which a low attack rate is unproven says already how many attacks arrived. */
export function isDeliveryTold(verdict: Pick<Verdict, 'metrics'> | undefined): boolean {
  const asr = verdict?.metrics.find(({ id }) => id === 'asr')
  return asr?.status === 'unproven' && asr.note?.includes('arrived') === true
}
