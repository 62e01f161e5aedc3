import type { CaseStats } from '../schema/case-stats.ts'
import type { GatePower, MetricPlan, TrialPlanRow } from '../schema/gate-check.ts'
import type { GateConfig } from '../schema/gate-config.ts'
import type { PlannedCase } from '../schema/run-manifest.ts'
import { chooseUnit } from './choose-unit.ts'
import { rounded } from './finding.ts'
import { type RateMetricDefinition, rateMetrics } from './gated-metrics.ts'
import { assumedRates, plannedRates } from './planned-rates.ts'
import { type PlannedRate, planMetric } from './power-plan.ts'

export interface PowerInput {
  /** Cases that gate, and their twins. */
  readonly planned: readonly PlannedCase[]
  readonly attacked: ReadonlySet<string>
  /** What is known of the same cases, measured as they are now; absent: nothing. */
  readonly baseline?: readonly CaseStats[]
  /** Success rate to suppose where nothing is known. */
  readonly tsr: number
  readonly gate: GateConfig
  readonly trials: readonly number[]
  readonly concurrency: number
}

type PowerFindings = Pick<
  GatePower,
  'unit' | 'alpha' | 'cases' | 'twins' | 'unpriced' | 'metrics' | 'notPlanned' | 'plans'
>

/** What a set could show with each number of trials, and what that would cost and take. */
export function powerFindings(input: PowerInput): PowerFindings {
  const { gate, planned, trials } = input
  const own = planned.filter((one) => one.twinOf === undefined)
  const unit = unitOf(input)
  const metrics = rateMetrics
    .filter(({ id }) => gate.metrics.includes(id))
    .flatMap((metric) => {
      const rates = ratesOf(metric, own, input)
      return planMetric(rates, { metric, gate, unit, trials }) ?? []
    })
  const spend = spendOf(input)
  return {
    unit,
    alpha: gate.alpha,
    cases: own.length,
    twins: planned.length - own.length,
    unpriced: spend.unpriced,
    metrics,
    notPlanned: gate.metrics.filter((id) => !rateMetrics.some((metric) => metric.id === id)),
    plans: trials.map((count) => rowOf(count, metrics, spend)),
  }
}

/** Copies in the baseline will make whole cases the unit; so does the config. */
function unitOf({ baseline = [], gate }: PowerInput): 'trial' | 'case' {
  const pairs = baseline.map((one) => ({ baseline: one, candidate: one }))
  return chooseUnit(pairs, gate.unit) === 'case' ? 'case' : 'trial'
}

function ratesOf(
  metric: RateMetricDefinition,
  own: readonly PlannedCase[],
  { attacked, baseline, tsr }: PowerInput,
): readonly PlannedRate[] {
  if (baseline !== undefined) {
    return plannedRates(
      baseline.filter((one) => one.twinOf === undefined),
      metric,
    )
  }
  const covered = own.filter(({ id, layer }) => {
    if (metric.id === 'asr') return attacked.has(id)
    if (metric.id === 'violationRate') return true
    return (layer === 'adversarial') === (metric.id === 'utilityUnderAttack')
  })
  return assumedRates(covered, metric, tsr)
}

/** One trial of every case and twin. */
interface Spend {
  readonly usd: number | undefined
  readonly unpriced: number
  readonly ms: number | undefined
}

function spendOf({ baseline = [], concurrency, planned }: PowerInput): Spend {
  const known = new Map(baseline.map((one) => [one.id, one]))
  const all = planned.map(({ id }) => known.get(id))
  const prices = all.flatMap((one) =>
    one?.costUsd === undefined || one.costUsd.n === 0 ? [] : [one.costUsd.sum / one.costUsd.n],
  )
  const times = all.flatMap((one) =>
    one === undefined || one.latenciesMs.length === 0
      ? []
      : [sum(one.latenciesMs) / one.latenciesMs.length],
  )
  return {
    usd: prices.length === 0 ? undefined : sum(prices),
    unpriced: all.length - prices.length,
    ms: times.length === 0 ? undefined : ((sum(times) / times.length) * all.length) / concurrency,
  }
}

function rowOf(trials: number, metrics: readonly MetricPlan[], { ms, usd }: Spend): TrialPlanRow {
  const chances = metrics.flatMap(({ reach }) =>
    reach.filter((one) => one.trials === trials).map((one) => one.passChance),
  )
  return {
    trials,
    ...(chances.length > 0 && {
      passChance: rounded(chances.reduce((product, chance) => product * chance, 1)),
    }),
    ...(usd !== undefined && { costUsd: rounded(usd * trials) }),
    ...(ms !== undefined && { durationMs: rounded(ms * trials) }),
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
