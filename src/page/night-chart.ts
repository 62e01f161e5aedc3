import { dayOf, driftValue, labelOf } from '../report/history/drift-words.ts'
import type { DriftChart, DriftReport } from '../schema/drift.ts'
import { svg } from './dom.ts'
import { linearScale, type Scale } from './scale.ts'

/** Top and bottom of the line in the picture; labels stand above and below. */
const [top, bottom] = [16, 78]

interface Axes {
  readonly x: Scale
  readonly y: (value: number) => number
}

/** One metric over the nights: a line, the nights that restarted the chart, and the alarms. */
export function nightChart(chart: DriftChart, report: DriftReport): SVGElement {
  const { alarms, kind } = chart
  const points = report.nights.flatMap(({ charted, night, values }) => {
    const value = values[chart.id]
    return value === undefined ? [] : [{ night, value, charted }]
  })
  const values = points.map(({ value }) => value)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const axes = axesOf(report.nights.length, [low, high])
  const alarm = alarms.map(({ night }) => `alarm on night ${night}`)
  const words = [`${labelOf(chart)} over ${report.nights.length} nights`, ...alarm].join(', ')
  return svg(
    'svg',
    { class: 'nights', role: 'img', 'aria-label': words },
    ...restarts(report, axes),
    ...alarms.flatMap(({ changedFrom, night }) => alarmMarks([changedFrom, night], axes)),
    ...lines(points, axes),
    ...points.map((point) => dot(point, axes)),
    ...(points.length === 0 ? [] : yLabels([low, high], (value) => driftValue(kind, value))),
    ...xLabels(report),
  )
}

function axesOf(nights: number, [low, high]: readonly [number, number]): Axes {
  const inner = linearScale(1, Math.max(2, nights))
  const height = linearScale(low, high)
  return {
    x: { ...inner, at: (night) => 2 + inner.at(night) * 0.96 },
    y: (value) => bottom - (height.at(value) / 100) * (bottom - top),
  }
}

interface Point {
  readonly night: number
  readonly value: number
  readonly charted: boolean
}

function lines(points: readonly Point[], { x, y }: Axes): readonly SVGElement[] {
  return points.slice(1).map((to, index) => {
    const from = points[index] ?? to
    return svg('line', {
      class: 'run',
      x1: percent(x.at(from.night)),
      y1: y(from.value),
      x2: percent(x.at(to.night)),
      y2: y(to.value),
    })
  })
}

function dot({ charted, night, value }: Point, { x, y }: Axes): SVGElement {
  const kind = charted ? 'night' : 'night left-out'
  return svg('circle', { class: kind, cx: percent(x.at(night)), cy: y(value), r: 2 })
}

function restarts({ nights }: DriftReport, { x }: Axes): readonly SVGElement[] {
  return nights
    .filter(({ marks }) => marks.some((mark) => mark.restarts))
    .map(({ night }) => upright('restart', x.at(night)))
}

/** From the night on which it changed to the one that raised the alarm. */
function alarmMarks([from, raised]: readonly [number, number], { x }: Axes): readonly SVGElement[] {
  const at = x.at(raised)
  return [
    svg('rect', {
      class: 'since',
      x: percent(x.at(from)),
      width: percent(Math.max(0.5, at - x.at(from))),
      y: top - 6,
      height: bottom - top + 12,
    }),
    upright('alarm', at),
    // A path knows no percentages, and a picture in a picture does.
    svg(
      'svg',
      { x: percent(at), y: 0, overflow: 'visible' },
      svg('path', { class: 'alarm-mark', d: 'M-5 0h10L0 8z' }),
    ),
  ]
}

function upright(kind: string, at: number): SVGElement {
  return svg('line', { class: kind, x1: percent(at), x2: percent(at), y1: top - 6, y2: bottom + 6 })
}

function yLabels(
  [low, high]: readonly [number, number],
  format: (value: number) => string,
): readonly SVGElement[] {
  const label = (y: number, value: number): SVGElement =>
    svg('text', { class: 'y', x: '100%', y, 'text-anchor': 'end' }, format(value))
  return low === high ? [label(top - 6, high)] : [label(top - 6, high), label(bottom + 16, low)]
}

function xLabels({ nights }: DriftReport): readonly SVGElement[] {
  const [first, last] = [nights[0], nights.at(-1)]
  if (first === undefined || last === undefined) return []
  const text = first === last ? dayOf(first.at) : `${dayOf(first.at)} to ${dayOf(last.at)}`
  return [svg('text', { x: '0%', y: bottom + 16 }, text)]
}

function percent(at: number): string {
  return `${at.toFixed(2)}%`
}
