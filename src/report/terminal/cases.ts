import type { CaseResult } from '../../schema/run-result.ts'
import type { MovedCase, Verdict } from '../../schema/verdict.ts'
import { groupAlike } from '../cases/alike-reasons.ts'
import { type MovedLabel, movedLabel, whyNotDeciding, worstFirst } from '../cases/moved-cases.ts'
import { failingGroups } from '../cases/moved-groups.ts'
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
 * Cases that moved, worst first, those together that failed for the same reason: counts now and before,
 * what failed first, where they stand, and how their way changed.
 */
export function movedCaseLines(
  verdict: Verdict,
  cases: readonly CaseResult[],
  paint: Paint,
): readonly string[] {
  const moved = worstFirst(verdict)
  const shown = worseGroups(moved, verdict).slice(0, maxGroups)
  const lines = groupLines(
    shown.map((group) => ({
      label: cell(group.label, tones[group.label]),
      ids: group.cases.map(({ id }) => id),
      counts: movedCounts(group.cases),
      remarks: [firstFailure(group.reason, group.cases), group.why],
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
  const rest = moved.filter((one) => !told.has(one))
  return rest.length === 0 ? text : [...text, ...restLines(rest, told.size, verdict)]
}

interface WorseGroup {
  readonly label: 'FAIL' | 'note'
  /** Why the gate does not decide by it; empty where it does. */
  readonly why: string
  readonly reason: string
  readonly cases: readonly MovedCase[]
}

/**
 * Single cases always move a little; only those that say something about the verdict are shown. The kind
 * of trouble that the worst case has stands first, then what the gate decides by, then what hit most.
 */
function worseGroups(moved: readonly MovedCase[], verdict: Verdict): readonly WorseGroup[] {
  if (verdict.status === 'pass') return []
  const worse = moved
    .filter(({ direction }) => direction === 'worse')
    .map((one) => {
      const label = movedLabel(one, verdict) === 'FAIL' ? ('FAIL' as const) : ('note' as const)
      const why = label === 'FAIL' ? whyNotDeciding(one, verdict) : ''
      return { one, label, why, kind: [label, why, harmsOf(one)].join() }
    })
  const groups = [...new Set(worse.map(({ kind }) => kind))].flatMap((kind) => {
    const ofKind = worse.filter((one) => one.kind === kind)
    return groupAlike(ofKind, ({ one }) => one.firstFailure?.reason ?? '').flatMap(
      ({ items, reason }) => {
        const [first] = items
        if (first === undefined) return []
        const { label, why } = first
        return { label, why, reason, cases: items.map(({ one }) => one) }
      },
    )
  })
  const place = ({ cases, label, why }: WorseGroup): number => {
    if (cases[0] === worse[0]?.one) return 0
    return label === 'note' ? 3 : 1 + Number(why !== '')
  }
  return groups.toSorted((a, b) => place(a) - place(b) || b.cases.length - a.cases.length)
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

function firstFailure(reason: string, cases: readonly MovedCase[]): string {
  const trials = sum(cases.map((one) => one.firstFailure?.count ?? 0))
  return reason === '' ? '' : `${say(reason)} (${plural(trials, 'trial')})`
}

/** Which harm was done in either arm. */
function harmsOf({ attackSuccesses, violationTrials }: MovedCase): string {
  const wasDone = (times: MovedCase['violationTrials']): boolean =>
    times !== undefined && times.candidate + times.baseline > 0
  return [wasDone(attackSuccesses), wasDone(violationTrials)].join()
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
