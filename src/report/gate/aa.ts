import type { GateAa, SplitTally } from '../../schema/gate-check.ts'
import type { MetricVerdict } from '../../schema/verdict.ts'
import { listed, percent, plural, pValue } from '../format.ts'
import {
  inReadingOrder,
  labelOfMetric,
  metricChangeNumber,
  metricRange,
  metricTitle,
  metricValue,
} from '../metric-words.ts'
import { sayInTerminal as say } from '../say.ts'
import { alignColumns, type Cell, cell, wrapped } from '../terminal/columns.ts'
import type { Paint, Tone } from '../terminal/paint.ts'
import { gateAaAdvice } from './aa-advice.ts'
import type { GateCheckContext } from './reporter.ts'

/** Does this gate raise an alarm where nothing has changed: the answer, its numbers, what to change. */
export function gateAaBlocks(
  document: GateAa,
  context: GateCheckContext,
  paint: Paint,
): readonly (readonly string[])[] {
  if (document.status === 'error') return [headingLines(document, paint)]
  return [
    headingLines(document, paint),
    metricLines(document, paint),
    splitLines(document, paint),
    copyLines(document),
    ...gateAaAdvice(document, context, paint),
  ]
}

function headingLines(document: GateAa, paint: Paint): readonly string[] {
  const { text, tone } = headline(document)
  return [
    ...wrapped(text, '  ', '').map((line) => paint(tone, line)),
    ...wrapped(sample(document), '  '),
  ]
}

function headline(document: GateAa): { readonly text: string; readonly tone: Tone } {
  const { status, verdict } = document
  switch (status) {
    case 'calm':
      return calm(verdict.metrics)
    case 'alarm':
      return { text: alarm(document), tone: 'bad' }
    case 'fact': {
      const facts = verdict.facts.filter(({ waivedBy }) => waivedBy === undefined)
      const why = listed(
        facts.map(({ message }) => say(message)),
        2,
      )
      return {
        text: `Whatever it is compared with, this agent fails its gate: ${why}.`,
        tone: 'bad',
      }
    }
    case 'error': {
      const why = verdict.missingEvidence.map(say).join('; ')
      return { text: `Nothing can be said of this gate: ${why}.`, tone: 'bad' }
    }
  }
}

function calm(metrics: readonly MetricVerdict[]): { readonly text: string; readonly tone: Tone } {
  const open = inReadingOrder(metrics).filter(({ status }) => status === 'inconclusive')
  if (open.length === 0) {
    const text = 'This gate does not cry wolf: the agent against itself raises no alarm.'
    return { text, tone: 'good' }
  }
  const which = listed(open.map(labelOfMetric), 3)
  const text = `This gate does not cry wolf, but it does not let an unchanged agent pass either: undecided on ${which}.`
  return { text, tone: 'warn' }
}

function alarm({ splits, verdict }: GateAa): string {
  const by = inReadingOrder(verdict.metrics).filter(({ status }) => status === 'regression')
  const exchanged = splits.find(
    ({ how, judgedBy }) => how === 'halves-exchanged' && judgedBy === 'trial',
  )
  if (by.length === 0 && exchanged !== undefined && exchanged.alarms > 0) {
    return `This gate would cry wolf: it would call ${rateOf(exchanged)} of unchanged agents a regression.`
  }
  const which = listed(by.map(labelOfMetric), 3)
  const on = which === '' ? '' : ` on ${which}`
  return `This gate cries wolf: the agent against itself is called a regression${on}.`
}

function sample({ candidate, cases, evalSet, from, leftOut, trials }: GateAa): string {
  const { first, second } = trials
  const behind = candidate.behind === 'reference' ? ' (reference provider, not a model)' : ''
  const source = from === undefined ? '' : `, from ${say(from)}`
  const single = leftOut === 0 ? '' : `; ${plural(leftOut, 'case')} with one trial left out`
  return (
    `${say(evalSet.id)}: ${plural(cases, 'case')}, ${first} against ${second} trials of each ` +
    `by ${say(candidate.name)}${behind}${source}${single}`
  )
}

const titles = ['changes in points', 'first', 'second', 'change', 'plausible', 'p', 'alarm']

function metricLines({ verdict }: GateAa, paint: Paint): readonly string[] {
  const shown = inReadingOrder(verdict.metrics).filter(({ status }) => status !== 'n/a')
  if (shown.length === 0) return []
  const rows = [titles.map((title) => cell(title, 'faint')), ...shown.map(metricRow)]
  return alignColumns(rows, { align: 'lrrrrrl', paint, indent: 2 })
}

function metricRow(metric: MetricVerdict): readonly Cell[] {
  const { p, status } = metric
  return [
    cell(metricTitle(metric)),
    cell(metricValue(metric, 'baseline')),
    cell(metricValue(metric, 'candidate')),
    cell(metricChangeNumber(metric)),
    cell(metricRange(metric)),
    cell(p === undefined ? '' : pValue(p)),
    alarmCell(status),
  ]
}

function alarmCell(status: MetricVerdict['status']): Cell {
  if (status === 'regression') return cell('ALARM', 'bad')
  if (status === 'inconclusive') return cell('no, undecided', 'warn')
  return status === 'unproven' ? cell('no, unproven', 'warn') : cell('no', 'good')
}

const splitWords: Readonly<Record<SplitTally['how'], string>> = {
  'trials-dealt': 'every trial dealt to a side',
  'halves-exchanged': 'halves of whole cases exchanged',
}

/** How often the same trials, split otherwise, would have raised an alarm. */
function splitLines({ splits, status }: GateAa, paint: Paint): readonly string[] {
  const [one] = splits
  if (one === undefined) return []
  const hows = [...new Set(splits.map(({ how }) => how))]
  const rows = hows.map((how) => [
    cell(splitWords[how]),
    ...(['trial', 'case'] as const).map((unitOf) =>
      tallyCell(
        splits.find((tally) => tally.how === how && tally.judgedBy === unitOf),
        status === 'alarm' ? 'bad' : undefined,
      ),
    ),
  ])
  const head = [`false alarms in ${one.splits} random splits`, 'judged by trials', 'by whole cases']
  return alignColumns([head.map((text) => cell(text, 'faint')), ...rows], {
    align: 'lrr',
    paint,
    indent: 2,
  })
}

function tallyCell(tally: SplitTally | undefined, tone: Tone | undefined): Cell {
  if (tally === undefined) return cell('')
  return cell(`${tally.alarms} (${rateOf(tally)})`, tally.alarms > 0 ? tone : undefined)
}

function share({ alarms, splits }: SplitTally): number {
  return splits === 0 ? 0 : alarms / splits
}

function rateOf(tally: SplitTally): string {
  return percent(share(tally))
}

function copyLines({ cases, changeRatio, copies, splits, verdict }: GateAa): readonly string[] {
  const { examples, sameTrajectory, sharedSeeds } = copies
  const named = examples.length === 0 ? '' : ` (${listed(examples.map(say), 3)})`
  const seeds =
    sharedSeeds === 0
      ? 'no two trials of a case share a seed'
      : `trials share a seed in ${sharedSeeds} of ${cases}${named}`
  const allowed = `alpha allows false alarms for up to ${percent(verdict.alpha)} of unchanged agents`
  return [
    ...(splits.length === 0 ? [] : [allowed]),
    `all trials went the same way in ${sameTrajectory} of ${plural(cases, 'case')}; ${seeds}`,
    ratioWords(changeRatio),
  ].flatMap((text) => wrapped(text, '    ', '  '))
}

function ratioWords(changeRatio: GateAa['changeRatio']): string {
  if (changeRatio === undefined) {
    return 'no case has both outcomes, so there is no noise to measure'
  }
  const { p, value } = changeRatio
  const luck = value > 1.5 && p > 0.01 ? '; this large it is luck until p is 0.01' : ''
  const means = 'how many times as much the halves of single cases differ as their trials explain'
  return `change ratio ${value.toFixed(2)} (p = ${pValue(p)}): ${means}; 1 is trial noise alone${luck}`
}
