import {
  type DoctorFinding,
  type DoctorReport,
  doctorReport,
  type FindingStatus,
  findingStatus,
} from '../schema/doctor-report.ts'
import { asJson } from '../schema/json.ts'
import { prettyCanonicalJson } from '../text/canonical-json.ts'
import { terminalLine } from '../text/sanitise-terminal.ts'
import type { RenderStyle } from './reporter.ts'
import { wrapped } from './terminal/columns.ts'
import { type Paint, painter, type Tone } from './terminal/paint.ts'

/** Longest message, in code points: a compiler may have much to say. */
const longestMessage = 600
/** Room for `skipped` and two spaces. */
const statusWidth = 9

const words: Readonly<Record<FindingStatus, { readonly word: string; readonly tone: Tone }>> = {
  fail: { word: 'FAIL', tone: 'bad' },
  warn: { word: 'warn', tone: 'warn' },
  ok: { word: 'ok', tone: 'good' },
  skipped: { word: 'skipped', tone: 'faint' },
}

/** Turns what the doctor found into text. Pure: equal input gives equal bytes. */
interface DoctorReporter {
  readonly id: string
  /** For the help text: what one gets. */
  readonly describes: string
  readonly render: (report: DoctorReport, style?: RenderStyle) => string
}

const terminal: DoctorReporter = {
  id: 'terminal',
  describes: 'text for people: one line a check, and under each problem the line that mends it',
  render({ findings }, { colour } = { colour: false }) {
    const paint = painter(colour)
    const checkWidth = Math.max(0, ...findings.map(({ check }) => check.length)) + 2
    const lines = findings.flatMap((one) => findingLines(one, checkWidth, paint))
    return `${[...lines, '', summary(findings, paint)].join('\n')}\n`
  },
}

const json: DoctorReporter = {
  id: 'json',
  describes: 'the document, keys sorted',
  render: (report) => prettyCanonicalJson(asJson(doctorReport.parse(report))),
}

/** The formats of `doctor`, by id. */
export const doctorReporters: ReadonlyMap<string, DoctorReporter> = new Map(
  [terminal, json].map((reporter) => [reporter.id, reporter]),
)

function findingLines(
  { about, check, fix, message, place, status }: DoctorFinding,
  checkWidth: number,
  paint: Paint,
): readonly string[] {
  const { tone, word } = words[status]
  const head = word.padEnd(statusWidth) + check.padEnd(checkWidth)
  const at = place === undefined ? undefined : placeText(place)
  const text = [at, about, message].filter((part) => part !== undefined).join(': ')
  const indent = ' '.repeat(head.length)
  const [first = '', ...rest] = wrapped(terminalLine(text, longestMessage), indent)
  return [
    paint(tone, word) + head.slice(word.length) + first.trimStart(),
    ...rest,
    ...(fix === undefined ? [] : [fixLine(fix, paint)]),
  ]
}

/** Never broken, however long: it is there to be pasted. */
function fixLine(fix: string, paint: Paint): string {
  return `${' '.repeat(statusWidth)}${paint('faint', 'fix:')} ${terminalLine(fix, longestMessage)}`
}

function placeText({ column, file, line }: NonNullable<DoctorFinding['place']>): string {
  return [file, line, column].filter((part) => part !== undefined).join(':')
}

function summary(findings: readonly DoctorFinding[], paint: Paint): string {
  const counted = findingStatus.options.flatMap((status) => {
    const count = findings.filter((one) => one.status === status).length
    const { tone, word } = words[status]
    return count === 0 ? [] : [paint(tone, `${count} ${word}`)]
  })
  return counted.join(', ')
}
