import type { CaseStats } from '../schema/case-stats.ts'
import type { MetricVerdict } from '../schema/verdict.ts'
import { rounded } from './finding.ts'
import type { RateMetricDefinition } from './gated-metrics.ts'
import type { CasePair } from './pair-cases.ts'

/**
 * The change if every lost trial had gone one way, and the other: what the missing evidence could
 * hide at worst. Cases without any trial in an arm cannot be bounded and are left out.
 */
export function worstChange(
  pairs: readonly CasePair[],
  metric: RateMetricDefinition,
): Pick<MetricVerdict, 'worstLower' | 'worstUpper'> {
  const tried = pairs.filter(
    ({ baseline, candidate }) => withLost(baseline, metric) > 0 && withLost(candidate, metric) > 0,
  )
  if (tried.length === 0) return {}
  const mean = (difference: (pair: CasePair) => number): number =>
    rounded(tried.reduce((sum, pair) => sum + difference(pair), 0) / tried.length)
  return {
    worstLower: mean((pair) => lowest(pair.candidate, metric) - highest(pair.baseline, metric)),
    worstUpper: mean((pair) => highest(pair.candidate, metric) - lowest(pair.baseline, metric)),
  }
}

function lost(stats: CaseStats): number {
  return stats.invalid + stats.incomplete
}

/** Trials in which a metric was to be measured, whether or not that worked. */
export function withLost(stats: CaseStats, metric: RateMetricDefinition): number {
  return metric.trials(stats) + lost(stats)
}

function lowest(stats: CaseStats, metric: RateMetricDefinition): number {
  return metric.events(stats) / withLost(stats, metric)
}

function highest(stats: CaseStats, metric: RateMetricDefinition): number {
  return (metric.events(stats) + lost(stats)) / withLost(stats, metric)
}
