import type { GatedMetricId } from '../../schema/gate-config.ts'
import type { MetricVerdict, Verdict } from '../../schema/verdict.ts'
import { counted, exposure, isGated, measured, notGatedRows } from '../figures/measured.ts'
import type { Measured } from '../figures/measured-row.ts'
import { type MeasuredRows, measuredRows } from '../figures/measured-rows.ts'
import { besideSuccessRate } from '../figures/yardstick.ts'
import { points, pValue, ratio, whole } from '../format.ts'
import { failsInsideAllowance, isDeliveryTold } from '../inside-allowance.ts'
import {
  inReadingOrder,
  metricChange,
  metricMargin,
  metricRange,
  metricRemarks,
  metricTitle,
  metricValue,
  statusWords,
} from '../metric-words.ts'
import { sayInMarkdown as say } from '../say.ts'
import type { Subject } from '../subject.ts'
import { details, table } from './table.ts'

/** Gated quantities, the gate column last; two that are not gated say so. */
export function gatedTable(subject: Subject): string {
  const { verdict } = subject
  if (verdict === undefined) return ''
  const gated = inReadingOrder(verdict.metrics).filter(({ status }) => status !== 'n/a')
  const rows = [...gated.map(gatedRow), ...otherRows(subject)]
  const head = ['', 'baseline', 'candidate', 'change', 'gate (allowed)']
  return rows.length === 0 ? '' : table(head, 'lrrrl', rows)
}

/**
 * Why a metric is undecided, and where it would stand if lost trials had gone badly; and why one fails
 * whose change lies within what is allowed.
 */
export function undecidedRemarks({ verdict }: Subject): readonly string[] {
  if (verdict === undefined) return []
  return [...failsInsideAllowance(verdict), ...(isOpen(verdict) ? metricRemarks(verdict, say) : [])]
}

function isOpen({ status }: Verdict): boolean {
  return status === 'inconclusive' || status === 'error'
}

/** What else was measured: for whoever looks twice. */
export function besideMetrics(subject: Subject): readonly string[] {
  const { controls, metrics, verdict } = subject
  const reached = metrics === undefined || isDeliveryTold(verdict) ? '' : exposure(metrics)
  const remarks = [
    ...(verdict === undefined || verdict.firstRun || isOpen(verdict)
      ? []
      : metricRemarks(verdict, say)),
    ...besideSuccessRate(subject, say),
    ...(metrics === undefined ? [] : [reached, counted(metrics, controls)]),
  ]
  return remarks.filter((text) => text !== '')
}

/** What a gate would look at first. */
const leading: ReadonlySet<string> = new Set([
  'tasks done',
  'attacks succeeded',
  'done under attack',
  'rules broken',
  'cost per task',
  'latency p50',
])

/** What was measured, where nothing was compared: what a gate looks at, or all the rest. */
export function measuredTable({ metrics }: Subject, which: 'leading' | 'other'): string {
  if (metrics === undefined) return ''
  const isLeading = ({ label }: Measured): boolean => leading.has(label)
  const rows = measured(metrics)
    .filter((one) => isLeading(one) === (which === 'leading'))
    .map((one) => [one.label.trim(), one.value, one.of, one.range])
  return rows.length === 0
    ? ''
    : table(['', 'value', 'counted over', '95 % interval'], 'lrll', rows)
}

/** For whoever wants to check the decision: methods and p-values, closed at first. */
export function howDecided(verdict: Verdict | undefined): string {
  const known = inReadingOrder(verdict?.metrics ?? []).filter(
    ({ p, mde }) => p !== undefined || mde !== undefined,
  )
  if (verdict === undefined || known.length === 0) return ''
  const rows = known.map((metric) => [
    `${metricTitle(metric)} (\`${metric.id}\`)`,
    metric.unit,
    `${whole(metric.nBaseline)}, ${whole(metric.nCandidate)}`,
    pValue(metric.p),
    pValue(metric.pHolm),
    metric.kind === 'rate' ? points(metric.mde) : ratio(metric.mde),
  ])
  const head = ['', 'unit', 'n', 'p (one-sided)', 'p (Holm)', 'smallest change that shows']
  return details(
    'how each gate decided',
    `${table(head, 'llrrrr', rows)}\n\nPreset ${verdict.preset}, one-sided error rate ${verdict.alpha}.`,
  )
}

function gatedRow(metric: MetricVerdict): readonly string[] {
  const { word } = statusWords[metric.status]
  const gate = word === 'FAIL' ? '**FAIL**' : word
  const range = metricRange(metric)
  return [
    metricTitle(metric),
    metricValue(metric, 'baseline'),
    metricValue(metric, 'candidate'),
    `${metricChange(metric)}${range === '' ? '' : ` (${range})`}`,
    `${gate} (${metricMargin(metric)})`,
  ]
}

function otherRows({ figures, metrics, verdict }: Subject): readonly (readonly string[])[] {
  if (metrics === undefined || verdict === undefined) return []
  return inGatedTable(measuredRows(metrics, figures))
    .filter(({ id }) => !isGated(id, verdict))
    .map(({ row }) => [row.label, row.was ?? '', row.value, changeWords(row), 'not gated'])
}

/** Two numbers that most look for beside those that gate. */
function inGatedTable({
  latencyP95,
  tokensPerTask,
  typicalTokens = tokensPerTask,
}: MeasuredRows): readonly { readonly id: GatedMetricId; readonly row: Measured }[] {
  return [
    ...(latencyP95 === undefined ? [] : [{ id: 'latencyP95', row: latencyP95 } as const]),
    ...(typicalTokens === undefined ? [] : [{ id: 'tokensPerTask', row: typicalTokens } as const]),
  ]
}

/** Where not all cases were compared, what those came to that were. */
function changeWords({ change, compared }: Measured): string {
  return change ?? compared ?? ''
}

/** Whatever else was measured in a run that was compared. */
export function notGatedTable({ figures, metrics, verdict }: Subject): string {
  if (metrics === undefined || verdict === undefined) return ''
  const named = measuredRows(metrics, figures)
  const above = new Set(inGatedTable(named).map(({ row }) => row))
  const rows = notGatedRows(named, verdict)
    .filter((row) => !above.has(row))
    .map((row) => [row.label.trim(), row.was ?? '', row.value, changeWords(row), row.of])
  const head = ['not gated', 'baseline', 'candidate', 'change', 'counted over']
  return rows.length === 0 ? '' : table(head, 'lrrrl', rows)
}
