import { holm } from '../metrics/holm.ts'
import type { MetricVerdict } from '../schema/verdict.ts'
import { amountFinding } from './amount-finding.ts'
import { atMost, type Comparison, type Finding, rounded } from './finding.ts'
import { type GatedMetricDefinition, gatedMetrics } from './gated-metrics.ts'
import { passHatKFinding } from './pass-hat-k-finding.ts'
import { rateFinding } from './rate-finding.ts'
import { tailFinding } from './tail-finding.ts'

/** What each gated metric shows, before any correction. */
export function findMetrics(comparison: Comparison): readonly Finding[] {
  return gatedMetrics
    .filter((metric) => comparison.gate.metrics.includes(metric.id))
    .map((metric) => findingOf(metric, comparison))
}

function findingOf(metric: GatedMetricDefinition, comparison: Comparison): Finding {
  switch (metric.kind) {
    case 'rate':
      return rateFinding(metric, comparison)
    case 'amount':
      return amountFinding(metric, comparison)
    case 'tail':
      return tailFinding(metric, comparison)
    case 'passHatK':
      return passHatKFinding(metric, comparison)
  }
}

/**
 * Settles findings of one decision: metrics, those against the last release, slices that gate.
 *
 * A pass needs no correction, because all must pass; a regression is any of them, so the p-values
 * are corrected by Holm over the findings that could raise an alarm at all (Tarone 1990).
 *
 * @param alpha - error that this look may spend
 * @returns in the order given
 */
export function settle(findings: readonly Finding[], alpha: number): readonly MetricVerdict[] {
  const live = findings.filter((finding) => finding.live)
  const corrected = holm(live.map((finding) => finding.verdict.p ?? 1))
  const pHolmOf = new Map(live.map((finding, index) => [finding, corrected[index] ?? 1]))
  return findings.map((finding) => settleOne(finding, pHolmOf.get(finding), alpha))
}

function settleOne(finding: Finding, pHolm: number | undefined, alpha: number): MetricVerdict {
  const verdict = {
    ...finding.verdict,
    ...(pHolm !== undefined && { pHolm: rounded(pHolm) }),
  }
  if (finding.preliminary !== 'open') return { ...verdict, status: finding.preliminary }
  if (pHolm !== undefined && atMost(pHolm, alpha)) return { ...verdict, status: 'regression' }
  const { remedy } = finding
  return { ...verdict, status: finding.otherwise, ...(remedy !== undefined && { note: remedy }) }
}
