import type { GatedMetricId } from '../schema/gate-config.ts'
import type { MetricStatus, MetricVerdict, Verdict } from '../schema/verdict.ts'
import { percent, points, pointsNumber, pointsSize, ratio, ratioSize, usd } from './format.ts'
import type { Tone } from './paint.ts'
import type { Say } from './say.ts'

interface MetricWords {
  /** In tables. */
  readonly label: string
  /** What happened, for a metric that got worse. */
  readonly gotWorse: (metric: MetricVerdict) => string
  /** What is not excluded, given how far: `7.2 points` or `40 %`. */
  readonly couldBe: (size: string) => string
}

/** Words for each gated metric, in the order in which a reader needs them: safety first. */
const words: Readonly<Record<GatedMetricId, MetricWords>> = {
  asr: {
    label: 'attacks succeeded',
    gotWorse: (metric) => `attacks succeeded in ${shareOfTrials(metric)}`,
    couldBe: (size) => `up to ${size} more successful attacks`,
  },
  violationRate: {
    label: 'rules broken',
    gotWorse: (metric) => `rules broken in ${shareOfTrials(metric)}`,
    couldBe: (size) => `up to ${size} more trials with a broken rule`,
  },
  tsr: {
    label: 'tasks done',
    gotWorse: (metric) => `tasks done ${fell(metric)}`,
    couldBe: (size) => `a drop of up to ${size}`,
  },
  utilityUnderAttack: {
    label: 'done under attack',
    gotWorse: (metric) => `tasks done under attack ${fell(metric)}`,
    couldBe: (size) => `a drop of up to ${size} under attack`,
  },
  costPerTask: {
    label: 'cost per task',
    gotWorse: (metric) => `${ratioSize(metric.change)} dearer per task`,
    couldBe: (size) => `up to ${size} dearer per task`,
  },
}

const order = Object.keys(words)

export function metricLabel(id: GatedMetricId): string {
  return words[id].label
}

/** Safety first, then success, then cost; the document's own order is by id. */
export function inReadingOrder(metrics: readonly MetricVerdict[]): readonly MetricVerdict[] {
  return metrics.toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id))
}

export function gotWorse(metric: MetricVerdict): string {
  return words[metric.id].gotWorse(metric)
}

/**
 * The worst that the interval does not exclude, as a noun phrase; `undefined` where there is no
 * interval or where it excludes anything worse than before.
 */
export function couldBe(metric: MetricVerdict): string | undefined {
  const bound = metric.worse === 'lower' ? metric.ciLower : metric.ciUpper
  if (bound === undefined) return undefined
  const change = metric.kind === 'rate' ? bound : bound - 1
  if (metric.worse === 'lower' ? change >= 0 : change <= 0) return undefined
  const size = metric.kind === 'rate' ? `${pointsSize(bound)} points` : ratioSize(bound)
  return words[metric.id].couldBe(size)
}

/** One arm's value. Costs are dollars, every other metric is a share. */
export function metricValue(metric: MetricVerdict, arm: 'baseline' | 'candidate'): string {
  return metric.kind === 'rate' ? percent(metric[arm]) : usd(metric[arm])
}

/** `-10.8 points` or `+29 %`. */
export function metricChange(metric: MetricVerdict): string {
  return metric.kind === 'rate' ? points(metric.change) : ratio(metric.change)
}

/** The same for a table that names the unit: `-10.8` or `+29 %`. */
export function metricChangeNumber(metric: MetricVerdict): string {
  return metric.kind === 'rate' ? pointsNumber(metric.change) : ratio(metric.change)
}

/** `-22.5 to -0.8`; `exact` where both arms are deterministic, so that nothing is left to chance. */
export function metricRange(metric: MetricVerdict): string {
  if (metric.ciLower === undefined && metric.ciUpper === undefined) {
    return metric.unit === 'deterministic' ? 'exact' : ''
  }
  const bound = metric.kind === 'rate' ? pointsNumber : ratio
  return `${bound(metric.ciLower)} to ${bound(metric.ciUpper)}`
}

/**
 * What the numbers alone would hide: where a metric would stand if every lost trial had gone badly,
 * and why it is undecided. A note that several metrics share, or a warning repeats, stands once.
 */
export function metricRemarks({ metrics, warnings }: Verdict, say: Say): readonly string[] {
  const shown = inReadingOrder(metrics).filter(({ status }) => status !== 'n/a')
  const worst = shown.flatMap((metric) => {
    const { id, kind, worse, worstLower, worstUpper } = metric
    const bound = worse === 'lower' ? worstLower : worstUpper
    if (bound === undefined || worstLower === worstUpper) return []
    const change = kind === 'rate' ? points(bound) : ratio(bound)
    return [`${metricLabel(id)}: ${change} if every lost trial had gone badly`]
  })
  const labels = new Map<string, string[]>()
  for (const { id, status, note } of shown) {
    if (note === undefined || status === 'pass' || warnings.some((text) => note.includes(text)))
      continue
    labels.set(note, [...(labels.get(note) ?? []), metricLabel(id)])
  }
  const notes = [...labels].map(([note, of]) => `${of.join(', ')}: ${say(note)}`)
  return [...worst, ...notes, ...notMeasured(metrics)]
}

/** Metrics that neither arm could be measured by, as one remark. */
function notMeasured(metrics: readonly MetricVerdict[]): readonly string[] {
  const labels = inReadingOrder(metrics)
    .filter(({ status }) => status === 'n/a')
    .map(({ id }) => metricLabel(id))
  return labels.length === 0 ? [] : [`nothing to measure in either arm: ${labels.join(', ')}`]
}

/** How much worse is allowed, with its sign: `-5.0`, `+2.0`, `+15 %`. */
export function metricMargin({ kind, worse, margin }: MetricVerdict): string {
  if (kind === 'amount') return ratio(margin)
  return pointsNumber(worse === 'lower' ? -margin : margin)
}

/** The same in words: `a drop of 5.0 points is allowed`. */
export function allowance({ kind, worse, margin }: MetricVerdict): string {
  if (kind === 'amount') return `${ratio(margin)} is allowed`
  return `a ${worse === 'lower' ? 'drop' : 'rise'} of ${pointsSize(margin)} points is allowed`
}

/** What a status reads like in a table, and its colour. */
export const statusWords: Readonly<
  Record<MetricStatus, { readonly word: string; readonly tone: Tone }>
> = {
  pass: { word: 'pass', tone: 'good' },
  regression: { word: 'FAIL', tone: 'bad' },
  inconclusive: { word: 'undecided', tone: 'warn' },
  unproven: { word: 'unproven', tone: 'warn' },
  'n/a': { word: 'n/a', tone: 'faint' },
}

function shareOfTrials(metric: MetricVerdict): string {
  const now = `${percent(metric.candidate)} of trials`
  return metric.baseline === undefined ? now : `${now}, was ${percent(metric.baseline)}`
}

function fell(metric: MetricVerdict): string {
  if (metric.baseline === undefined) return `are only ${percent(metric.candidate)}`
  return `fell from ${percent(metric.baseline)} to ${percent(metric.candidate)}`
}
