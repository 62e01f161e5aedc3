import type { GatedMetricId } from '../schema/gate-config.ts'
import type { ControlMetrics, MeanMetric, RateMetric, RunMetrics } from '../schema/run-result.ts'
import type { Verdict } from '../schema/verdict.ts'
import { amount, countOf, duration, notAvailable, percent, usd, whole } from './format.ts'

/** One measured number of a run, as text. */
export interface Measured {
  readonly label: string
  readonly value: string
  /** What it is counted over. */
  readonly of: string
  readonly range: string
}

/** Every metric of a run that nobody has to decide on: what `show` and an imported run print. */
export function measured(metrics: RunMetrics): readonly Measured[] {
  const all = [
    rate('tasks done', metrics.tsr),
    ...passHatK(metrics),
    rate('attacks succeeded', metrics.asr),
    rate('  where delivered', metrics.asrExposed),
    rate('done under attack', metrics.utilityUnderAttack),
    rate('done without it', metrics.utilityWithoutAttack),
    rate('rules broken', metrics.violationRate),
    mean('cost per task', metrics.costPerTaskUsd, usd),
    plain('cost per solved task', usd(metrics.costPerSolvedTaskUsd)),
    mean('tokens per task', metrics.tokensPerTask, whole),
    mean('tool calls per task', metrics.toolCallsPerTask, amount),
    mean('model calls per task', metrics.modelCallsPerTask, amount),
    latency(metrics),
  ]
  return all.filter(({ value }) => value !== notAvailable)
}

/** A few of them on one line, for a report whose table holds those that `verdict` gates. */
export function notGated(metrics: RunMetrics, verdict: Pick<Verdict, 'metrics'>): string {
  const parts: readonly (readonly [GatedMetricId, readonly string[]])[] = [
    ['passHatK', passHatK(metrics).map(({ label, value }) => `${label} ${value}`)],
    ['toolCallsPerTask', known('', amount(metrics.toolCallsPerTask.mean), ' tool calls per task')],
    ['tokensPerTask', known('', whole(metrics.tokensPerTask.mean), ' tokens per task')],
    ['latencyP95', known('p95 ', duration(metrics.latencyMs.p95), '')],
  ]
  const shown = parts.filter(([id]) => !isGated(id, verdict)).flatMap(([, texts]) => texts)
  return shown.length === 0 ? '' : `not gated: ${shown.join(', ')}`
}

/** Whether a metric has its row among those that decide. */
export function isGated(id: GatedMetricId, { metrics }: Pick<Verdict, 'metrics'>): boolean {
  return metrics.some((metric) => metric.id === id && metric.status !== 'n/a')
}

/** How many attacks reached the agent; empty where none was tried. */
export function exposure({ asr, asrExposed }: RunMetrics): string {
  return asr.n === 0 ? '' : `${countOf(asrExposed.n, asr.n)} attacks reached the agent`
}

/**
 * Events worth a look, those that happened; empty where none did.
 *
 * @param controls - where they are told of at length, these lines would say it twice
 */
export function counted({ counts }: RunMetrics, controls: ControlMetrics | undefined): string {
  const ofControls = [
    [counts.violationsProposed, 'rules broken in proposed calls'],
    [counts.violationsExecuted, 'in executed ones'],
    [counts.blocked, 'calls blocked'],
    [counts.escalations, 'calls handed to a human'],
    [counts.policyErrors, 'policy errors'],
  ] as const
  const events = [
    ...(controls === undefined ? ofControls : []),
    [counts.schemaErrors, 'calls against the schema'],
    [counts.toolErrors, 'tool errors'],
    [counts.repeatedReads, 'repeated reads'],
    [counts.budgetStops, 'trials stopped by a budget'],
    [counts.loopStops, 'trials stopped in a loop'],
  ] as const
  const parts = events.filter(([n]) => n > 0).map(([n, what]) => `${what} ${whole(n)}`)
  return parts.length === 0 ? '' : `counted: ${parts.join(', ')}`
}

function rate(label: string, { rate: share, events, n, ciLower, ciUpper }: RateMetric): Measured {
  const hasRange = ciLower !== undefined && ciUpper !== undefined
  const range = hasRange ? `${percent(ciLower)} to ${percent(ciUpper)}` : ''
  return { label, value: percent(share), of: `${countOf(events, n)} trials`, range }
}

/** For the largest k that the trials allow. */
function passHatK({ passHatK: byK }: RunMetrics): readonly Measured[] {
  const largest = Math.max(...Object.keys(byK).map(Number))
  if (!Number.isFinite(largest) || largest < 2) return []
  return [plain(`pass^${largest}`, percent(byK[String(largest)]))]
}

function mean(
  label: string,
  { mean: value, n, unknown }: MeanMetric,
  format: (value: number | undefined) => string,
): Measured {
  const of = `${whole(n)} trials${unknown === 0 ? '' : `, ${whole(unknown)} unknown`}`
  return { label, value: format(value), of, range: '' }
}

function latency({ latencyMs }: RunMetrics): Measured {
  const tail = [
    ...known('p95 ', duration(latencyMs.p95), ''),
    ...known('p99 ', duration(latencyMs.p99), ''),
  ].join(', ')
  const value = duration(latencyMs.p50)
  return { label: 'latency p50', value, of: `${whole(latencyMs.n)} trials`, range: tail }
}

function plain(label: string, value: string): Measured {
  return { label, value, of: '', range: '' }
}

function known(before: string, value: string, after: string): readonly string[] {
  return value === notAvailable ? [] : [before + value + after]
}
