import type { CaseResult } from '../schema/run-result.ts'
import type { MovedCase, Verdict } from '../schema/verdict.ts'
import { alignColumns, type Cell, cell, fits, wrapped } from './columns.ts'
import { failingCases } from './failing-cases.ts'
import { countOf, plural } from './format.ts'
import { type MovedLabel, movedLabel, worstFirst } from './moved-cases.ts'
import { type Paint, painter, type Tone } from './paint.ts'
import { pathDiffLines } from './path-diff.ts'
import { sayInTerminal as say } from './say.ts'

/** A reader with a red build looks at ten cases; the rest is one `show` away. */
const maxCases = 10
const maxPaths = 3
const indent = '        '

const tones: Readonly<Record<MovedLabel, Tone>> = { FAIL: 'bad', note: 'warn', better: 'good' }

/** Cases that moved, worst first: counts now and before, what failed first, and where it stands. */
export function movedCaseLines(
  verdict: Verdict,
  cases: readonly CaseResult[],
  paint: Paint,
): readonly string[] {
  const moved = worstFirst(verdict)
  const shown = moved.filter((one) => explains(one, verdict)).slice(0, maxCases)
  const rows = shown.map((one) => {
    const label = movedLabel(one, verdict)
    return [cell(label, tones[label]), cell(say(one.id)), ...counts(one).map((text) => cell(text))]
  })
  const firstLines = caseRows(rows, paint)
  const withPath = shown.filter((one) => movedLabel(one, verdict) === 'FAIL').slice(0, maxPaths)
  const lines = shown.flatMap((one, index) => [
    ...(firstLines[index] ?? []),
    ...firstFailure(one),
    ...place(cases.find(({ id }) => id === one.id)),
    ...(withPath.includes(one) ? pathLines(one) : []),
  ])
  const rest = moved.filter((one) => !shown.includes(one))
  return rest.length === 0 ? lines : [...lines, ...restLines(rest, shown.length, verdict)]
}

/** Single cases always move a little; only those that say something about the verdict are shown. */
function explains(one: MovedCase, { status }: Verdict): boolean {
  return one.direction === 'worse' && status !== 'pass'
}

function restLines(
  rest: readonly MovedCase[],
  shown: number,
  { diagnostics }: Verdict,
): readonly string[] {
  const better = rest.filter((one) => one.direction === 'better').length
  const more = shown === 0 ? plural(rest.length, 'case') : plural(rest.length, 'more case')
  const isNoise = diagnostics?.broken.length === 0 && diagnostics.fixed.length === 0
  const noise = isNoise ? '; none by more than its own noise' : ''
  const text = `${more} moved: ${rest.length - better} for the worse, ${better} for the better`
  return wrapped(`${text}${noise}`, '  ', '')
}

/** Label, id, counts; where a line is too long for them, the counts stand below the id. */
function caseRows(
  rows: readonly (readonly Cell[])[],
  paint: Paint,
): readonly (readonly string[])[] {
  const upTo = (columns: number, colours: Paint): readonly string[] =>
    alignColumns(
      rows.map((row) => row.slice(0, columns)),
      { align: 'lllll', paint: colours },
    )
  const plain = painter(false)
  const columns = [5, 3].find((count) => upTo(count, plain).every(fits)) ?? 2
  const firstLines = upTo(columns, paint)
  return rows.map((row, index) => {
    const below = row.slice(columns).map(({ text }) => text)
    const rest = below.filter((text) => text !== '').join('; ')
    return [firstLines[index] ?? '', ...(rest === '' ? [] : wrapped(rest, indent))]
  })
}

/** Cases with failures where there is nothing to compare with. */
export function failingCaseLines(cases: readonly CaseResult[], paint: Paint): readonly string[] {
  const failing = failingCases(cases)
  const shown = failing.slice(0, maxCases)
  const rows = shown.map((one) => [
    cell('fails', 'bad'),
    cell(say(one.id)),
    cell(`done ${countOf(one.passed, one.scored)}`),
    cell(
      one.attackSuccesses === 0 ? '' : `attack won ${countOf(one.attackSuccesses, one.attacked)}`,
    ),
    cell(
      one.violationTrials === 0 ? '' : `rule broken ${countOf(one.violationTrials, one.scored)}`,
    ),
  ])
  const firstLines = caseRows(rows, paint)
  const lines = shown.flatMap((one, index) => {
    const first = one.failures[0]
    return [
      ...(firstLines[index] ?? []),
      ...(first === undefined ? [] : wrapped(say(first.reason), indent)),
      ...place(one),
    ]
  })
  const rest = failing.length - shown.length
  return rest > 0 ? [...lines, `and ${plural(rest, 'more case')} with failures`] : lines
}

function counts(one: MovedCase): readonly string[] {
  const now = countOf(one.candidatePassed, one.candidateScored)
  const was = countOf(one.baselinePassed, one.baselineScored)
  return [
    `done ${now}, was ${was}`,
    ...harm('attack won', one.attackSuccesses),
    ...harm('rule broken', one.violationTrials),
  ]
}

/** Nothing where it happened in neither arm. */
function harm(what: string, times: MovedCase['violationTrials']): readonly string[] {
  if (times === undefined || times.candidate + times.baseline === 0) return []
  return [`${what} ${times.candidate}, was ${times.baseline}`]
}

function firstFailure({ firstFailure: first }: MovedCase): readonly string[] {
  if (first === undefined) return []
  return wrapped(`${say(first.reason)} (${plural(first.count, 'trial')})`, indent)
}

function place(one: CaseResult | undefined): readonly string[] {
  if (one?.file === undefined) return []
  return [`${indent}${say(one.file)}${one.line === undefined ? '' : `:${one.line}`}`]
}

function pathLines({ baselinePath: before, candidatePath: after }: MovedCase): readonly string[] {
  if (before === undefined || after === undefined) return []
  const lines = pathDiffLines(before.path, after.path, say)
  if (lines.every((line) => line.startsWith(' '))) return []
  const title = `tool path, + now (${plural(after.count, 'trial')}), - before (${plural(before.count, 'trial')})`
  return [title, ...lines].map((line) => indent + line)
}
