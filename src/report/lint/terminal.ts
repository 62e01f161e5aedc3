import type { LintFinding } from '../../schema/lint-result.ts'
import { shellWord } from '../../text/shell-word.ts'
import { plural } from '../format.ts'
import { sayInTerminal as say } from '../say.ts'
import { wrapped } from '../terminal/columns.ts'
import { type Paint, painter, type Tone } from '../terminal/paint.ts'
import { lintCaseTable } from './case-table.ts'
import { type DiffLine, diffLines } from './diff.ts'
import { lintFigureLines, lintHeading } from './heading.ts'
import type { LintedSet, LintReporter, LintReportInput, LintStyle } from './reporter.ts'

/** Whoever mends a set reads a screen or two; the rest is one flag away. */
const mostFindings = 20

const tones: Readonly<Record<LintFinding['level'], Tone>> = { error: 'bad', warning: 'warn' }

/** For people: can every case fail, how do we know, what is wrong where, what to do next. */
export const lintTerminal: LintReporter = {
  id: 'terminal',
  describes: 'text for people: verdict, figures, findings with their place, what to do next',

  render(input, style = { colour: false, verbose: false }) {
    const paint = painter(style.colour)
    const blocks = input.sets.flatMap((set) => [
      [...headingLines(set, paint), ...lintFigureLines(set.result, say)],
      ...(style.verbose ? [lintCaseTable(set.result, paint)] : []),
      ...findingBlocks(set, style, paint),
    ])
    const text = [...blocks, nextLines(input, paint)].filter((lines) => lines.length > 0)
    return `${text.map((lines) => lines.join('\n')).join('\n\n')}\n`
  },
}

function headingLines({ result }: LintedSet, paint: Paint): readonly string[] {
  const { text, tone } = lintHeading(result, say)
  return wrapped(text, '  ', '').map((line) => paint(tone, line))
}

/** A block a case, those with errors first, each in the order of the document. */
function findingBlocks(
  { result: { findings } }: LintedSet,
  { verbose }: LintStyle,
  paint: Paint,
): readonly (readonly string[])[] {
  const inOrder = worstFirst(findings)
  const shown = verbose ? inOrder : inOrder.slice(0, mostFindings)
  const blocks = [...byCase(shown)].map(([subject, found]) => [
    paint('bold', subject === undefined ? 'the whole set' : say(subject)),
    ...found.flatMap((finding, index) =>
      findingLines(finding, { paint, isMendedBelow: found[index + 1]?.hint === finding.hint }),
    ),
  ])
  const rest = findings.length - shown.length
  if (rest === 0) return blocks
  return [...blocks, [`and ${plural(rest, 'more finding')}; --verbose shows all`]]
}

function worstFirst(findings: readonly LintFinding[]): readonly LintFinding[] {
  const withErrors = new Set(
    findings.filter(({ level }) => level === 'error').map((finding) => finding.case),
  )
  const isWorse = (finding: LintFinding): boolean => withErrors.has(finding.case)
  return [...findings.filter(isWorse), ...findings.filter((finding) => !isWorse(finding))]
}

function byCase(
  findings: readonly LintFinding[],
): ReadonlyMap<string | undefined, readonly LintFinding[]> {
  const grouped = new Map<string | undefined, LintFinding[]>()
  for (const finding of findings) {
    const group = grouped.get(finding.case)
    if (group === undefined) grouped.set(finding.case, [finding])
    else group.push(finding)
  }
  return grouped
}

/**
 * `file:line:column  level  rule`, the sentence, what a surviving mutant does differently, and the
 * mend, once where several findings in a row have the same. The place keeps a line of its own, so that terminals can open it.
 */
function findingLines(
  finding: LintFinding,
  { isMendedBelow, paint }: { readonly isMendedBelow: boolean; readonly paint: Paint },
): readonly string[] {
  const { hint, level, message, rule } = finding
  const mend = hint === undefined || isMendedBelow ? [] : [`mend: ${say(hint)}`]
  return [
    `  ${placeOf(finding)}  ${paint(tones[level], level)}  ${paint('faint', say(rule))}`,
    ...wrapped(say(message), '    '),
    ...diffLines(finding).map((line) => diffLine(line, paint)),
    ...mend.flatMap((text) => wrapped(text, '          ', '    ')),
  ]
}

function placeOf({ column, file, line }: LintFinding): string {
  return [say(file), line, column].filter((part) => part !== undefined).join(':')
}

function diffLine({ sign, text }: DiffLine, paint: Paint): string {
  const line = `      ${sign} ${say(text)}`.trimEnd()
  if (sign === '+') return paint('good', line)
  return sign === '-' ? paint('bad', line) : line
}

function nextLines({ commandPrefix, sets }: LintReportInput, paint: Paint): readonly string[] {
  const open = sets.find(({ result }) => result.findings.length > 0)
  if (open === undefined) {
    const names = sets
      .filter(({ result }) => result.cases.length > 0)
      .map(({ name }) => shellWord(name))
      .join(' ')
    if (names === '') return ['  to do  write an oracle: one way to do the task right']
    return [`  run it  ${paint('bold', `${commandPrefix} run ${names}`)}`]
  }
  const id = worstFirst(open.result.findings)[0]?.case
  const one = `${commandPrefix} lint ${shellWord(open.name)}`
  if (id === undefined) return [`  look again  ${paint('bold', one)}`]
  return [
    `  what a case says in full  ${paint('bold', `${one} --explain ${shellWord(id)}`)}`,
    `  look again at one case    ${paint('bold', `${one} --case ${shellWord(id)}`)}`,
  ]
}
