import { statusWords } from '../report/metric-words.ts'
import type { EffectPicture, PageData, PageMetric } from '../schema/page-data.ts'
import { type Child, el, svg } from './dom.ts'
import { statusMark, statusTone } from './mark.ts'
import { numberLine } from './number-line.ts'
import { type Section, section } from './section.ts'
import { unbroken } from './unbroken.ts'

/** Every metric, baseline against candidate, and the effect on each gated one as a picture. */
export function metricsSection(): Section {
  return section({
    id: 'metrics',
    name: 'Metrics',
    heading: 'Effect, metric by metric',
    pick: (data: PageData) => data.metrics,
    draw: (metrics) => (metrics.length === 0 ? [] : [legend(metrics), table(metrics)]),
  })
}

const columns = [
  'metric',
  'gate',
  'baseline',
  'candidate',
  'change',
  'plausible',
  'allowed',
  'picture',
] as const

const heads: Readonly<Record<(typeof columns)[number], string>> = {
  metric: 'Metric',
  gate: 'Gate',
  baseline: 'Baseline',
  candidate: 'Candidate',
  change: 'Change',
  plausible: 'Plausible',
  allowed: 'Allowed',
  picture: 'Effect',
}

function table(metrics: readonly PageMetric[]): HTMLElement {
  const head = columns.map((column) =>
    el('span', { role: 'columnheader', class: column }, heads[column]),
  )
  return el(
    'div',
    { class: 'metrics', role: 'table', 'aria-label': 'Metrics' },
    el('div', { role: 'row', class: 'columns' }, ...head),
    ...metrics.map(metricRow),
  )
}

function metricRow(metric: PageMetric): HTMLElement {
  const { allowed, baseline, candidate, change, label, note, picture, plausible } = metric
  const texts = { baseline, candidate, change, plausible, allowed }
  const name = el('span', { role: 'rowheader', class: 'metric' }, el('b', {}, label))
  if (note !== undefined) name.append(el('small', {}, note))
  return el(
    'div',
    { role: 'row', class: metric.status === undefined ? 'reported' : undefined },
    name,
    el('span', { role: 'cell', class: 'gate' }, ...gate(metric)),
    ...Object.entries(texts).map(([column, text]) => cell(column, text)),
    el(
      'span',
      { role: 'cell', class: 'picture' },
      picture === undefined ? undefined : drawLine(picture, metric.id),
    ),
  )
}

function cell(column: string, text: string | undefined): HTMLElement {
  const attributes = { role: 'cell', class: column, 'data-name': heads[column as 'change'] }
  return text === undefined
    ? el('span', { ...attributes, class: `${column} none` })
    : el('span', attributes, column === 'allowed' ? text : unbroken(text))
}

function gate({ status }: PageMetric): readonly Child[] {
  if (status === undefined) return [el('span', { class: 'faint' }, 'not gated')]
  const { word } = statusWords[status]
  return [statusMark(status), el('span', { class: statusTone(status) }, word.toLowerCase())]
}

function drawLine(picture: EffectPicture, id: string): SVGElement {
  const { bad, change, interval, limit, limitText, words, zero } = numberLine(picture)
  const percent = (at: number): string => `${at.toFixed(2)}%`
  const upright = (at: number, kind: string): SVGElement =>
    svg('line', { class: kind, x1: percent(at), x2: percent(at), y1: 2, y2: 24 })
  const [from, to] = interval ?? [change, change]
  return svg(
    'svg',
    { class: 'number-line', role: 'img', 'aria-label': words },
    hatch(id),
    svg('rect', {
      class: 'bad-side',
      x: percent(bad[0]),
      width: percent(bad[1] - bad[0]),
      y: 2,
      height: 22,
      fill: `url(#hatch-${id})`,
    }),
    svg('line', { class: 'axis', x1: '0%', x2: '100%', y1: 13, y2: 13 }),
    upright(zero, 'zero'),
    upright(limit, 'limit'),
    svg('line', { class: 'interval', x1: percent(from), x2: percent(to), y1: 13, y2: 13 }),
    svg('circle', { class: 'change', cx: percent(change), cy: 13, r: 4.5 }),
    ...lineLabels({ limit, limitText, zero }),
  )
}

/** Below the line; the zero gives way where both would stand on each other. */
function lineLabels(line: {
  readonly limit: number
  readonly limitText: string
  readonly zero: number
}): readonly SVGElement[] {
  const label = (at: number, text: string): SVGElement => {
    const anchor = at < 18 ? 'start' : at > 82 ? 'end' : 'middle'
    return svg('text', { x: `${at.toFixed(2)}%`, y: 36, 'text-anchor': anchor }, text)
  }
  const limit = label(line.limit, line.limitText)
  return Math.abs(line.limit - line.zero) < 24 ? [limit] : [limit, label(line.zero, '0')]
}

/** Strokes, for those who do not see the shade. */
function hatch(id: string): SVGElement {
  const pattern = {
    id: `hatch-${id}`,
    width: 5,
    height: 5,
    patternUnits: 'userSpaceOnUse',
    patternTransform: 'rotate(45)',
  }
  return svg('defs', {}, svg('pattern', pattern, svg('line', { y1: 0, y2: 5, class: 'hatch' })))
}

function legend(metrics: readonly PageMetric[]): Child {
  if (!metrics.some(({ picture }) => picture !== undefined)) return undefined
  return el(
    'p',
    { class: 'legend' },
    'Dot: the change. Bar: where it plausibly lies. Dashed line: the limit; hatched: beyond it. Long line: no change.',
  )
}
