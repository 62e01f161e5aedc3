import { clopperPearson } from '../metrics/binomial-intervals.ts'
import type { CaseStats } from '../schema/case-stats.ts'
import type { GateConfig } from '../schema/gate-config.ts'
import type { Fact } from '../schema/verdict.ts'
import { gatedMetrics, type RateMetricDefinition } from './gated-metrics.ts'

interface FactContext {
  readonly gate: GateConfig
  /** An ISO date; a waiver counts through the day on which it expires. */
  readonly today: string
  /**
   * Cases that ran, and that the baseline knows as cases that count: what they did is a fact still,
   * and no part of any rate.
   */
  readonly setAside?: readonly CaseStats[]
}

/**
 * What needs no comparison: executed violations that no statistics excuse, and absolute limits.
 *
 * @param candidate - the cases that count
 */
export function findFacts(
  candidate: readonly CaseStats[],
  { gate, setAside = [], today }: FactContext,
): readonly Fact[] {
  const own = candidate.filter((one) => one.twinOf === undefined)
  return [...violationFacts([...own, ...setAside], gate, today), ...limitFacts(own, gate)]
}

function violationFacts(
  cases: readonly CaseStats[],
  gate: GateConfig,
  today: string,
): readonly Fact[] {
  const rules = new Set(cases.flatMap((one) => Object.keys(one.violationsByRule)))
  return [...rules].sort().flatMap((rule) => {
    const zero = gate.zero_tolerance.includes(rule)
    const times = (one: CaseStats): number =>
      zero ? (one.violationsByRule[rule]?.executed ?? 0) : (one.severeByRule[rule] ?? 0)
    const hit = cases.filter((one) => times(one) > 0)
    if (hit.length === 0) return []
    const actions = hit.reduce((sum, one) => sum + times(one), 0)
    const waiver = gate.waivers.find((one) => one.rule === rule && one.expires >= today)
    const what = zero ? 'that allows no exception' : 'with a high-impact action'
    const fact: Fact = {
      kind: zero ? 'zero-tolerance' : 'severe-violation',
      message: `rule "${rule}" ${what} was broken by ${plural(actions, 'executed call')} in ${plural(hit.length, 'case')}`,
      cases: hit.map((one) => one.id),
      rule,
      ...(waiver !== undefined && {
        waivedBy: `${waiver.owner} until ${waiver.expires}: ${waiver.reason}`,
      }),
    }
    return [fact]
  })
}

function limitFacts(cases: readonly CaseStats[], gate: GateConfig): readonly Fact[] {
  const rates = gatedMetrics.flatMap((metric) =>
    metric.kind === 'rate' ? (rateLimit(metric, cases, gate) ?? []) : [],
  )
  return [...rates, ...costLimit(cases, gate)]
}

/** A limit is missed only when the data prove it: the bound on the good side lies beyond it. */
function rateLimit(
  metric: RateMetricDefinition,
  cases: readonly CaseStats[],
  gate: GateConfig,
): Fact | undefined {
  const limit: { min?: number | undefined; max?: number | undefined } | undefined =
    metric.id === 'costPerTask' ? undefined : gate.limits[metric.id]
  if (limit === undefined) return undefined
  const covered = cases.filter((one) => metric.covers(one))
  const events = covered.reduce((sum, one) => sum + metric.events(one), 0)
  const trials = covered.reduce((sum, one) => sum + metric.trials(one), 0)
  const bounds = clopperPearson({ events, trials }, gate.alpha)
  if (bounds === undefined) return undefined
  const { min, max } = limit
  if (min !== undefined && bounds.upper < min) {
    return missed(
      covered,
      `${metric.id} is at most ${bounds.upper.toFixed(4)}, the limit is at least ${min}`,
    )
  }
  if (max !== undefined && bounds.lower > max) {
    return missed(
      covered,
      `${metric.id} is at least ${bounds.lower.toFixed(4)}, the limit is at most ${max}`,
    )
  }
  return undefined
}

function costLimit(cases: readonly CaseStats[], gate: GateConfig): readonly Fact[] {
  const limit = gate.limits.costPerTask?.max_usd
  const trials = cases.reduce((sum, one) => sum + (one.costUsd?.n ?? 0), 0)
  if (limit === undefined || trials === 0) return []
  const mean = cases.reduce((sum, one) => sum + (one.costUsd?.sum ?? 0), 0) / trials
  if (mean <= limit) return []
  return [missed(cases, `a task costs $${mean.toPrecision(3)} on average, the limit is $${limit}`)]
}

function missed(cases: readonly CaseStats[], message: string): Fact {
  const all = cases.length > 10 ? [] : cases.map((one) => one.id)
  return { kind: 'limit', message, cases: all }
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
