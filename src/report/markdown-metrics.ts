import type { RunMetrics } from '../schema/run-result.ts'
import type { MetricVerdict, Verdict } from '../schema/verdict.ts'
import { duration, points, pValue, ratio, whole } from './format.ts'
import { details, table } from './markdown-table.ts'
import { counted, exposure, isGated, measured } from './measured.ts'
import {
  allowance,
  inReadingOrder,
  metricChange,
  metricRange,
  metricRemarks,
  metricTitle,
  metricValue,
  statusWords,
} from './metric-words.ts'
import { sayInMarkdown as say } from './say.ts'
import type { Subject } from './subject.ts'
import { besideSuccessRate } from './yardstick.ts'

/** Gated quantities, the gate column last; two that are not gated say so. */
export function gatedTable(subject: Subject): string {
  const { verdict, metrics, baselineMetrics, controls } = subject
  if (verdict === undefined) return ''
  const gated = inReadingOrder(verdict.metrics).filter(({ status }) => status !== 'n/a')
  const rows = [...gated.map(gatedRow), ...otherRows(verdict, metrics, baselineMetrics)]
  const head = ['', 'baseline', 'candidate', 'change', 'plausible', 'gate']
  const remarks = [
    ...besideSuccessRate(subject, say),
    ...metricRemarks(verdict, say),
    ...(metrics === undefined ? [] : [exposure(metrics), counted(metrics, controls)]),
  ]
  return [
    rows.length === 0 ? '' : table(head, 'lrrrrl', rows),
    ...[
      remarks
        .filter((text) => text !== '')
        .map((text) => `- ${text}`)
        .join('\n'),
    ],
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** What was measured, where nothing was compared. */
export function measuredTable(subject: Subject): string {
  const { controls, metrics } = subject
  if (metrics === undefined) return ''
  const rows = measured(metrics).map((one) => [one.label.trim(), one.value, one.of, one.range])
  const text = table(['', 'value', 'counted over', '95 % interval'], 'lrll', rows)
  const remarks = [...besideSuccessRate(subject, say), counted(metrics, controls)]
  const list = remarks.filter((remark) => remark !== '').map((remark) => `- ${remark}`)
  return list.length === 0 ? text : `${text}\n\n${list.join('\n')}`
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
  return [
    metricTitle(metric),
    metricValue(metric, 'baseline'),
    metricValue(metric, 'candidate'),
    metricChange(metric),
    metricRange(metric),
    `${gate} (${allowance(metric)})`,
  ]
}

function otherRows(
  verdict: Verdict,
  now: RunMetrics | undefined,
  before: RunMetrics | undefined,
): readonly (readonly string[])[] {
  const rows = [
    {
      id: 'latencyP95',
      label: 'latency p95',
      was: before?.latencyMs.p95,
      is: now?.latencyMs.p95,
      format: duration,
    },
    {
      id: 'tokensPerTask',
      label: 'tokens per task',
      was: before?.tokensPerTask.mean,
      is: now?.tokensPerTask.mean,
      format: whole,
    },
  ] as const
  return rows
    .filter(({ id, is }) => is !== undefined && !isGated(id, verdict))
    .map(({ label, was, is, format }) => {
      const baseline = was === undefined ? '' : format(was)
      const change = was === undefined || is === undefined || was === 0 ? '' : ratio(is / was)
      return [label, baseline, format(is), change, '', 'not gated']
    })
}
