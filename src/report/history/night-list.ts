import type { DriftNight, DriftReport, NightMark } from '../../schema/drift.ts'
import type { HistoryMetricId } from '../../schema/history.ts'
import type { VerdictStatus } from '../../schema/verdict.ts'
import { sayInTerminal as say } from '../say.ts'
import { alignColumns, type Cell, cell, wrapped } from '../terminal/columns.ts'
import type { Paint, Tone } from '../terminal/paint.ts'
import { dayOf, driftValue, labelOf, marksSentence } from './drift-words.ts'

const lineWidth = 80

/** Two lines above a column: the words of the metric's label. */
const heads: Readonly<Record<HistoryMetricId, readonly [string, string]>> = {
  asr: ['attacks', 'won'],
  violationRate: ['rules', 'broken'],
  tsr: ['tasks', 'done'],
  utilityUnderAttack: ['done under', 'attack'],
  costPerTask: ['cost per', 'task'],
  latencyP95: ['slowest', '5 %'],
}

const verdictWords: Readonly<Record<VerdictStatus, Cell>> = {
  pass: cell('pass'),
  regression: cell('FAIL', 'bad'),
  inconclusive: cell('undecided', 'warn'),
  error: cell('error', 'bad'),
}

/** One night a line, what changed between two of them as a line of its own. */
export function nightList(report: DriftReport, last: number, paint: Paint): readonly string[] {
  const nights = report.nights.slice(-last)
  const columns = report.charts.map(({ id, kind }) => ({
    id,
    head: heads[id],
    label: labelOf({ id }),
    values: nights.map((one) => (id in one.values ? driftValue(kind, one.values[id]) : '')),
  }))
  const varying = columns.filter(({ values }) => nights.length < 2 || new Set(values).size > 1)
  const fitting = fit(varying.filter(hasValue), nights)
  const same = columns.filter((one) => hasValue(one) && !varying.includes(one))
  const hidden = varying.filter((one) => hasValue(one) && !fitting.includes(one))
  return [
    ...rowsOf(nights, fitting, paint),
    ...openEnd(report),
    ...listLine(
      'the same every night',
      same.map(({ label, values }) => `${label} ${values[0] ?? ''}`),
    ),
    ...listLine(
      'no room for',
      hidden.map(({ label }) => label),
    ),
  ]
}

interface Column {
  readonly id: HistoryMetricId
  readonly head: readonly [string, string]
  readonly label: string
  /** One text per night shown. */
  readonly values: readonly string[]
}

function hasValue({ values }: Column): boolean {
  return values.some((text) => text !== '')
}

/** As many columns as a line holds; safety stands first and stays. */
function fit(columns: readonly Column[], nights: readonly DriftNight[]): readonly Column[] {
  const number = String(nights.at(-1)?.night ?? 0).length
  const fixed =
    2 + Math.max('night'.length, number) + 2 + timeOf(nights)('').length + 2 + 'undecided'.length
  let room = lineWidth - fixed
  return columns.filter(({ head, values }) => {
    room -= 2 + Math.max(...[...head, ...values].map((text) => text.length))
    return room >= 0
  })
}

function rowsOf(
  nights: readonly DriftNight[],
  columns: readonly Column[],
  paint: Paint,
): readonly string[] {
  const time = timeOf(nights)
  const headLines = [0, 1].map((line) => [
    cell(line === 0 ? '' : 'night', 'faint'),
    cell('', 'faint'),
    ...columns.map(({ head }) => cell(head[line] ?? '', 'faint')),
    cell('', 'faint'),
  ])
  const rows = nights.map(({ at, night, status }, index) => [
    cell(String(night)),
    cell(time(at)),
    ...columns.map(({ values }) => cell(values[index] ?? '')),
    status === undefined ? cell('') : verdictWords[status],
  ])
  const align = `rl${'r'.repeat(columns.length)}l`
  const [first = '', second = '', ...lines] = alignColumns([...headLines, ...rows], {
    align,
    paint,
    indent: 2,
  })
  const marked = lines.flatMap((line, index) => [...markLines(nights[index], paint), line])
  return [first, second, ...marked].filter((line) => line !== '')
}

/** What is different from this night on stands above it. */
function markLines(night: DriftNight | undefined, paint: Paint): readonly string[] {
  if (night === undefined || night.marks.length === 0) return []
  const tone: Tone = night.marks.every((mark) => mark.kind === 'tool') ? 'faint' : 'warn'
  return markLine(night.marks).map((line) => paint(tone, line))
}

/** A restart whose first night is still to come. */
function openEnd({ because, from, nights }: DriftReport): readonly string[] {
  if (from <= nights.length) return []
  return markLine(because)
}

function markLine(marks: readonly NightMark[]): readonly string[] {
  const restarts = marks.some((mark) => mark.restarts) ? '; the charts start over' : ''
  return wrapped(`-- ${marksSentence(marks, say)}${restarts}`, '            ', '         ')
}

function listLine(what: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : wrapped(`${what}: ${items.join(', ')}`, '    ', '  ')
}

/** The day; with the time where a day has two runs. A place of the right width for no time. */
function timeOf(nights: readonly DriftNight[]): (at: string) => string {
  const days = new Set(nights.map(({ at }) => dayOf(at)))
  const length = days.size === nights.length ? 10 : 16
  return (at) => at.slice(0, length).replace('T', ' ').padEnd(length)
}
