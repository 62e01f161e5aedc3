import type { PageFact } from '../../schema/page-data.ts'
import type { MeanMetric, RunMetrics } from '../../schema/run-metrics.ts'
import { typicalWords } from '../figures/measured.ts'
import { type Measured, wasWords } from '../figures/measured-row.ts'
import { type MeasuredRows, measuredRows } from '../figures/measured-rows.ts'
import { moneyLines } from '../figures/money-lines.ts'
import { spend } from '../figures/sample.ts'
import { plural, usd, whole } from '../format.ts'
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
  const harm = harmFacts(subject)
  if (metrics === undefined) return [...harm, ...typical(subject), ...money]
  const rows = measuredRows(metrics, figures)
  const unseen = money.find(({ label }) => label === 'unknown cost')
  return [
    ...harm,
    perTask(metrics, rows, unseen?.value),
    ...typical(subject),
    ...factOf('cost per solved task', withBaseline(rows.costPerSolvedTask)),
    ...factOf('this run', spend(subject, context)),
    ...money.filter((one) => one !== unseen),
    ...factOf('time per task', time(rows)),
    ...factOf('tokens per task', tokens(metrics, rows)),
    ...factOf('calls per task', calls(rows)),
  ]
}

/**
 * What broken rules did to others, in dollars of each case once. By rule: one call may break several, and
 * a sum would count its dollars twice. Nobody is named here.
 */
function harmFacts({ verdict }: Subject): readonly PageFact[] {
  return (verdict?.facts ?? []).flatMap(({ harm, rule, waivedBy }) => {
    if (harm?.usd === undefined || harm.usd === 0) return []
    const by = rule === undefined ? '' : ` by ${say(rule)} broken`
    const excused = waivedBy === undefined ? '' : ', waived'
    const value = `${usd(harm.usd)}, ${whole(harm.who.length)} harmed${by}${excused}`
    return factOf('harm to others', value, waivedBy === undefined ? 'bad' : 'warn')
  })
}

/** @param why - what stands elsewhere in a row of its own, where it is the reason that nobody knows */
function perTask(
  { costPerTaskUsd }: RunMetrics,
  { costPerTask }: MeasuredRows,
  why: string | undefined,
): PageFact {
  const label = 'cost per task'
  if (costPerTask === undefined) {
    return { label, value: why === undefined ? 'not known' : `not known: ${why}`, tone: 'warn' }
  }
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
