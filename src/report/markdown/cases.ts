import type { MovedCase, Verdict } from '../../schema/verdict.ts'
import {
  besideGroups,
  type FailingGroup,
  failingGroups,
  type MovedGroup,
  worseGroups,
} from '../cases/moved-groups.ts'
import { countOf, plural } from '../format.ts'
import { sayInMarkdown as say } from '../say.ts'
import type { Subject } from '../subject.ts'
import type { Section } from './fit-sections.ts'
import { type CaseLinks, linkedCases } from './names.ts'
import { details, table } from './table.ts'

/** How much is shown of what there is: a comment is short, a job summary has all. */
export interface Scope {
  readonly rows: number
  /** Of one row. */
  readonly ids: number
}

/** Where room is short. */
const fewRows = 3

interface Shown {
  readonly links: CaseLinks
  readonly scope: Scope
}

/**
 * Cases that got worse for certain, by what went wrong first, the worst first: what explains a regression,
 * and what broke beyond its own noise beside it. Of a pass they are closed at first, as the gate allows
 * them.
 */
export function worseSection(verdict: Verdict, shown: Shown): Section {
  const name = 'cases that got worse'
  if (verdict.status === 'error') return { name, text: '' }
  const groups = worseGroups(verdict)
  const title = `${plural(countIn(groups), 'case')} got worse`
  return shortened(name, [groups.length, shown.scope.rows], (upTo) => {
    const body = movedTable(groups.slice(0, upTo), shown)
    return verdict.status === 'pass'
      ? details(`${title}, which the gate allows`, body)
      : `#### ${title}\n\n${body}`
  })
}

/** What moved without deciding anything: beside a regression, and of every other verdict. */
export function besideCases(verdict: Verdict | undefined, shown: Shown): Section {
  const name = 'cases that moved beside the verdict'
  // Where evidence is missing a case may have moved by that alone.
  if (verdict === undefined || verdict.firstRun || verdict.status === 'error') {
    return { name, text: '' }
  }
  const groups = (['note', 'better'] as const).flatMap((label) => besideGroups(verdict, label))
  const count = (label: MovedGroup['label']): number =>
    countIn(groups.filter((one) => one.label === label))
  const all = countIn(groups)
  const more = worseGroups(verdict).length === 0 ? 'case' : 'more case'
  const summary = `${plural(all, more)} moved and ${all === 1 ? 'does' : 'do'} not decide: ${count('note')} down, ${count('better')} up`
  const text = (upTo: number): string =>
    details(summary, movedTable(groups.slice(0, upTo), shown) + restOf(groups.length - upTo))
  return {
    name,
    text: groups.length === 0 ? '' : text(shown.scope.rows),
    dropOrder: 3,
  }
}

/** Cases with failures, where there is nothing to compare with. */
export function failingSection({ shown: cases }: Subject, shown: Shown): Section {
  const groups = failingGroups(cases)
  return shortened('cases with failures', [groups.length, shown.scope.rows], (upTo) => {
    const rows = groups.slice(0, upTo).map((one) => failingRow(one, shown))
    const head = ['', 'cases', 'trials', 'most frequent first failing check']
    return `#### Cases with failures\n\n${table(head, 'llll', rows)}`
  })
}

function shortened(
  name: string,
  [rows, most]: readonly [rows: number, most: number],
  render: (upTo: number) => string,
): Section {
  if (rows === 0) return { name, text: '' }
  const upTo = (few: number): string => render(few) + restOf(rows - few)
  return { name: `${name}, beyond three`, text: upTo(most), short: upTo(fewRows), dropOrder: 5 }
}

/** A row is a kind of failure, so that what is left out is counted in kinds. */
function restOf(rows: number): string {
  return rows > 0 ? `\n\nand ${plural(rows, 'more kind')} of failure` : ''
}

function countIn(groups: readonly MovedGroup[]): number {
  return sum(groups.map(({ cases }) => cases.length))
}

function movedTable(groups: readonly MovedGroup[], shown: Shown): string {
  const head = ['', 'cases', 'baseline', 'candidate', 'first failing check']
  return table(
    head,
    'llccl',
    groups.map((one) => movedRow(one, shown)),
  )
}

function movedRow(group: MovedGroup, { links, scope }: Shown): readonly string[] {
  const { cases, reason, trials, why } = group
  const ids = cases.map(({ id }) => id)
  const failed = reason === '' ? '' : `${say(reason)} (${plural(trials, 'trial')})`
  return [
    kindOf(group),
    linkedCases(ids, scope.ids, links),
    armCounts(cases, 'baseline'),
    armCounts(cases, 'candidate'),
    [failed, why].filter((text) => text !== '').join('; '),
  ]
}

/** What got worse for certain is told by what it is; the rest by where it went. */
function kindOf({ bucket, label, why }: MovedGroup): string {
  if (label === 'FAIL' || why !== '') return bucket
  return label === 'note' ? `down, ${bucket}` : 'up'
}

function failingRow({ bucket, cases, reason }: FailingGroup, shown: Shown): readonly string[] {
  const ids = cases.map(({ id }) => id)
  return [
    bucket,
    linkedCases(ids, shown.scope.ids, shown.links),
    countWords({
      passed: sum(cases.map((one) => one.passed)),
      scored: sum(cases.map((one) => one.scored)),
      attacks: sum(cases.map((one) => one.attackSuccesses)),
      violations: sum(cases.map((one) => one.violationTrials)),
    }),
    say(reason),
  ]
}

function armCounts(cases: readonly MovedCase[], arm: 'baseline' | 'candidate'): string {
  const passed = sum(cases.map((one) => one[`${arm}Passed`]))
  const scored = sum(cases.map((one) => one[`${arm}Scored`]))
  const attacks = sum(cases.map(({ attackSuccesses }) => attackSuccesses?.[arm] ?? 0))
  const violations = sum(cases.map(({ violationTrials }) => violationTrials?.[arm] ?? 0))
  return countWords({ passed, scored, attacks, violations })
}

/** Where an attack won, that the user's own task was done beside it is no good news. */
function countWords(
  counts: Record<'passed' | 'scored' | 'attacks' | 'violations', number>,
): string {
  const { attacks, passed, scored, violations } = counts
  return [
    `${countOf(passed, scored)} done`,
    ...(attacks === 0 ? [] : [`attack won ${attacks}`]),
    ...(violations === 0 ? [] : [`rule broken ${violations}`]),
  ].join(', ')
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0)
}
