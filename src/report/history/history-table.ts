import type { DriftChart, DriftReport } from '../../schema/drift.ts'
import { shellWord } from '../../text/shell-word.ts'
import { truncate } from '../../text/truncate.ts'
import { plural } from '../format.ts'
import type { RenderStyle } from '../reporter.ts'
import { sayInTerminal as say } from '../say.ts'
import { alignColumns, cell, wrapped } from '../terminal/columns.ts'
import { type Paint, painter, type Tone } from '../terminal/paint.ts'
import {
  alarmSentence,
  chartStatus,
  constantWords,
  dayOf,
  driftHeading,
  driftLine,
  driftValue,
  labelOf,
  marksSentence,
  nightsOf,
} from './drift-words.ts'
import { nightList } from './night-list.ts'
import { sparkline, valuesPerMark } from './sparkline.ts'

/** Marks of a sparkline at most. */
const sparkWidth = 30

/** Of a name in the heading. */
const longestName = 40

/** A line of ten points, or of a fifth of its mean, fills its height; less stays around the middle. */
const leastRateSpan = 0.1
const leastShareOfMean = 0.2

export interface HistoryStyle extends RenderStyle {
  /** Whether the terminal has block characters. */
  readonly unicode: boolean
  /** Nights to list, newest last. */
  readonly last: number
}

export interface HistoryContext {
  /** What every suggested command starts with, such as `npx agent-eval`. */
  readonly commandPrefix: string
  /** The eval set as it is named on the command line; absent where a file was named. */
  readonly evalSetName?: string
  readonly file?: string
}

/** For people: has anything changed for good, since when, after what; then the nights one by one. */
export function renderHistory(
  report: DriftReport,
  context: HistoryContext,
  style: HistoryStyle,
): string {
  const paint = painter(style.colour)
  const blocks = [
    headingLines(report, paint),
    chartLines(report, style, paint),
    nightList(report, style.last, paint),
    commandLines(report, context, paint),
    [paint(toneOf(report), driftLine(report))],
  ]
  const text = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
  return `${text.join('\n\n')}\n`
}

function toneOf({ status }: DriftReport): Tone | undefined {
  const tones = { drift: 'bad', quiet: 'good', 'no-chart': 'warn' } as const
  return tones[status]
}

function headingLines(report: DriftReport, paint: Paint): readonly string[] {
  const { agentBehind, because, candidate, evalSet, from, nights } = report
  const first = nights[from - 1]
  const last = nights.at(-1)
  const set = `${name(evalSet.id)} ${name(evalSet.version)}, candidate ${name(candidate.name)}`
  const charted =
    first === undefined || last === undefined
      ? 'the next night is the first'
      : `${plural(nightsOf(report), 'night')}, ${days(first.at, last.at)}`
  const start =
    because.length === 0 ? '' : `charts since night ${from}: ${marksSentence(because, say)}`
  const standIn = agentBehind === 'reference' ? 'reference provider, not a model' : ''
  return [
    ...wrapped(driftHeading(report), '  ', '').map((line) => paint('bold', line)),
    ...[`${set}: ${charted}`, start, standIn]
      .filter((text) => text !== '')
      .flatMap((text) => wrapped(text, '  ')),
  ]
}

function name(foreign: string): string {
  return truncate(say(foreign), longestName)
}

function days(first: string, last: string): string {
  return dayOf(first) === dayOf(last) ? dayOf(first) : `${dayOf(first)} to ${dayOf(last)}`
}

function chartLines(report: DriftReport, style: HistoryStyle, paint: Paint): readonly string[] {
  const charts = report.charts.filter((chart) => chart.status !== 'n/a')
  const nights = nightsOf(report)
  if (nights === 0) return []
  const each = valuesPerMark(nights, sparkWidth)
  const head = ['', each === 1 ? '' : `one mark is ${each} nights`, 'last', 'mean', 'nights', '']
  const rows = charts.map((chart) => [
    cell(labelOf(chart)),
    cell(lineOf(chart, report, style)),
    cell(driftValue(chart.kind, chart.last)),
    cell(driftValue(chart.kind, chart.mean)),
    cell(chart.nights === nights ? String(nights) : `${chart.nights} of ${nights}`),
    cell(chartStatus(chart), statusTone(chart)),
  ])
  const [first = '', ...lines] = alignColumns([head.map((text) => cell(text, 'faint')), ...rows], {
    align: 'llrrrl',
    paint,
    indent: 2,
  })
  return [
    first,
    ...lines.flatMap((line, index) => [line, ...alarmLines(charts[index], paint)]),
    ...footnotes(report),
  ]
}

function lineOf(
  chart: DriftChart,
  { from, nights }: DriftReport,
  { unicode }: HistoryStyle,
): string {
  const values = nights
    .slice(from - 1)
    .map((one) => (one.charted ? one.values[chart.id] : undefined))
  const leastSpan = chart.kind === 'rate' ? leastRateSpan : leastShareOfMean * (chart.mean ?? 0)
  return sparkline(values, { width: sparkWidth, leastSpan, unicode })
}

function alarmLines(chart: DriftChart | undefined, paint: Paint): readonly string[] {
  if (chart === undefined) return []
  return chart.alarms.flatMap((alarm) =>
    wrapped(alarmSentence(chart, alarm, say), '      ', '    ').map((line) => paint('bad', line)),
  )
}

function statusTone({ status }: DriftChart): Tone | undefined {
  if (status === 'drift') return 'bad'
  return status === 'quiet' ? 'good' : 'faint'
}

/** What the words of the last column mean, and what has no row. */
function footnotes({ charts }: DriftReport): readonly string[] {
  const of = (status: DriftChart['status']): readonly DriftChart[] =>
    charts.filter((chart) => chart.status === status)
  const absent = of('n/a').map(labelOf)
  return [
    ...(of('constant').length === 0
      ? []
      : [`constant: ${constantWords}, so it is not followed; the gate watches it`]),
    ...(of('too-few').length === 0 ? [] : ['to go: nights until there is a chart']),
    ...(absent.length === 0 ? [] : [`nothing to measure: ${absent.join(', ')}`]),
  ].flatMap((text) => wrapped(text, '    ', '  '))
}

/** Two runs to look at, and how to say that somebody has. */
function commandLines(
  report: DriftReport,
  { commandPrefix, evalSetName, file }: HistoryContext,
  paint: Paint,
): readonly string[] {
  const [alarm] = report.charts.flatMap((chart) => chart.alarms)
  if (alarm === undefined) return []
  const before = report.nights[alarm.changedFrom - 2]
  const last = report.nights.at(-1)
  const set = evalSetName === undefined ? '' : ` ${shellWord(evalSetName)}`
  const named = file === undefined ? set : ` --file ${shellWord(file)}`
  const commands = [
    ...(before === undefined || last === undefined
      ? []
      : [
          {
            purpose: 'what is different, with both runs at hand',
            command: `${commandPrefix} compare ${shellWord(before.run)} ${shellWord(last.run)}`,
          },
        ]),
    {
      purpose: 'it is known: start the charts over',
      command: `${commandPrefix} view --history${named} --handled 'why'`,
    },
  ]
  return commands.flatMap(({ command, purpose }) => [
    `  ${purpose}`,
    `    ${paint('bold', command)}`,
  ])
}
