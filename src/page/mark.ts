import type { PageData, PageFact, PageTone, PageTrial } from '../schema/page-data.ts'
import type { MetricStatus } from '../schema/verdict.ts'
import { svg } from './dom.ts'

/** A colour and a shape for what a word beside it says: nothing is told by colour alone. */
type Shape = 'disc' | 'cross' | 'triangle' | 'half' | 'ring' | 'dash'

const shapes: Readonly<Record<Shape, () => SVGElement>> = {
  disc: () => svg('circle', { cx: 6, cy: 6, r: 5 }),
  ring: () => svg('circle', { cx: 6, cy: 6, r: 4, class: 'hollow' }),
  half: () =>
    svg(
      'g',
      {},
      svg('circle', { cx: 6, cy: 6, r: 4.25, class: 'hollow' }),
      svg('path', { d: 'M6 1.75a4.25 4.25 0 0 1 0 8.5z' }),
    ),
  cross: () => svg('path', { d: 'M2 2l8 8M10 2l-8 8', class: 'stroke' }),
  triangle: () => svg('path', { d: 'M6 .8l5.6 10.4H.4z' }),
  dash: () => svg('path', { d: 'M2 6h8', class: 'stroke' }),
}

interface Look {
  readonly shape: Shape
  readonly tone: PageTone
}

const byTone: Readonly<Record<PageTone, Shape>> = {
  good: 'disc',
  bad: 'cross',
  warn: 'triangle',
  faint: 'dash',
}

const byStatus: Readonly<Record<PageData['status'] | MetricStatus, Look>> = {
  pass: { shape: 'disc', tone: 'good' },
  regression: { shape: 'cross', tone: 'bad' },
  inconclusive: { shape: 'half', tone: 'warn' },
  unproven: { shape: 'half', tone: 'warn' },
  error: { shape: 'triangle', tone: 'warn' },
  'first-run': { shape: 'ring', tone: 'faint' },
  none: { shape: 'ring', tone: 'faint' },
  'n/a': { shape: 'dash', tone: 'faint' },
}

const byOutcome: Readonly<Record<PageTrial['outcome'], Look>> = {
  pass: { shape: 'disc', tone: 'good' },
  fail: { shape: 'cross', tone: 'bad' },
  invalid: { shape: 'triangle', tone: 'warn' },
  incomplete: { shape: 'half', tone: 'warn' },
  skipped: { shape: 'dash', tone: 'faint' },
}

/** The shape of a tone; nothing for a text that has none. */
export function toneMark(tone: PageFact['tone']): SVGElement | undefined {
  return tone === undefined ? undefined : mark({ shape: byTone[tone], tone })
}

/** The shape of a verdict, or of what one metric says. */
export function statusMark(status: keyof typeof byStatus): SVGElement {
  return mark(byStatus[status])
}

/** The colour of a verdict, or of what one metric says. */
export function statusTone(status: keyof typeof byStatus): PageTone {
  return byStatus[status].tone
}

/** The shape of how a trial ended. */
export function outcomeMark(outcome: PageTrial['outcome']): SVGElement {
  return mark(byOutcome[outcome])
}

/** A triangle up or down, for what moved. */
export function movedMark(moved: 'worse' | 'better'): SVGElement {
  const d = moved === 'worse' ? 'M1 2.5h10L6 10z' : 'M1 9.5h10L6 2z'
  return drawn(moved === 'worse' ? 'bad' : 'good', svg('path', { d }))
}

function mark({ shape, tone }: Look): SVGElement {
  return drawn(tone, shapes[shape]())
}

function drawn(tone: PageTone, shape: SVGElement): SVGElement {
  const attributes = { class: `mark ${tone}`, viewBox: '0 0 12 12', 'aria-hidden': 'true' }
  return svg('svg', attributes, shape)
}
