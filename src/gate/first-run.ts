import { meanPassHatK } from '../metrics/pass-hat-k.ts'
import { quantile } from '../metrics/quantile.ts'
import type { CaseStats } from '../schema/case-stats.ts'
import type { GateConfig } from '../schema/gate-config.ts'
import type { MetricVerdict } from '../schema/verdict.ts'
import { rounded } from './finding.ts'
import { type GatedMetricDefinition, gatedMetrics } from './gated-metrics.ts'

/** The candidate's own figures where there is nothing to compare them with: shown, not judged. */
export function firstRunMetrics(
  candidate: readonly CaseStats[],
  gate: GateConfig,
): readonly MetricVerdict[] {
  const own = candidate.filter((one) => one.twinOf === undefined)
  return gatedMetrics
    .filter((metric) => gate.metrics.includes(metric.id))
    .map((metric) => {
      const { n, value } = figureOf(own, metric, gate)
      return {
        id: metric.id,
        status: 'n/a',
        kind: metric.kind === 'passHatK' ? 'rate' : metric.kind,
        worse: metric.worse,
        unit: 'trial',
        nBaseline: 0,
        nCandidate: n,
        ...(value !== undefined && { candidate: rounded(value) }),
        margin: gate.margins[metric.id],
        note: 'no baseline to compare with',
      }
    })
}

interface Figure {
  readonly n: number
  readonly value: number | undefined
}

function figureOf(
  cases: readonly CaseStats[],
  metric: GatedMetricDefinition,
  gate: GateConfig,
): Figure {
  switch (metric.kind) {
    case 'rate':
      return meanRate(cases, metric)
    case 'amount':
      return typicalAmount(cases, metric)
    case 'tail': {
      const values = cases.flatMap(metric.values)
      return { n: values.length, value: quantile(values, metric.share) }
    }
    case 'passHatK': {
      const tried = cases.filter((one) => metric.covers(one) && one.scored > 0)
      const counts = tried.map(({ passed, scored }) => ({ passed, total: scored }))
      return { n: counts.length, value: meanPassHatK(counts, gate.pass_hat_k)?.value }
    }
  }
}

type Metric<K> = Extract<(typeof gatedMetrics)[number], { kind: K }>

function meanRate(cases: readonly CaseStats[], metric: Metric<'rate'>): Figure {
  const tried = cases.filter((one) => metric.covers(one) && metric.trials(one) > 0)
  const n = tried.reduce((sum, one) => sum + metric.trials(one), 0)
  const shares = tried.map((one) => metric.events(one) / metric.trials(one))
  return { n, value: mean(shares) }
}

function typicalAmount(cases: readonly CaseStats[], metric: Metric<'amount'>): Figure {
  const logs = cases.flatMap((one) => metric.meanLog(one) ?? [])
  const typical = mean(logs)
  return { n: logs.length, value: typical === undefined ? undefined : metric.level(typical) }
}

function mean(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
