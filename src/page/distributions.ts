import { duration, usd } from '../report/format.ts'
import type { PageData, PageDistribution } from '../schema/page-data.ts'
import { el, svg } from './dom.ts'
import { type Bar, histogram, median } from './histogram.ts'
import { amountScale, type Scale, ticks } from './scale.ts'
import { type Section, section } from './section.ts'

/** Height of one arm's bars. */
const tall = 44

/** What the trials cost and how long they took: the candidate above the line, the baseline below. */
export function distributionsSection(): Section {
  return section({
    id: 'distributions',
    name: 'Distributions',
    heading: 'Cost and latency of single trials',
    pick: (data: PageData) => data.distributions,
    draw: (all) => {
      const some = all.filter(
        ({ baseline = [], candidate }) => candidate.length + baseline.length > 0,
      )
      return some.length === 0 ? [] : [el('div', { class: 'pair' }, ...some.map(drawDistribution))]
    },
  })
}

function drawDistribution({ baseline, candidate, id, label }: PageDistribution): HTMLElement {
  const scale = amountScale([...candidate, ...(baseline ?? [])])
  const format = id === 'costUsd' ? usd : duration
  const arms = [
    { name: 'candidate', values: candidate },
    ...(baseline === undefined ? [] : [{ name: 'baseline', values: baseline }]),
  ]
  const key = arms.map(({ name, values }) =>
    el('span', { class: `key ${name}` }, `${name}: median ${format(median(values))}`),
  )
  return el(
    'figure',
    {},
    el('figcaption', {}, el('b', {}, label), ...key),
    picture({ arms, format, scale, label }),
  )
}

function picture(parts: {
  readonly arms: readonly { readonly name: string; readonly values: readonly number[] }[]
  readonly format: (value: number) => string
  readonly scale: Scale
  readonly label: string
}): SVGElement {
  const { arms, format, label, scale } = parts
  const all = arms.map(({ values }) => histogram(values, scale))
  const most = Math.max(...all.flat().map(({ share }) => share))
  const bars = arms.flatMap(({ name, values }, index) => [
    ...(all[index] ?? []).map((bar) => drawBar(bar, { most, name })),
    ...medianLine(name, median(values), scale),
  ])
  const medians = arms.map(({ name, values }) => `${name} median ${format(median(values) ?? NaN)}`)
  const kind = scale.isLog ? ', logarithmic axis' : ''
  return svg(
    'svg',
    { class: 'histogram', role: 'img', 'aria-label': `${label}: ${medians.join(', ')}${kind}` },
    ...bars,
    svg('line', { class: 'axis', x1: '0%', x2: '100%', y1: tall, y2: tall }),
    ...axis(scale, format),
  )
}

function drawBar(
  { share, width, x }: Bar,
  arm: { readonly most: number; readonly name: string },
): SVGElement {
  const height = Math.max(1.5, (share / arm.most) * (tall - 4))
  const y = arm.name === 'candidate' ? tall - height : tall
  return svg('rect', {
    class: `column ${arm.name}`,
    x: `${x.toFixed(2)}%`,
    width: `${(width * 0.86).toFixed(2)}%`,
    y,
    height,
  })
}

function medianLine(name: string, value: number | undefined, scale: Scale): readonly SVGElement[] {
  if (value === undefined) return []
  const x = `${scale.at(value).toFixed(2)}%`
  const [y1, y2] = name === 'candidate' ? [0, tall] : [tall, 2 * tall]
  return [svg('line', { class: `median ${name}`, x1: x, x2: x, y1, y2 })]
}

function axis(scale: Scale, format: (value: number) => string): readonly SVGElement[] {
  return ticks(scale, 4).map((value) => {
    const at = scale.at(value)
    const anchor = at < 8 ? 'start' : at > 92 ? 'end' : 'middle'
    const x = `${at.toFixed(2)}%`
    return svg('text', { x, y: 2 * tall + 14, 'text-anchor': anchor }, format(value))
  })
}
