import type { MetricVerdict, Verdict } from '../../schema/verdict.ts'
import { failsInsideAllowance } from '../inside-allowance.ts'
import {
  inReadingOrder,
  metricChangeNumber,
  metricMargin,
  metricRange,
  metricRemarks,
  metricTitle,
  metricValue,
  statusWords,
} from '../metric-words.ts'
import { sayInTerminal as say } from '../say.ts'
import { alignColumns, type Cell, cell, fits, wrapped } from './columns.ts'
import { type Paint, painter } from './paint.ts'

const titles = ['changes in points', 'now', 'before', 'change', 'plausible', 'allowed', 'gate']

/** The gated metrics as a table, the gate last, and below it what a number alone would hide. */
export function gatedMetricLines(verdict: Verdict, paint: Paint): readonly string[] {
  const shown = inReadingOrder(verdict.metrics).filter(({ status }) => status !== 'n/a')
  const head = titles.map((title) => cell(title, 'faint'))
  const rows = shown.length === 0 ? [] : [head, ...shown.map(row)]
  const align = 'lrrrrrl'
  const isWide = !alignColumns(rows, { align, paint: painter(false), indent: 2 }).every(fits)
  return [
    ...alignColumns(rows, { align, paint, indent: isWide ? 0 : 2 }),
    ...[...failsInsideAllowance(verdict), ...metricRemarks(verdict, say)].flatMap((text) =>
      wrapped(text, '    ', '  '),
    ),
  ]
}

function row(metric: MetricVerdict): readonly Cell[] {
  const { word, tone } = statusWords[metric.status]
  return [
    cell(metricTitle(metric)),
    cell(metricValue(metric, 'candidate')),
    cell(metricValue(metric, 'baseline')),
    cell(metricChangeNumber(metric)),
    cell(metricRange(metric)),
    cell(metricMargin(metric)),
    cell(word, tone),
  ]
}
