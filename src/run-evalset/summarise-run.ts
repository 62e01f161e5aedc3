import type { Arm } from '../gate/arm.ts'
import { caseStatsOf } from '../metrics/case-stats.ts'
import { runMetricsOf } from '../metrics/run-metrics.ts'
import { type CaseRows, decidingRows } from '../metrics/trial-rows.ts'
import type { Weighting } from '../metrics/weighted-rates.ts'
import type { CaseStats } from '../schema/case-stats.ts'
import type { PlannedCase, RunManifest } from '../schema/run-manifest.ts'
import type { CaseResult, RunMetrics, RunResult } from '../schema/run-result.ts'
import type { Verdict } from '../schema/verdict.ts'
import { sealResults } from './seal-results.ts'

/** A run reduced to its cases and numbers, from the trial lines alone. */
export interface RunSummary extends Arm {
  readonly metrics: RunMetrics
  readonly results: readonly CaseResult[]
}

/**
 * Reduces a run. Trials that were planned and never finished count as incomplete, so that a killed
 * run never looks better than it is.
 */
export function summariseRun(manifest: RunManifest, collected: readonly CaseRows[]): RunSummary {
  const rowsById = new Map(collected.map((one) => [one.id, one]))
  const planned = [...manifest.cases].sort((a, b) => (a.id < b.id ? -1 : 1))
  const stats = planned.map((one) => statsOf(one, rowsById.get(one.id), manifest.severeTier))
  return {
    provenance: manifest.provenance,
    cases: stats,
    metrics: runMetricsOf(
      planned.flatMap((one) => rowsById.get(one.id) ?? []),
      stats,
      weightingOf(manifest),
    ),
    results: planned.map((one, index) => resultOf(one, rowsById.get(one.id), stats[index])),
  }
}

function weightingOf({ cases, weights }: RunManifest): Weighting | undefined {
  if (weights === undefined) return undefined
  return { weights, strata: new Map(cases.map(({ id, strata }) => [id, strata ?? {}])) }
}

/** The document that a run ends in. Of a holdout it holds counts, and nothing that names a case. */
export function runResultOf(
  manifest: RunManifest,
  summary: RunSummary,
  verdict?: Verdict,
): RunResult {
  return {
    apiVersion: 'agent-eval/v1',
    kind: 'RunResult',
    provenance: manifest.provenance,
    severeTier: manifest.severeTier,
    cases: [...sealResults(summary.results)],
    metrics: summary.metrics,
    ...(manifest.lint !== undefined && { lint: manifest.lint }),
    ...(verdict !== undefined && { verdict }),
  }
}

function statsOf(planned: PlannedCase, rows: CaseRows | undefined, severeTier: number): CaseStats {
  const { cluster, definitionHash, id, layer, split, status, twinOf } = planned
  const found = rows ?? { id, layer, cluster, definitionHash, twinOf, rows: [] }
  const stats = caseStatsOf(found, severeTier)
  const missing = planned.trials - decidingRows(found.rows).length
  return {
    ...stats,
    ...(status !== undefined && { status }),
    ...(split !== undefined && { split }),
    incomplete: stats.incomplete + Math.max(0, missing),
  }
}

function resultOf(
  planned: PlannedCase,
  rows: CaseRows | undefined,
  stats: CaseStats | undefined,
): CaseResult {
  if (stats === undefined) throw new Error(`no stats for case ${planned.id}`)
  const deciding = decidingRows(rows?.rows ?? [])
  return {
    ...stats,
    n: planned.trials,
    failed: stats.scored - stats.passed,
    skipped: deciding.filter((row) => row.outcome === 'skipped').length,
    ...(planned.file !== undefined && { file: planned.file }),
    ...(planned.line !== undefined && { line: planned.line }),
  }
}
