import type { EffectPicture, PageMetric } from '../../schema/page-data.ts'
import type { MetricVerdict, Verdict } from '../../schema/verdict.ts'
import { roundTo } from '../../text/round.ts'
import { notGatedRows } from '../figures/measured.ts'
import { measuredRows } from '../figures/measured-rows.ts'
import { notAvailable } from '../format.ts'
import {
  inReadingOrder,
  metricChange,
  metricMargin,
  metricRange,
  metricTitle,
  metricValue,
} from '../metric-words.ts'
import { sayInTerminal as say } from '../say.ts'
import type { Subject } from '../subject.ts'

/** Decimals of a picture's numbers. */
const digits = 6

/** What gates in the order of reading, then whatever else was measured. */
export function pageMetrics(subject: Subject): readonly PageMetric[] {
  const gated = gatedRows(subject.verdict)
  const known = new Set(gated.map(({ label }) => label))
  return [...gated, ...reportedRows(subject).filter(({ label }) => !known.has(label))]
}

function gatedRows(verdict: Verdict | undefined): readonly PageMetric[] {
  if (verdict === undefined || verdict.firstRun) return []
  return inReadingOrder(verdict.metrics).map((metric): PageMetric => {
    const { id, note, status } = metric
    const row = {
      id,
      label: metricTitle(metric),
      status,
      // Of a pass it says how it was decided, which stands in the evidence.
      ...(note !== undefined && status !== 'pass' && { note: say(note) }),
    }
    if (status === 'n/a') return row
    const picture = effectPicture(metric)
    return {
      ...row,
      ...text('baseline', metricValue(metric, 'baseline')),
      ...text('candidate', metricValue(metric, 'candidate')),
      ...text('change', metricChange(metric)),
      ...text('plausible', metricRange(metric)),
      allowed: `${metricMargin(metric)}${metric.kind === 'rate' ? ' points' : ''}`,
      ...(picture !== undefined && { picture }),
    }
  })
}

/** `undefined` where nothing was compared. */
function effectPicture(metric: MetricVerdict): EffectPicture | undefined {
  const { change, ciLower, ciUpper, kind, margin, worse } = metric
  const isRate = kind === 'rate'
  const place = (value: number): number => roundTo((isRate ? value : value - 1) * 100, digits)
  if (change === undefined || !Number.isFinite(change)) return undefined
  return {
    change: place(change),
    ...(isKnown(ciLower) && { lower: place(ciLower) }),
    ...(isKnown(ciUpper) && { upper: place(ciUpper) }),
    limit: place(isRate && worse === 'lower' ? -margin : margin),
    bad: worse,
    unit: isRate ? 'points' : 'percent',
  }
}

function isKnown(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value)
}

/** Measured and not decided on; beside them what the baseline came to, where it is known. */
function reportedRows({ figures, metrics, verdict }: Subject): readonly PageMetric[] {
  if (metrics === undefined) return []
  const decided = verdict === undefined || verdict.firstRun ? { metrics: [] } : verdict
  const rows = notGatedRows(measuredRows(metrics, figures), decided)
  return rows.map(
    ({ change = '', compared, label, of, range, value, was = '' }): PageMetric => ({
      id: `reported ${label.trim()}`,
      label: label.trim(),
      ...text('baseline', was),
      candidate: value,
      ...text('change', change),
      ...text('plausible', range),
      ...text('note', [of, compared ?? ''].filter((part) => part !== '').join('; ')),
    }),
  )
}

function text<K extends 'baseline' | 'candidate' | 'change' | 'plausible' | 'note'>(
  key: K,
  value: string,
): Partial<Record<K, string>> {
  return value === '' || value === notAvailable ? {} : ({ [key]: value } as Record<K, string>)
}
