import type { MetricVerdict, Verdict } from '../../schema/verdict.ts'
import { worseCases } from '../cases/moved-cases.ts'
import { baselineCommand } from '../commands/baseline-command.ts'
import { priceOf } from '../commands/price-of.ts'
import { mostTrialsInBothArms, mostTrialsNeeded } from '../commands/trials-needed.ts'
import { plural, whole } from '../format.ts'
import { notDecided } from '../heading.ts'
import {
  allowance,
  inReadingOrder,
  metricChange,
  metricRange,
  metricTitle,
  metricValue,
} from '../metric-words.ts'
import type { ReportContext } from '../reporter.ts'
import { sayInMarkdown as say } from '../say.ts'
import type { Subject } from '../subject.ts'
import { paragraphs, table } from './table.ts'

/** What stands right below the heading, whatever else has no room: the effect, and what it means. */
export function leadParagraph(subject: Subject, context: ReportContext): string {
  const { verdict } = subject
  if (verdict === undefined) return ''
  if (verdict.status === 'error') return noEvidence(subject, verdict)
  if (verdict.firstRun) return nothingCompared(verdict, context)
  if (verdict.status === 'regression') {
    const told = [howBad(verdict), howSure(verdict)].filter((text) => text !== '').join(' ')
    return `${told}${stepFails(verdict)}`.trimStart()
  }
  const isOpen = verdict.status === 'inconclusive'
  return paragraphs([effect(verdict), isOpen ? undecided(subject, verdict, context) : ''])
}

/** What the heading and the table do not say: how many cases it hit. */
function howBad(verdict: Verdict): string {
  if (verdict.split === 'holdout') return ''
  const worse = worseCases(verdict).length
  const all = `${whole(worse)} of ${plural(verdict.pairedCases, 'case')} got worse`
  return worse === 0 ? 'No single case shows it.' : `**${all}.**`
}

/** How far chance explains it, in words; a fact needs none. */
function howSure(verdict: Verdict): string {
  const worst = inReadingOrder(verdict.metrics).filter(({ status }) => status === 'regression')
  const [first] = worst
  if (first === undefined) return 'It was seen to happen, so that nothing is left to chance.'
  if (worst.every(({ unit }) => unit === 'deterministic')) {
    return 'Both sides do the same in every trial, so that nothing is left to chance.'
  }
  const p = first.pHolm ?? first.p
  if (p === undefined) return ''
  return `Chance alone shows as much in ${oneIn(p)} comparisons.`
}

function oneIn(p: number): string {
  return p < 0.001 ? 'less than 1 of 1,000' : `about 1 of ${whole(Math.round(1 / p))}`
}

/** The one number behind the verdict, its interval and what is allowed. */
function effect(verdict: Verdict): string {
  const metric = leading(verdict)
  if (metric === undefined) return ''
  const range = metricRange(metric)
  const plausible = range === 'exact' ? 'exact' : `plausible: ${range}`
  const was = metric.baseline === undefined ? '' : `, was ${metricValue(metric, 'baseline')}`
  const label = metricTitle(metric)
  const value = `**${metricValue(metric, 'candidate')}**${was}`
  const change =
    metric.change === undefined
      ? ''
      : `, **${metricChange(metric)}**${range === '' ? '' : ` (${plausible})`}`
  return `${capital(label)}: ${value}${change}; ${allowance(metric)}.`
}

function stepFails({ exitCode }: Verdict): string {
  return exitCode === 0 ? '' : ` This fails the step (exit ${exitCode}).`
}

/** What would decide, and that hoping does not. */
function undecided(subject: Subject, verdict: Verdict, context: ReportContext): string {
  const green = verdict.exitCode === 0 ? ' The step does not fail all the same (exit 0).' : ''
  return `**${notDecided}**${green || stepFails(verdict)}\n${toDecide(subject, verdict, context)}`
}

const again = 'Running it again unchanged will most likely end here again.'

function toDecide(subject: Subject, { sampling }: Verdict, context: ReportContext): string {
  const one = mostTrialsNeeded(subject)
  if (one !== undefined) return `To decide: about ${effort(subject, one)}. ${again}`
  const both = mostTrialsInBothArms(subject)
  if (both !== undefined) {
    const how = baselineCommand(subject, context) === undefined ? '' : ' Both commands stand below.'
    return `To decide: about ${effort(subject, both)}, and as many of the baseline, which is too small for this.${how} ${again}`
  }
  if (sampling?.stopped === 'time') return `To decide: more time. ${again}`
  if (sampling?.stopped === 'budget') return `To decide: a larger budget. ${again}`
  return `No number of trials of this change alone is known to settle it. ${again}`
}

/** `10 trials per case, 240 in all, about $5.10`. */
function effort(subject: Subject, trials: number): string {
  const { cases } = subject
  const price = priceOf(subject, cases, trials)
  return [
    `${whole(trials)} trials per case`,
    ...(cases.length < 2 ? [] : [`${whole(trials * cases.length)} in all`]),
    ...(price === '' ? [] : [price]),
  ].join(', ')
}

/** Which trials are missing, and why: none of it is the agent's failure. */
function noEvidence({ cases, metrics }: Subject, verdict: Verdict): string {
  const lost = sum(cases.map(({ incomplete, invalid }) => incomplete + invalid))
  const reasons = metrics?.lostTo ?? []
  const rest = lost - sum(reasons.map(({ count }) => count))
  const rows = [
    ...reasons.map(({ count, reason }) => [...causeOf(reason), whole(count)]),
    ...(rest > 0 ? [['not finished, or for other reasons', '', whole(rest)]] : []),
  ]
  const start = 'Evidence is missing, so there is no verdict: neither a pass nor a regression.'
  return paragraphs([
    `${start}${stepFails(verdict)}`,
    rows.length === 0 ? '' : table(['cause', 'first message', 'trials'], 'llr', rows),
    rows.length === 0 ? '' : 'Not counted as failures of the agent.',
  ])
}

/** `the provider failed: 429 Too Many Requests` as its two halves. */
function causeOf(reason: string): readonly [cause: string, message: string] {
  const colon = reason.indexOf(': ')
  return colon === -1
    ? [say(reason), '']
    : [say(reason.slice(0, colon)), say(reason.slice(colon + 2))]
}

function nothingCompared(verdict: Verdict, { isUncompared }: ReportContext): string {
  const judged = 'Limits and rules that allow no exception were judged all the same'
  const found =
    verdict.facts.length === 0 ? 'none was missed or broken' : 'what they found stands below'
  const why =
    isUncompared === true
      ? 'Compared with nothing, as asked.'
      : 'There was nothing to compare with.'
  return `${why} ${judged}: ${found}.${stepFails(verdict)}`
}

/** The metric that the heading is about: the worst status first, and of a pass the success rate. */
function leading(verdict: Verdict): MetricVerdict | undefined {
  const ordered = inReadingOrder(verdict.metrics).filter(({ status }) => status !== 'n/a')
  for (const status of ['regression', 'inconclusive', 'unproven'] as const) {
    const found = ordered.find((metric) => metric.status === status)
    if (found !== undefined) return found
  }
  return ordered.find(({ id }) => id === 'tsr') ?? ordered[0]
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0)
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
