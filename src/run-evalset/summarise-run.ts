import type { Arm } from '../gate/arm.ts'
import { gatingCases } from '../gate/history-night.ts'
import { samplingOfRun } from '../gate/sampling-of-run.ts'
import type { JudgeTally } from '../judge/tally-judge.ts'
import { caseStatsOf } from '../metrics/case-stats.ts'
import { type ControlledTrials, controlMetricsOf } from '../metrics/control-metrics.ts'
import { attackRate, runMetricsOf } from '../metrics/run-metrics.ts'
import { type CaseRows, decidingRows } from '../metrics/trial-rows.ts'
import type { Weighting } from '../metrics/weighted-rates.ts'
import type { CaseStats } from '../schema/case-stats.ts'
import type { JudgeSummary } from '../schema/judge.ts'
import type { PlannedCase, RunManifest } from '../schema/run-manifest.ts'
import type { RunMetrics } from '../schema/run-metrics.ts'
import type { CaseResult, ControlMetrics, RunResult } from '../schema/run-result.ts'
import type { Verdict } from '../schema/verdict.ts'
import { sealControls, sealResults } from './seal-results.ts'

/** A run reduced to its cases and numbers, from the trial lines alone. */
export interface RunSummary extends Arm {
  readonly metrics: RunMetrics
  readonly results: readonly CaseResult[]
  /** Models that really answered in any trial, sorted; absent where nobody recorded it. */
  readonly servedModels?: readonly string[]
  /** Absent where no policy judged and no control spoke. */
  readonly controls?: ControlMetrics
  /** What a judge did in it; absent where no trial was to be judged. */
  readonly judge?: JudgeSummary
}

/** What of a run is no trial that decides. */
interface Beside {
  /** Of a run with `--mode both`: its trials in which the controls only observed. */
  readonly observed?: readonly CaseRows[] | undefined
  /** Has seen every line that decides; absent where nobody wants to know. */
  readonly judged?: JudgeTally | undefined
}

/**
 * Reduces a run. Trials that were planned and never finished count as incomplete, so that a killed
 * run never looks better than it is. Of a run that ended early only the trials of its whole rounds are
 * expected: what it did not start is not lost.
 *
 * @param collected - the trials that decide
 */
export function summariseRun(
  manifest: RunManifest,
  collected: readonly CaseRows[],
  { judged, observed }: Beside = {},
): RunSummary {
  const rowsById = byId(collected)
  const rounds = manifest.sampling?.stopped?.rounds ?? Number.POSITIVE_INFINITY
  const planned = manifest.cases
    .map((one): ExpectedCase => ({ ...one, expected: Math.min(one.trials, rounds) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  const stats = planned.map((one) => statsOf(one, rowsById.get(one.id), manifest.severeTier))
  return {
    provenance: manifest.provenance,
    cases: stats,
    metrics: runMetricsOf(
      planned.flatMap((one) => rowsById.get(one.id) ?? []),
      stats,
      { weighting: weightingOf(manifest), money: manifest.money, beside: observed },
    ),
    results: planned.map((one, index) => resultOf(one, rowsById.get(one.id), stats[index])),
    ...controlsOf(manifest, { planned, stats, rowsById }, observed),
    ...servedModelsOf([...collected, ...(observed ?? [])]),
    ...judgeOf(manifest, judged),
  }
}

function byId(collected: readonly CaseRows[]): ReadonlyMap<string, CaseRows> {
  return new Map(collected.map((one) => [one.id, one]))
}

interface Half {
  readonly planned: readonly ExpectedCase[]
  readonly stats: readonly CaseStats[]
  readonly rowsById: ReadonlyMap<string, CaseRows>
}

function controlsOf(
  { options, severeTier }: RunManifest,
  own: Half,
  observed: readonly CaseRows[] | undefined,
): Pick<RunSummary, 'controls'> {
  const mode = options['mode'] === 'observe' ? 'observe' : 'enforce'
  const controls = controlMetricsOf(
    { ...controlledTrials(own), mode },
    observed && observedTrials(own.planned, byId(observed), severeTier),
  )
  return controls === undefined ? {} : { controls }
}

function observedTrials(
  planned: readonly ExpectedCase[],
  rowsById: ReadonlyMap<string, CaseRows>,
  severeTier: number,
): Parameters<typeof controlMetricsOf>[1] {
  const stats = planned.map((one) => statsOf(one, rowsById.get(one.id), severeTier))
  const trials = controlledTrials({ planned, stats, rowsById })
  return { ...trials, asr: attackRate(gatingCases(stats)) }
}

/** Of the cases that count, without their twins. */
function controlledTrials({ rowsById, stats }: Half): ControlledTrials {
  const counting = gatingCases(stats)
  return {
    cases: counting.flatMap(({ id }) => rowsById.get(id) ?? []),
    lost: counting.reduce((sum, one) => sum + one.invalid + one.incomplete, 0),
  }
}

function judgeOf(
  { judge: by }: RunManifest,
  judged: JudgeTally | undefined,
): Pick<RunSummary, 'judge'> {
  const judge = by && judged?.finish(by)
  return judge === undefined ? {} : { judge }
}

function servedModelsOf(collected: readonly CaseRows[]): Pick<RunSummary, 'servedModels'> {
  const served = new Set<string>()
  for (const { rows } of collected) {
    for (const { servedModels = [] } of rows) for (const model of servedModels) served.add(model)
  }
  return served.size === 0 ? {} : { servedModels: [...served].sort() }
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
    ...(summary.servedModels !== undefined && { servedModels: [...summary.servedModels] }),
    ...(summary.controls !== undefined && {
      controls: sealControls(summary.controls, summary.results),
    }),
    ...(summary.judge !== undefined && { judge: summary.judge }),
    ...(manifest.lint !== undefined && { lint: manifest.lint }),
    ...(verdict === undefined ? stoppedOf(manifest, summary) : { verdict }),
  }
}

/** A verdict says this by itself. */
function stoppedOf(manifest: RunManifest, { cases }: RunSummary): Pick<RunResult, 'stopped'> {
  const { notReached, stopped: why } = samplingOfRun(manifest, cases) ?? {}
  if (notReached === undefined || why === undefined || why === 'decided') return {}
  return { stopped: { why, notReached: notReached.size } }
}

/** A case with the trials that it should have by now. */
interface ExpectedCase extends PlannedCase {
  readonly expected: number
}

function statsOf(planned: ExpectedCase, rows: CaseRows | undefined, severeTier: number): CaseStats {
  const { cluster, definitionHash, id, layer, slices, split, status, tier, twinOf } = planned
  const found = rows ?? { id, layer, cluster, definitionHash, twinOf, rows: [] }
  const stats = caseStatsOf(found, severeTier)
  const missing = planned.expected - decidingRows(found.rows).length
  return {
    ...stats,
    ...(status !== undefined && { status }),
    ...(split !== undefined && { split }),
    ...(tier !== undefined && { tier }),
    ...(slices !== undefined && { slices }),
    incomplete: stats.incomplete + Math.max(0, missing),
  }
}

function resultOf(
  planned: ExpectedCase,
  rows: CaseRows | undefined,
  stats: CaseStats | undefined,
): CaseResult {
  if (stats === undefined) throw new Error(`no stats for case ${planned.id}`)
  const deciding = decidingRows(rows?.rows ?? [])
  return {
    ...stats,
    // Time may have ended a round in which this case already had its trial.
    n: Math.max(planned.expected, deciding.length),
    failed: stats.scored - stats.passed,
    skipped: deciding.filter((row) => row.outcome === 'skipped').length,
    ...(planned.file !== undefined && { file: planned.file }),
    ...(planned.line !== undefined && { line: planned.line }),
  }
}
