import type { GatedMetricId } from '../../schema/gate-config.ts'
import type { PageData, PageFact } from '../../schema/page-data.ts'
import type { RateMetric, RunMetrics } from '../../schema/run-metrics.ts'
import type { MetricVerdict } from '../../schema/verdict.ts'
import { exposure } from '../figures/measured.ts'
import { besideSuccessRate } from '../figures/yardstick.ts'
import { notAvailable, percent, whole } from '../format.ts'
import { metricValue, statusWords } from '../metric-words.ts'
import { controlsNotes, safetyWords } from '../notes/controls-words.ts'
import { propensityWords } from '../notes/propensity-words.ts'
import type { ReportContext } from '../reporter.ts'
import { sayInTerminal as say } from '../say.ts'
import type { Subject } from '../subject.ts'
import { againFacts } from './again-facts.ts'
import { costFacts } from './cost-facts.ts'
import { badFirst, factOf, factsOf, labelled, pageTone } from './facts.ts'

/** The three questions that somebody has who answers for an agent. */
export function answersOf(subject: Subject, context: ReportContext): PageData['answers'] {
  return {
    did: [...badFirst(didFacts(subject))],
    cost: [...badFirst(costFacts(subject, context))],
    again: [...againFacts(subject)],
  }
}

function didFacts(subject: Subject): readonly PageFact[] {
  const { metrics } = subject
  return [
    ...(metrics === undefined ? ratesOfVerdict(subject) : ratesOf(subject, metrics)),
    ...controlFacts(subject),
    ...labelled(besideSuccessRate(subject, say), 'beside'),
  ]
}

const rates = [
  { id: 'tsr', label: 'tasks done' },
  { id: 'utilityUnderAttack', label: 'done under attack' },
  { id: 'asr', label: 'attacks succeeded' },
  { id: 'violationRate', label: 'rules broken' },
] as const

function ratesOf(subject: Subject, metrics: RunMetrics): readonly PageFact[] {
  return rates.flatMap(({ id, label }) => {
    const metric = metrics[id]
    if (metric.n === 0) return []
    const gated = gatedMetric(subject, id)
    const reached = id === 'asr' ? exposure(metrics) : ''
    const value = [rateWords(metric) + wasWords(metric, gated), reached]
    return factOf(label, value.filter((part) => part !== '').join('; '), toneOf(gated))
  })
}

function rateWords({ events, lost, n, rate }: RateMetric): string {
  const missing = lost === 0 ? '' : `, ${whole(lost)} lost`
  return `${percent(rate)} (${whole(events)}/${whole(n)} trials${missing})`
}

/** What was compared may be less than what ran: then both numbers of the comparison stand there. */
function wasWords({ rate }: RateMetric, gated: MetricVerdict | undefined): string {
  if (gated?.baseline === undefined) return ''
  const was = metricValue(gated, 'baseline')
  const compared = metricValue(gated, 'candidate')
  return compared === percent(rate) ? `, was ${was}` : `; where compared ${compared}, was ${was}`
}

/** Of a comparison with a committed baseline nothing but the verdict is known. */
function ratesOfVerdict(subject: Subject): readonly PageFact[] {
  return rates.flatMap(({ id, label }) => {
    const gated = gatedMetric(subject, id)
    if (gated === undefined) return []
    const was = metricValue(gated, 'baseline')
    const value = metricValue(gated, 'candidate') + (was === notAvailable ? '' : `, was ${was}`)
    return factOf(label, value, toneOf(gated))
  })
}

function gatedMetric({ verdict }: Subject, id: GatedMetricId): MetricVerdict | undefined {
  return verdict?.metrics.find((metric) => metric.id === id && metric.status !== 'n/a')
}

function toneOf(gated: MetricVerdict | undefined): PageFact['tone'] {
  return gated === undefined ? undefined : pageTone(statusWords[gated.status].tone)
}

/** Rules, people, and the most that one trial reached. */
function controlFacts({ controls, metrics }: Subject): readonly PageFact[] {
  if (controls === undefined) return []
  const safety = safetyWords(controls)
  const propensity = metrics === undefined ? '' : propensityWords(controls, metrics.asr, say)
  return [
    ...factOf('rules', safety.text, safety.isAlarming ? 'bad' : undefined),
    ...factOf('without controls', propensity),
    ...controlsNotes(controls, say).flatMap(({ isAlarming, text }) =>
      isAlarming ? factsOf('controls', [text], 'bad') : labelled([text], 'controls'),
    ),
  ]
}
