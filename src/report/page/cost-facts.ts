import type { PageFact } from '../../schema/page-data.ts'
import type { MeanMetric, RunMetrics } from '../../schema/run-result.ts'
import { amount, duration, notAvailable, plural, usd, whole } from '../format.ts'
import { metricChange, metricRange } from '../metric-words.ts'
import { moneyLines } from '../money-lines.ts'
import type { ReportContext } from '../reporter.ts'
import { spend } from '../sample.ts'
import { sayInTerminal as say } from '../say.ts'
import type { Subject } from '../subject.ts'
import { factOf, labelled } from './facts.ts'

/** Models that a sentence names. */
const mostNamed = 8

/** What a task, a solved task, this run and a month cost, and what of it nobody knows. */
export function costFacts(subject: Subject, context: ReportContext): readonly PageFact[] {
  const { baselineMetrics: before, metrics } = subject
  const money = labelled(moneyLines(subject, { say, most: mostNamed }), 'money').map((one) =>
    one.label.startsWith('unknown') ? { ...one, tone: 'warn' as const } : one,
  )
  if (metrics === undefined) return [...typical(subject), ...money]
  return [
    perTask(metrics, before),
    ...typical(subject),
    ...factOf('cost per solved task', known(usd(metrics.costPerSolvedTaskUsd))),
    ...factOf('this run', spend(subject, context)),
    ...money,
    ...factOf('time per task', time(metrics)),
    ...factOf(
      'tokens per task',
      withUnknown(whole(metrics.tokensPerTask.mean), metrics.tokensPerTask),
    ),
    ...factOf('calls per task', calls(metrics)),
  ]
}

function perTask({ costPerTaskUsd }: RunMetrics, before: RunMetrics | undefined): PageFact {
  const label = 'cost per task'
  if (costPerTaskUsd.mean === undefined) return { label, value: 'not known', tone: 'warn' }
  const was = before?.costPerTaskUsd.mean
  const now = withUnknown(usd(costPerTaskUsd.mean), costPerTaskUsd)
  return { label, value: was === undefined ? now : `${now}, was ${usd(was)}` }
}

/** By what a typical task changed: the mean may move by one runaway case. */
function typical({ verdict }: Subject): readonly PageFact[] {
  const cost = verdict?.metrics.find(({ id, status }) => id === 'costPerTask' && status !== 'n/a')
  if (cost?.change === undefined) return []
  const range = metricRange(cost)
  const plausible = range === '' ? '' : ` (plausible ${range})`
  return factOf('a typical task', `${metricChange(cost)}${plausible}`)
}

function withUnknown(value: string, { n, unknown }: MeanMetric): string {
  if (value === notAvailable) return ''
  return unknown === 0 ? value : `${value} (${plural(n, 'trial')}; of ${whole(unknown)} unknown)`
}

function time({ latencyMs: { p50, p95 } }: RunMetrics): string {
  if (p50 === undefined) return ''
  return `${duration(p50)} in the median${p95 === undefined ? '' : `, p95 ${duration(p95)}`}`
}

function calls({ modelCallsPerTask, toolCallsPerTask }: RunMetrics): string {
  const parts = [
    ...(toolCallsPerTask.mean === undefined ? [] : [`${amount(toolCallsPerTask.mean)} of tools`]),
    ...(modelCallsPerTask.mean === undefined
      ? []
      : [`${amount(modelCallsPerTask.mean)} of models`]),
  ]
  return parts.join(', ')
}

function known(value: string): string {
  return value === notAvailable ? '' : value
}
