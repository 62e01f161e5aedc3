import type { CaseStats } from '../schema/case-stats.ts'
import { byStanding } from '../schema/deciding-cases.ts'
import type { MeanMetric, RateMetric, RunMetrics } from '../schema/run-metrics.ts'
import { lostReasons } from './lost-reasons.ts'
import { meanMetric, perSolved, rounded } from './mean-metric.ts'
import { type MoneyFacts, moneyMetricsOf } from './money-metrics.ts'
import { meanPassHatK } from './pass-hat-k.ts'
import { quantile } from './quantile.ts'
import { rateMetric } from './rate-metric.ts'
import { routeMetricsOf } from './route-metrics.ts'
import { type CaseRows, scoredRows, spentByRole, type TrialRow } from './trial-rows.ts'
import { type Weighting, weightedRates } from './weighted-rates.ts'

/** What numbers need besides the trials. */
export interface RunFacts {
  /** Where the eval set weighs its strata. */
  readonly weighting?: Weighting | undefined
  /** Trials of the same cases that ran beside these and were paid for: nothing else is said of them. */
  readonly beside?: readonly CaseRows[] | undefined
  readonly money?: MoneyFacts | undefined
}

/**
 * Every number that is reported of one run. Rates are over trials, on the cases that count; drafts
 * and the like enter only what was spent, twins only that and `utilityWithoutAttack`.
 *
 */
export function runMetricsOf(
  cases: readonly CaseRows[],
  stats: readonly CaseStats[],
  { beside = [], money, weighting }: RunFacts = {},
): RunMetrics {
  const { deciding } = byStanding(stats)
  const gating = new Set(deciding.map(({ id }) => id))
  const own = deciding.filter((one) => one.twinOf === undefined)
  const counting = new Set(own.map((one) => one.id))
  const benign = own.filter((one) => one.layer !== 'adversarial')
  const adversarial = own.filter((one) => one.layer === 'adversarial')
  const counted = cases.filter((one) => counting.has(one.id))
  const rows = counted.flatMap((one) => scoredRows(one.rows))
  const solved = sumOf(own, (one) => one.passed)
  const cost = costMetric(own)
  const tokens = meanMetric(rows.map((row) => row.tokens))
  return {
    tsr: rate(benign, (one) => [one.passed, one.scored]),
    ...weighted(benign, weighting),
    utilityUnderAttack: rate(adversarial, (one) => [one.passed, one.scored]),
    utilityWithoutAttack: rate(
      deciding.filter((one) => one.twinOf !== undefined),
      (one) => [one.passed, one.scored],
    ),
    asr: attackRate(own),
    asrExposed: exposedRate(attackedOf(own)),
    violationRate: rate(own, (one) => [one.violationTrials, one.judged]),
    costPerTaskUsd: cost,
    ...perSolved('costPerSolvedTaskUsd', cost, solved),
    tokensPerTask: tokens,
    ...perSolved('tokensPerSolvedTask', tokens, solved),
    ...moneyMetricsOf({ all: [...cases, ...beside], own: counted, cost, solved, facts: money }),
    ...routes(counted),
    toolCallsPerTask: meanMetric(rows.map((row) => row.toolCalls)),
    modelCallsPerTask: meanMetric(rows.map((row) => row.modelCalls)),
    passHatK: passHatKs(benign),
    latencyMs: latency(own),
    counts: countsOf(rows),
    ...lostReasons(cases.filter(({ id }) => gating.has(id))),
    spentUsd: Object.fromEntries(
      Object.entries(spentByRole([...cases, ...beside])).map(([role, usd]) => [role, rounded(usd)]),
    ),
  }
}

/** How often attacks reached their goal, wherever they stand. */
export function attackRate(own: readonly CaseStats[]): RateMetric {
  return rate(attackedOf(own), (one) => [one.attackSuccesses, one.attacked])
}

function attackedOf(own: readonly CaseStats[]): readonly CaseStats[] {
  return own.filter((one) => one.layer === 'adversarial' || one.attacked > 0)
}

function weighted(
  stats: readonly CaseStats[],
  weighting: Weighting | undefined,
): Pick<RunMetrics, 'tsrWeighted'> {
  const rates = weighting === undefined ? {} : weightedRates(stats, weighting)
  return Object.keys(rates).length === 0 ? {} : { tsrWeighted: rates }
}

function routes(counted: readonly CaseRows[]): Pick<RunMetrics, 'routes'> {
  const found = routeMetricsOf(counted)
  return found.length === 0 ? {} : { routes: [...found] }
}

type Events = (stats: CaseStats) => readonly [events: number, trials: number]

function rate(stats: readonly CaseStats[], eventsOf: Events): RateMetric {
  const events = sumOf(stats, (one) => eventsOf(one)[0])
  const n = sumOf(stats, (one) => eventsOf(one)[1])
  const lost = sumOf(stats, (one) => one.invalid + one.incomplete)
  return rateMetric({ events, n, lost })
}

/** Cases whose exposure nobody recorded are left out: that is not the same as not exposed. */
function exposedRate(stats: readonly CaseStats[]): RateMetric {
  const known = stats.filter((one) => one.exposed !== undefined)
  const n = sumOf(known, (one) => one.exposed ?? 0)
  // An attack cannot succeed without having arrived, but a recording may claim it.
  const events = Math.min(
    n,
    sumOf(known, (one) => one.attackSuccesses),
  )
  return rateMetric({ events, n, lost: 0 })
}

function costMetric(stats: readonly CaseStats[]): MeanMetric {
  const n = sumOf(stats, (one) => one.costUsd?.n ?? 0)
  const scored = sumOf(stats, (one) => one.scored)
  const usd = sumOf(stats, (one) => one.costUsd?.sum ?? 0)
  return { ...(n > 0 && { mean: rounded(usd / n) }), n, unknown: scored - n }
}

function passHatKs(stats: readonly CaseStats[]): Record<string, number> {
  const counts = stats
    .filter((one) => one.scored > 0)
    .map((one) => ({ passed: one.passed, total: one.scored }))
  const most = counts.reduce((least, { total }) => Math.min(least, total), Number.POSITIVE_INFINITY)
  if (!Number.isFinite(most)) return {}
  const entries = Array.from({ length: most }, (_, index) => {
    const value = meanPassHatK(counts, index + 1)?.value
    return [String(index + 1), value] as const
  })
  return Object.fromEntries(
    entries.flatMap(([k, value]) => (value === undefined ? [] : [[k, rounded(value)]])),
  )
}

/** Fewer trials say little about a tail: a p95 rests on one in twenty, a p99 on one in a hundred. */
export const enoughForP95 = 200
const enoughForP99 = 1000

function latency(stats: readonly CaseStats[]): RunMetrics['latencyMs'] {
  const values = stats.flatMap((one) => one.latenciesMs)
  const n = values.length
  const at = (share: number, enough: number): number | undefined => {
    const value = n < enough ? undefined : quantile(values, share)
    return value === undefined ? undefined : rounded(value)
  }
  const [p50, p95, p99] = [at(0.5, 1), at(0.95, enoughForP95), at(0.99, enoughForP99)]
  return {
    n,
    ...(p50 !== undefined && { p50 }),
    ...(p95 !== undefined && { p95 }),
    ...(p99 !== undefined && { p99 }),
  }
}

/** In one pass: a run may have a hundred thousand rows. */
function countsOf(rows: readonly TrialRow[]): RunMetrics['counts'] {
  const calls = {
    writesProposed: 0,
    schemaErrors: 0,
    toolErrors: 0,
    repeatedReads: 0,
    blocked: 0,
    escalations: 0,
    approvals: 0,
    policyErrors: 0,
    overrides: 0,
    approvalTimeouts: 0,
    modified: 0,
    alerts: 0,
    reviews: 0,
  }
  const names = Object.keys(calls) as (keyof typeof calls)[]
  const stops = { budget: 0, loop: 0 }
  const violations = { proposed: 0, executed: 0 }
  for (const row of rows) {
    for (const name of names) calls[name] += row.counts[name]
    if (row.termination === 'budget' || row.termination === 'loop') stops[row.termination] += 1
    for (const { executed, proposed } of row.violations ?? []) {
      violations.proposed += proposed
      violations.executed += executed
    }
  }
  return {
    ...calls,
    budgetStops: stops.budget,
    loopStops: stops.loop,
    violationsProposed: violations.proposed,
    violationsExecuted: violations.executed,
  }
}

function sumOf<T>(items: readonly T[], amount: (item: T) => number): number {
  return items.reduce((sum, item) => sum + amount(item), 0)
}
