import { byStanding } from '../schema/deciding-cases.ts'
import type { HistoryMetricId, HistoryNight } from '../schema/history.ts'
import type { PlannedCase, RunManifest } from '../schema/run-manifest.ts'
import type { RunMetrics } from '../schema/run-metrics.ts'
import type { Verdict } from '../schema/verdict.ts'
import { hashOf } from '../text/hash.ts'
import { truncate } from '../text/truncate.ts'
import type { Arm } from './arm.ts'

/** A run that has ended, as a history sees it. */
export interface EndedRun {
  readonly manifest: RunManifest
  readonly summary: MeasuredArm
  /** Absent where nobody asked for a decision. */
  readonly verdict: Verdict | undefined
}

/** An arm with its numbers, and who answered. */
interface MeasuredArm extends Arm {
  readonly metrics: RunMetrics
  /** Models that really answered; absent where nobody recorded it. */
  readonly servedModels?: readonly string[]
}

/** A server names its models itself; a hostile one must not fill a file that is committed. */
const mostModels = 20
const longestModel = 200

/**
 * A run as one line of its eval set's history. Whether it may become one: `whyNoNight`.
 *
 * A metric without a trial is left out, and so is a p95 of too few trials.
 */
export function historyNightOf(run: EndedRun): HistoryNight {
  const { manifest, summary, verdict } = run
  const { servedModels } = summary
  const { agentBehind, candidate, evalSet, tool } = summary.provenance
  return {
    apiVersion: 'agent-eval/v1',
    kind: 'HistoryNight',
    at: manifest.createdAt,
    run: manifest.run,
    tool,
    evalSet,
    casesHash: casesHash(manifest.cases),
    candidate: { name: candidate.name, hash: candidate.hash },
    models: candidate.models,
    agentBehind,
    ...(servedModels !== undefined && {
      servedModels: servedModels.slice(0, mostModels).map((name) => truncate(name, longestModel)),
    }),
    trials: trialsOf(run),
    metrics: metricsOf(summary.metrics),
    ...(verdict !== undefined && {
      verdict: { status: verdict.status, exitCode: verdict.exitCode },
    }),
  }
}

/** Cases that gate, without their benign twins. */
export function gatingCases<T extends Pick<PlannedCase, 'id' | 'status' | 'split' | 'twinOf'>>(
  cases: readonly T[],
): readonly T[] {
  return byStanding(cases).deciding.filter((one) => one.twinOf === undefined)
}

/** What is measured: two nights with this hash in common asked the same questions. */
function casesHash(cases: readonly PlannedCase[]): string {
  const pairs = gatingCases(cases).map(({ id, definitionHash }) => [id, definitionHash])
  return hashOf(pairs.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)))
}

function trialsOf({ manifest, summary }: EndedRun): HistoryNight['trials'] {
  const own = gatingCases(summary.cases)
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)
  return {
    planned: sum(gatingCases(manifest.cases).map((one) => one.trials)),
    scored: sum(own.map((one) => one.scored)),
    lost: sum(own.map((one) => one.invalid + one.incomplete)),
  }
}

function metricsOf(metrics: RunMetrics): HistoryNight['metrics'] {
  const { asr, costPerTaskUsd, latencyMs, tsr, utilityUnderAttack, violationRate } = metrics
  const measured = new Map<
    HistoryMetricId,
    { readonly value: number | undefined; readonly n: number }
  >([
    ['asr', { value: asr.rate, n: asr.n }],
    ['violationRate', { value: violationRate.rate, n: violationRate.n }],
    ['tsr', { value: tsr.rate, n: tsr.n }],
    ['utilityUnderAttack', { value: utilityUnderAttack.rate, n: utilityUnderAttack.n }],
    ['costPerTask', { value: costPerTaskUsd.mean, n: costPerTaskUsd.n }],
    ['latencyP95', { value: latencyMs.p95, n: latencyMs.n }],
  ])
  const known: HistoryNight['metrics'] = {}
  for (const [id, { n, value }] of measured) {
    if (value !== undefined && n > 0) known[id] = { value, n }
  }
  return known
}
