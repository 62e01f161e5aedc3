import type { CaseResult } from '../schema/run-result.ts'
import type { MovedCase, Verdict } from '../schema/verdict.ts'
import { alignColumns, cell, wrapped } from './columns.ts'
import { failingCases } from './failing-cases.ts'
import { countOf, plural } from './format.ts'
import { type MovedLabel, movedLabel, worstFirst } from './moved-cases.ts'
import type { Paint, Tone } from './paint.ts'
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
  const firstLines = alignColumns(rows, { align: 'lllll', paint })
  const withPath = shown.filter((one) => movedLabel(one, verdict) === 'FAIL').slice(0, maxPaths)
  const lines = shown.flatMap((one, index) => [
    firstLines[index] ?? '',
    ...firstFailure(one),
    ...place(cases.find(({ id }) => id === one.id)),
    ...(withPath.includes(one) ? pathLines(one) : []),
  ])
  const rest = moved.filter((one) => !shown.includes(one))
  return rest.length === 0 ? lines : [...lines, restLine(rest, shown.length)]
}

/** Single cases always move a little; only those that say something about the verdict are shown. */
function explains(one: MovedCase, { status }: Verdict): boolean {
  return one.direction === 'worse' && status !== 'pass'
}

function restLine(rest: readonly MovedCase[], shown: number): string {
  const better = rest.filter((one) => one.direction === 'better').length
  const more = shown === 0 ? plural(rest.length, 'case') : plural(rest.length, 'more case')
  return `${more} moved: ${rest.length - better} for the worse, ${better} for the better`
}

/** Cases with failures where there is nothing to compare with. */
export function failingCaseLines(cases: readonly CaseResult[], paint: Paint): readonly string[] {
  const failing = failingCases(cases)
  const shown = failing.slice(0, maxCases)
  const rows = shown.map((one) => [
    cell('fails', 'bad'),
    cell(say(one.id)),
    cell(countOf(one.passed, one.scored)),
    cell(
      one.attackSuccesses === 0 ? '' : `attack won ${countOf(one.attackSuccesses, one.attacked)}`,
    ),
    cell(
      one.violationTrials === 0 ? '' : `rule broken ${countOf(one.violationTrials, one.scored)}`,
    ),
  ])
  const firstLines = alignColumns(rows, { align: 'lllll', paint })
  const lines = shown.flatMap((one, index) => {
    const first = one.failures[0]
    return [
      firstLines[index] ?? '',
      ...(first === undefined ? [] : wrapped(say(first.reason), indent)),
      ...place(one),
    ]
  })
  const rest = failing.length - shown.length
  return rest > 0 ? [...lines, `and ${plural(rest, 'more case')} with failures`] : lines
}

function counts(one: MovedCase): readonly string[] {
  const { attackSuccesses: attacks, violationTrials: violations } = one
  return [
    `${countOf(one.candidatePassed, one.candidateScored)}, was ${countOf(one.baselinePassed, one.baselineScored)}`,
    attacks === undefined ? '' : `attack won ${attacks.candidate}, was ${attacks.baseline}`,
    violations === undefined
      ? ''
      : `rule broken ${violations.candidate}, was ${violations.baseline}`,
  ].filter((text, index) => index === 0 || text !== '')
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
