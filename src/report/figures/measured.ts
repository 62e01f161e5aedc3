import type { ComparedFigures } from '../../schema/compared-figures.ts'
import type { GatedMetricId } from '../../schema/gate-config.ts'
import type { RunMetrics } from '../../schema/run-metrics.ts'
import type { ControlMetrics } from '../../schema/run-result.ts'
import type { Verdict } from '../../schema/verdict.ts'
import { countOf, whole } from '../format.ts'
import { type Measured, wasInBrackets, wasWords } from './measured-row.ts'
import { type MeasuredRows, measuredRows } from './measured-rows.ts'

/** Every number of a run that is told, in the order of reading: its table where nothing was compared. */
export function measured(metrics: RunMetrics): readonly Measured[] {
  return Object.values(measuredRows(metrics))
}

/** Whether a metric has its row among those that decide. */
export function isGated(id: GatedMetricId, { metrics }: Pick<Verdict, 'metrics'>): boolean {
  return metrics.some((metric) => metric.id === id && metric.status !== 'n/a')
}

/** Those that are not among the ones which decide. */
export function notGatedRows(
  rows: MeasuredRows,
  verdict: Pick<Verdict, 'metrics'>,
): readonly Measured[] {
  return Object.entries(rows)
    .filter(([name]) => {
      const id = gatedBy.get(name)
      return id === undefined || !isGated(id, verdict)
    })
    .map(([, row]) => row)
}

/** Rows that show the same as a metric which may gate. Of amounts that is the typical one, not the mean. */
const gatedBy: ReadonlyMap<string, GatedMetricId> = new Map([
  ['tsr', 'tsr'],
  ['passHatK', 'passHatK'],
  ['asr', 'asr'],
  ['utilityUnderAttack', 'utilityUnderAttack'],
  ['violationRate', 'violationRate'],
  ['typicalTokens', 'tokensPerTask'],
  ['typicalToolCalls', 'toolCallsPerTask'],
  ['latencyP95', 'latencyP95'],
  ['latencyP99', 'latencyP99'],
])

/** A few numbers on one line, for a report whose table holds those that `verdict` gates. */
export function notGated(
  metrics: RunMetrics,
  verdict: Pick<Verdict, 'metrics'>,
  figures?: ComparedFigures,
): string {
  const rows = measuredRows(metrics, figures)
  const { latencyP95, passHatK: all } = rows
  const parts: readonly (readonly [GatedMetricId, readonly string[]])[] = [
    ['passHatK', all === undefined ? [] : [`${all.label} ${all.value}${wasInBrackets(all)}`]],
    ['toolCallsPerTask', ofTasks(rows.toolCallsPerTask, rows.typicalToolCalls)],
    ['tokensPerTask', ofTasks(rows.tokensPerTask, rows.typicalTokens)],
    [
      'latencyP95',
      latencyP95 === undefined ? [] : [`p95 ${latencyP95.value}${wasInBrackets(latencyP95)}`],
    ],
  ]
  const shown = parts.filter(([id]) => !isGated(id, verdict)).flatMap(([, texts]) => texts)
  return shown.length === 0 ? '' : `not gated: ${shown.join(', ')}`
}

/** `3.3 tool calls per task (was 3.1)`; with what a typical task took, or that alone, where no more is known. */
function ofTasks(mean: Measured | undefined, typical: Measured | undefined): readonly string[] {
  const row = mean ?? typical
  if (row === undefined) return []
  const isBoth = mean !== undefined && typical !== undefined
  return [`${row.value} ${row.label}${isBoth ? ` (${typicalWords(typical)})` : wasInBrackets(row)}`]
}

/** `3.1 in a typical task, was 2.9`. */
export function typicalWords(typical: Measured): string {
  return `${typical.value} in a typical task${wasWords(typical)}`
}

/** How many attacks reached the agent; empty where none was tried. */
export function exposure({ asr, asrExposed }: RunMetrics): string {
  return asr.n === 0 ? '' : `${countOf(asrExposed.n, asr.n)} attacks reached the agent`
}

/**
 * Events worth a look, those that happened; empty where none did.
 *
 * @param controls - where they are told of at length, these lines would say it twice
 */
export function counted({ counts }: RunMetrics, controls: ControlMetrics | undefined): string {
  const ofControls = [
    [counts.violationsProposed, 'rules broken in proposed calls'],
    [counts.violationsExecuted, 'in executed ones'],
    [counts.blocked, 'calls blocked'],
    [counts.escalations, 'calls handed to a human'],
    [counts.policyErrors, 'policy errors'],
  ] as const
  const events = [
    ...(controls === undefined ? ofControls : []),
    [counts.schemaErrors, 'calls against the schema'],
    [counts.toolErrors, 'tool errors'],
    [counts.repeatedReads, 'repeated reads'],
    [counts.budgetStops, 'trials stopped by a budget'],
    [counts.loopStops, 'trials stopped in a loop'],
  ] as const
  const parts = events.filter(([n]) => n > 0).map(([n, what]) => `${what} ${whole(n)}`)
  return parts.length === 0 ? '' : `counted: ${parts.join(', ')}`
}
