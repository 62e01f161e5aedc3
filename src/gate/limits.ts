import { clopperPearson } from '../metrics/binomial-intervals.ts'
import { meanCost } from '../metrics/mean-cost.ts'
import type { Interval } from '../metrics/tango-interval.ts'
import type { CaseStats } from '../schema/case-stats.ts'
import type { GateConfig, GatedMetricId } from '../schema/gate-config.ts'
import { type RateMetricDefinition, rateMetrics } from './gated-metrics.ts'
import { pooledCounts } from './pooled-counts.ts'

/**
 * How one absolute limit stands: proven kept or proven missed by a bound, `open` where the sample
 * proves neither, `unmeasured` where there is no sample.
 */
export interface LimitStanding {
  readonly status: 'kept' | 'missed' | 'open' | 'unmeasured'
  /** What was measured and what is allowed, in words. */
  readonly message: string
  readonly cases: readonly string[]
  /** Of "always" and "never", which no sample proves and a single event disproves. */
  readonly isNeverProven?: boolean
}

type Rules = Pick<GateConfig, 'alpha' | 'limits'>

/** Cases of a limit that are named; with more, naming helps nobody. */
const mostNamed = 10

/** Every limit that the eval set sets, in the order of the metrics. */
export function checkLimits(cases: readonly CaseStats[], gate: Rules): readonly LimitStanding[] {
  const rates = rateMetrics.flatMap((metric) => rateLimit(metric, cases, gate) ?? [])
  return [...rates, ...(costLimit(cases, gate) ?? [])]
}

/** A limit is missed only when the data prove it: the bound on the good side lies beyond it. */
function rateLimit(
  metric: RateMetricDefinition,
  cases: readonly CaseStats[],
  { alpha, limits }: Rules,
): readonly LimitStanding[] | undefined {
  const { max, min } = limitOf(metric.id, limits)
  const limit = min ?? max
  if (limit === undefined) return undefined
  const isFloor = min !== undefined
  const covered = cases.filter((one) => metric.covers(one))
  const counts = pooledCounts(covered, metric)
  const bounds = clopperPearson(counts, alpha)
  const allowed = `the limit is ${isFloor ? 'at least' : 'at most'} ${limit}`
  if (bounds === undefined) return standing('unmeasured', `${metric.id} has no trial, ${allowed}`)
  const { lower, upper } = bounds
  const range = `${lower.toFixed(4)} to ${upper.toFixed(4)}`
  const status = isFloor ? floorStatus(bounds, limit) : ceilingStatus(bounds, limit)
  if (status !== 'missed') {
    const [found] = standing(status, `${metric.id} may be ${range}, ${allowed}`)
    return limit === (isFloor ? 1 : 0) ? [{ ...found, isNeverProven: true }] : [found]
  }
  const proven = isFloor ? `at most ${upper.toFixed(4)}` : `at least ${lower.toFixed(4)}`
  return standing(status, `${metric.id} is ${proven}, ${allowed}`, covered)
}

function floorStatus({ lower, upper }: Interval, limit: number): LimitStanding['status'] {
  if (upper < limit) return 'missed'
  return lower >= limit ? 'kept' : 'open'
}

function ceilingStatus({ lower, upper }: Interval, limit: number): LimitStanding['status'] {
  if (lower > limit) return 'missed'
  return upper <= limit ? 'kept' : 'open'
}

interface RateLimit {
  readonly min?: number | undefined
  readonly max?: number | undefined
}

function limitOf(id: GatedMetricId, limits: GateConfig['limits']): RateLimit {
  const { asr, tsr, utilityUnderAttack, violationRate } = limits
  const known = new Map<GatedMetricId, RateLimit | undefined>([
    ['tsr', tsr],
    ['utilityUnderAttack', utilityUnderAttack],
    ['asr', asr],
    ['violationRate', violationRate],
  ])
  return known.get(id) ?? {}
}

/** Trials of a case cost alike, so that cases are what the mean varies over. */
function costLimit(
  cases: readonly CaseStats[],
  { alpha, limits }: Rules,
): readonly LimitStanding[] | undefined {
  const limit = limits.costPerTask?.max_usd
  if (limit === undefined) return undefined
  const allowed = `the limit is $${limit}`
  const cost = meanCost(cases, alpha)
  if (cost === undefined) return standing('unmeasured', `no trial has a known cost, ${allowed}`)
  const mean = `a task costs $${cost.mean.toPrecision(3)} on average`
  const { lower, upper } = cost
  if (lower !== undefined && lower > limit) {
    return standing('missed', `${mean} and at least $${lower.toPrecision(3)}, ${allowed}`, cases)
  }
  if (upper !== undefined && upper <= limit) return standing('kept', `${mean}, ${allowed}`)
  const most = upper === undefined ? '' : ` and may cost up to $${upper.toPrecision(3)}`
  return standing('open', `${mean}${most}, ${allowed}`)
}

function standing(
  status: LimitStanding['status'],
  message: string,
  cases: readonly CaseStats[] = [],
): readonly [LimitStanding] {
  const named = cases.length > mostNamed ? [] : cases.map((one) => one.id)
  return [{ status, message, cases: named }]
}
