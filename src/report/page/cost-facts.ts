import type { PageFact } from '../../schema/page-data.ts'
import type { MeanMetric, RunMetrics } from '../../schema/run-metrics.ts'
import { typicalWords } from '../figures/measured.ts'
import { type Measured, wasWords } from '../figures/measured-row.ts'
import { type MeasuredRows, measuredRows } from '../figures/measured-rows.ts'
import { moneyLines } from '../figures/money-lines.ts'
import { spend } from '../figures/sample.ts'
import { plural, whole } from '../format.ts'
import { metricChange, metricRange } from '../metric-words.ts'
import type { ReportContext } from '../reporter.ts'
import { sayInTerminal as say } from '../say.ts'
import type { Subject } from '../subject.ts'
import { factOf, labelled } from './facts.ts'

/** Models that a sentence names. */
const mostNamed = 8

/** What a task, a solved task, this run and a month cost, and what of it nobody knows. */
export function costFacts(subject: Subject, context: ReportContext): readonly PageFact[] {
  const { figures, metrics } = subject
  const money = labelled(moneyLines(subject, { say, most: mostNamed }), 'money').map((one) =>
    one.label.startsWith('unknown') ? { ...one, tone: 'warn' as const } : one,
  )
  if (metrics === undefined) return [...typical(subject), ...money]
  const rows = measuredRows(metrics, figures)
  return [
    perTask(metrics, rows),
    ...typical(subject),
    ...factOf('cost per solved task', withBaseline(rows.costPerSolvedTask)),
    ...factOf('this run', spend(subject, context)),
    ...money,
    ...factOf('time per task', time(rows)),
    ...factOf('tokens per task', tokens(metrics, rows)),
    ...factOf('calls per task', calls(rows)),
  ]
}

function perTask({ costPerTaskUsd }: RunMetrics, { costPerTask }: MeasuredRows): PageFact {
  const label = 'cost per task'
  if (costPerTask === undefined) return { label, value: 'not known', tone: 'warn' }
  return { label, value: withUnknown(withBaseline(costPerTask), costPerTaskUsd) }
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
  if (value === '') return ''
  return unknown === 0 ? value : `${value} (${plural(n, 'trial')}; of ${whole(unknown)} unknown)`
}

function time({ latencyP50, latencyP95 }: MeasuredRows): string {
  if (latencyP50 === undefined) return ''
  const median = `${latencyP50.value} in the median${wasWords(latencyP50)}`
  return latencyP95 === undefined ? median : `${median}; p95 ${withBaseline(latencyP95)}`
}

function tokens({ tokensPerTask }: RunMetrics, rows: MeasuredRows): string {
  const mean = withUnknown(withBaseline(rows.tokensPerTask), tokensPerTask)
  return [mean, ...typicalOf(rows.typicalTokens)].filter((part) => part !== '').join('; ')
}

function calls({ modelCallsPerTask, toolCallsPerTask, typicalToolCalls }: MeasuredRows): string {
  const ofTools =
    toolCallsPerTask === undefined
      ? []
      : [`${toolCallsPerTask.value} of tools${wasWords(toolCallsPerTask)}`]
  const ofModels =
    modelCallsPerTask === undefined
      ? []
      : [`${modelCallsPerTask.value} of models${wasWords(modelCallsPerTask)}`]
  return [...ofTools, ...typicalOf(typicalToolCalls), ...ofModels].join('; ')
}

function typicalOf(typical: Measured | undefined): readonly string[] {
  return typical === undefined ? [] : [typicalWords(typical)]
}

function withBaseline(row: Measured | undefined): string {
  return row === undefined ? '' : `${row.value}${wasWords(row)}`
}
