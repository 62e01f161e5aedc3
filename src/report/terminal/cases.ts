import type { CaseResult } from '../../schema/run-result.ts'
import type { MovedCase, Verdict } from '../../schema/verdict.ts'
import type { MovedLabel } from '../cases/moved-cases.ts'
import { besideGroups, failingGroups, type MovedGroup, worseGroups } from '../cases/moved-groups.ts'
import { countOf, plural } from '../format.ts'
import { sayInTerminal as say } from '../say.ts'
import type { Subject } from '../subject.ts'
import { alignColumns, type Cell, cell, fits, wrapped } from './columns.ts'
import { type Paint, painter, type Tone } from './paint.ts'
import { pathLines } from './paths.ts'
import { placeLine, placesOf } from './places.ts'

/** A reader with a red build looks at a few kinds of trouble; the rest is one `show` away. */
const maxGroups = 5
/** Of the first kind; of the others fewer. */
const maxNames = 8
const fewNames = 3
const maxPaths = 2
const indent = '        '

const tones: Readonly<Record<MovedLabel, Tone>> = { FAIL: 'bad', note: 'warn', better: 'good' }

/**
 * Cases that got worse for certain, then those that went down beside them, in the groups and in the order
 * of the comment: counts now and before, what failed first, where they stand, and how their way changed.
 * The others that moved are counted.
 */
export function movedCaseLines(
  verdict: Verdict,
  cases: readonly CaseResult[],
  paint: Paint,
): readonly string[] {
  // Single cases always move a little: of a pass only those that got worse for certain are told.
  const beside = verdict.status === 'pass' ? [] : besideGroups(verdict, 'note')
  const shown = [...worseGroups(verdict), ...beside].slice(0, maxGroups)
  const lines = groupLines(
    shown.map((group) => ({
      label: cell(group.label, tones[group.label]),
      ids: group.cases.map(({ id }) => id),
      counts: movedCounts(group.cases),
      remarks: [firstFailure(group), group.why],
    })),
    cases,
    paint,
  )
  const withPath = shown.filter(({ label }) => label === 'FAIL').slice(0, maxPaths)
  const text = shown.flatMap((group, index) => [
    ...(lines[index] ?? []),
    ...(withPath.includes(group) ? pathLines(group.cases) : []),
  ])
  const told = new Set(shown.flatMap((group) => group.cases))
  const rest = verdict.cases.moved.filter((one) => !told.has(one))
  return rest.length === 0 ? text : [...text, ...restLines(rest, told.size, verdict)]
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

interface ToldGroup {
  readonly label: Cell
  /** Worst first. */
  readonly ids: readonly string[]
  readonly counts: readonly string[]
  readonly remarks: readonly string[]
}

/** Of each group its figures, why, and where its cases stand; a group of one is called by its name. */
function groupLines(
  groups: readonly ToldGroup[],
  cases: readonly CaseResult[],
  paint: Paint,
): readonly (readonly string[])[] {
  const rows = groups.map(({ counts, ids, label }) => [
    label,
    cell(ids.length === 1 ? say(ids[0] ?? '') : plural(ids.length, 'case')),
    ...counts.map((text) => cell(text)),
  ])
  const firstLines = caseRows(rows, paint)
  return groups.map(({ ids, remarks }, index) => [
    ...(firstLines[index] ?? []),
    ...remarks.filter((text) => text !== '').flatMap((text) => wrapped(text, indent)),
    ...(ids.length === 1
      ? placeOf(ids[0], cases)
      : placesOf(ids, cases, index === 0 ? maxNames : fewNames)),
  ])
}

/** Label, name, counts; where a line is too long for them, the counts stand below the name. */
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

/** Cases with failures where there is nothing to compare with, by what is wrong with them. */
export function failingCaseLines({ shown: cases }: Subject, paint: Paint): readonly string[] {
  const groups = failingGroups(cases)
  const lines = groupLines(
    groups.slice(0, maxGroups).map((group) => ({
      label: cell('fails', 'bad'),
      ids: group.cases.map(({ id }) => id),
      counts: failingCounts(group.cases),
      remarks: [say(group.reason)],
    })),
    cases,
    paint,
  )
  const rest = sum(groups.slice(maxGroups).map((group) => group.cases.length))
  return [...lines.flat(), ...(rest > 0 ? [`and ${plural(rest, 'more case')} with failures`] : [])]
}

function failingCounts(cases: readonly CaseResult[]): readonly string[] {
  const attacks = sum(cases.map((one) => one.attackSuccesses))
  const attacked = sum(cases.map((one) => one.attacked))
  const scored = sum(cases.map((one) => one.scored))
  const broken = sum(cases.map((one) => one.violationTrials))
  return [
    `done ${countOf(sum(cases.map((one) => one.passed)), scored)}`,
    attacks === 0 ? '' : `attack won ${countOf(attacks, attacked)}`,
    broken === 0 ? '' : `rule broken ${countOf(broken, scored)}`,
  ]
}

function movedCounts(cases: readonly MovedCase[]): readonly string[] {
  const of = (arm: 'candidate' | 'baseline'): string =>
    countOf(
      sum(cases.map((one) => one[`${arm}Passed`])),
      sum(cases.map((one) => one[`${arm}Scored`])),
    )
  return [
    `done ${of('candidate')}, was ${of('baseline')}`,
    ...harm(
      'attack won',
      cases.map((one) => one.attackSuccesses),
    ),
    ...harm(
      'rule broken',
      cases.map((one) => one.violationTrials),
    ),
  ]
}

function firstFailure({ reason, trials }: MovedGroup): string {
  return reason === '' ? '' : `${say(reason)} (${plural(trials, 'trial')})`
}

/** Nothing where it happened in neither arm. */
function harm(what: string, times: readonly MovedCase['violationTrials'][]): readonly string[] {
  const now = sum(times.map((one) => one?.candidate ?? 0))
  const before = sum(times.map((one) => one?.baseline ?? 0))
  return now + before === 0 ? [] : [`${what} ${now}, was ${before}`]
}

function placeOf(id: string | undefined, cases: readonly CaseResult[]): readonly string[] {
  const one = cases.find((known) => known.id === id)
  return one?.file === undefined ? [] : [placeLine(one)]
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0)
}
