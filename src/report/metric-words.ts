import type { GatedMetricId } from '../schema/gate-config.ts'
import type { MetricStatus, MetricVerdict, Verdict } from '../schema/verdict.ts'
import {
  amount,
  duration,
  percent,
  points,
  pointsNumber,
  pointsSize,
  ratio,
  ratioSize,
  usd,
} from './format.ts'
import type { Say } from './say.ts'
import type { Tone } from './terminal/paint.ts'

interface MetricWords {
  readonly label: string
  /** In tables of numbers, where it says more than the label which numbers these are. */
  readonly title?: string
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
    title: 'typical task cost',
    gotWorse: (metric) => `${ratioSize(metric.change)} dearer per task`,
    couldBe: (size) => `up to ${size} dearer per task`,
  },
  passHatK: {
    label: 'all of k trials pass',
    gotWorse: (metric) => `cases in which all of ${metric.k ?? 'k'} trials pass ${fell(metric)}`,
    couldBe: (size) => `a drop of up to ${size} in cases that pass every time`,
  },
  tokensPerTask: {
    label: 'tokens per task',
    title: 'typical task tokens',
    gotWorse: (metric) => `${ratioSize(metric.change)} more tokens per task`,
    couldBe: (size) => `up to ${size} more tokens per task`,
  },
  toolCallsPerTask: {
    label: 'tool calls per task',
    title: 'typical task calls',
    gotWorse: (metric) => `${ratioSize(metric.change)} more tool calls per task`,
    couldBe: (size) => `up to ${size} more tool calls per task`,
  },
  latencyP95: {
    label: 'slowest 5 %',
    gotWorse: (metric) => `the slowest 5 % take ${ratioSize(metric.change)} longer`,
    couldBe: (size) => `up to ${size} longer for the slowest 5 %`,
  },
  latencyP99: {
    label: 'slowest 1 %',
    gotWorse: (metric) => `the slowest 1 % take ${ratioSize(metric.change)} longer`,
    couldBe: (size) => `up to ${size} longer for the slowest 1 %`,
  },
}

const order = Object.keys(words)

export function metricLabel(id: GatedMetricId): string {
  return words[id].label
}

/** The same for a metric that was measured: of pass^k with its k. */
export function labelOfMetric({ id, k }: Pick<MetricVerdict, 'id' | 'k'>): string {
  return id === 'passHatK' && k !== undefined ? `all of ${k} trials pass` : metricLabel(id)
}

/** At the head of its row. The level of an amount is its typical one, a geometric mean over the cases. */
export function metricTitle(metric: Pick<MetricVerdict, 'id' | 'k'>): string {
  return words[metric.id].title ?? labelOfMetric(metric)
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

/** One arm's value: a share, dollars, milliseconds, or a plain number. */
export function metricValue(metric: MetricVerdict, arm: 'baseline' | 'candidate'): string {
  const value = metric[arm]
  if (metric.kind === 'rate') return percent(value)
  if (metric.kind === 'tail') return duration(value)
  return metric.id === 'costPerTask' ? usd(value) : amount(value)
}

/** `-10.8 points` or `+29 %`. */
export function metricChange(metric: MetricVerdict): string {
  return metric.kind === 'rate' ? points(metric.change) : ratio(metric.change)
}

/** The same for a table that names the unit: `-10.8` or `+29 %`. */
export function metricChangeNumber(metric: MetricVerdict): string {
  return metric.kind === 'rate' ? pointsNumber(metric.change) : ratio(metric.change)
}

/** `-22.5 to -0.8`, `+21 to +42 %`; `exact` where both arms are deterministic, so that nothing is left to chance. */
export function metricRange(metric: MetricVerdict): string {
  if (metric.ciLower === undefined && metric.ciUpper === undefined) {
    return metric.unit === 'deterministic' ? 'exact' : ''
  }
  const bound = metric.kind === 'rate' ? pointsNumber : ratio
  // One unit for both.
  return `${bound(metric.ciLower).replace(/ %$/, '')} to ${bound(metric.ciUpper)}`
}

/**
 * What the numbers alone would hide: where a metric would stand if every lost trial had gone badly,
 * and why it is undecided. A note that several metrics share, or a warning repeats, stands once.
 */
export function metricRemarks({ metrics, warnings }: Verdict, say: Say): readonly string[] {
  const shown = inReadingOrder(metrics).filter(({ status }) => status !== 'n/a')
  const worst = shown.flatMap((metric) => {
    const { kind, worse, worstLower, worstUpper } = metric
    const bound = worse === 'lower' ? worstLower : worstUpper
    if (bound === undefined || worstLower === worstUpper) return []
    const change = kind === 'rate' ? points(bound) : ratio(bound)
    return [`${labelOfMetric(metric)}: ${change} if every lost trial had gone badly`]
  })
  const bills = shown.flatMap(wholeBill)
  const labels = new Map<string, string[]>()
  for (const metric of shown) {
    const { status, note } = metric
    if (note === undefined || status === 'pass' || warnings.some((text) => note.includes(text)))
      continue
    labels.set(note, [...(labels.get(note) ?? []), labelOfMetric(metric)])
  }
  const notes = [...labels].map(([note, of]) => `${of.join(', ')}: ${say(note)}`)
  return [...worst, ...bills, ...notes, ...notMeasured(metrics)]
}

/** Where few dear cases move the bill by more than a typical case changed. */
function wholeBill({ change, ofMeans }: MetricVerdict): readonly string[] {
  if (ofMeans === undefined || change === undefined) return []
  if (ofMeans.ratio <= change * 1.05) return []
  const range =
    ofMeans.ciLower === undefined || ofMeans.ciUpper === undefined
      ? ''
      : ` (plausible ${ratio(ofMeans.ciLower)} to ${ratio(ofMeans.ciUpper)})`
  return [
    `the whole bill: ${ratio(ofMeans.ratio)}${range}, because few cases became much dearer; not gated`,
  ]
}

/** Metrics that neither arm could be measured by, as one remark. */
function notMeasured(metrics: readonly MetricVerdict[]): readonly string[] {
  const labels = inReadingOrder(metrics)
    .filter(({ status }) => status === 'n/a')
    .map(labelOfMetric)
  return labels.length === 0 ? [] : [`nothing to measure in either arm: ${labels.join(', ')}`]
}

/** How much worse is allowed, with its sign: `-5.0`, `+2.0`, `+15 %`. */
export function metricMargin({ kind, worse, margin }: MetricVerdict): string {
  if (kind !== 'rate') return ratio(margin)
  return pointsNumber(worse === 'lower' ? -margin : margin)
}

/** The same in words: `a drop of 5.0 points is allowed`. */
export function allowance({ kind, worse, margin }: MetricVerdict): string {
  if (kind !== 'rate') return `${ratio(margin)} is allowed`
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
