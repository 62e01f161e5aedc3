import { holm } from '../metrics/holm.ts'
import type { MetricVerdict } from '../schema/verdict.ts'
import { amountFinding } from './amount-finding.ts'
import { atMost, type Comparison, type Finding, rounded } from './finding.ts'
import { gatedMetrics } from './gated-metrics.ts'
import { rateFinding } from './rate-finding.ts'

/**
 * Every gated metric's verdict.
 *
 * A pass needs no correction, because all must pass; a regression is any of them, so the p-values
 * are corrected by Holm over the metrics that could raise an alarm at all (Tarone 1990).
 */
export function judgeMetrics(comparison: Comparison): readonly MetricVerdict[] {
  const findings = gatedMetrics
    .filter((metric) => comparison.gate.metrics.includes(metric.id))
    .map((metric) =>
      metric.kind === 'rate' ? rateFinding(metric, comparison) : amountFinding(metric, comparison),
    )
  const live = findings.filter((finding) => finding.live)
  const corrected = holm(live.map((finding) => finding.verdict.p ?? 1))
  const pHolmOf = new Map(live.map((finding, index) => [finding, corrected[index] ?? 1]))
  return findings.map((finding) => settle(finding, pHolmOf.get(finding), comparison.gate.alpha))
}

function settle(finding: Finding, pHolm: number | undefined, alpha: number): MetricVerdict {
  const verdict = {
    ...finding.verdict,
    ...(pHolm !== undefined && { pHolm: rounded(pHolm) }),
  }
  if (finding.preliminary !== 'open') return { ...verdict, status: finding.preliminary }
  if (pHolm !== undefined && atMost(pHolm, alpha)) return { ...verdict, status: 'regression' }
  const { remedy } = finding
  return { ...verdict, status: finding.otherwise, ...(remedy !== undefined && { note: remedy }) }
}
