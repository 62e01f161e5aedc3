import type { CaseResult } from '../../schema/run-result.ts'
import type { Verdict } from '../../schema/verdict.ts'
import { groupAlike } from '../cases/alike-reasons.ts'
import { failureGroups } from '../cases/failure-groups.ts'
import { countOf, duration, notAvailable, plural } from '../format.ts'
import type { ReportInput } from '../reporter.ts'
import { sayInMarkdown as say } from '../say.ts'
import { type Subject, subjectOf } from '../subject.ts'
import { besideCases, type Scope } from './cases.ts'
import { controlsDetails } from './controls.ts'
import { environmentTable } from './environment.ts'
import { fitSections, type Section } from './fit-sections.ts'
import { type Extent, leftOut, title, verdictSections } from './markdown.ts'
import { howDecided } from './metrics.ts'
import { type CaseLinks, caseLinks, linkedCase, linkedCases } from './names.ts'
import { besideSection, footer, numbersSection } from './sections.ts'
import { details, list, paragraphs, table } from './table.ts'

/** GitHub drops a whole summary over 1 MiB, and shows an error for it. */
const maxBytes = 1_000_000
const inSummary: Scope = { rows: 200, ids: 20 }
const items = 100
const fewCases = 200
const fewestDecimals = 2
const mostDecimals = 6
const inFull: Extent = {
  scope: inSummary,
  paths: 100,
  items,
  pathsOf: new Set(['pass', 'regression', 'inconclusive', 'error']),
}

/**
 * The same report for the page of a CI job, where there is room: every kind of failure, every difference
 * of tool paths, every case, and what was run. At most 1,000,000 bytes; what is left out is named.
 *
 * Append it: a step may run several eval sets.
 */
export function jobSummary(input: ReportInput): string {
  const subject = subjectOf(input.result)
  return fitSections(
    [
      { name: 'heading', text: title(subject) },
      ...verdictSections(subject, input, inFull),
      ...moreSections(subject, input),
      { name: 'footer', text: footer(subject, input.context) },
    ],
    maxBytes,
    leftOut(maxBytes, input.context),
  )
}

function moreSections(subject: Subject, { context, result }: ReportInput): readonly Section[] {
  const { shown, verdict } = subject
  const links = caseLinks(shown, context)
  const where = { links, scope: inSummary }
  return [
    besideCases(verdict, where),
    { name: 'failures by kind', text: failureDetails(subject, links), dropOrder: 2 },
    casesSection(subject, links),
    { name: 'more numbers', text: numbersSection(subject), dropOrder: 8 },
    { name: 'what the controls did', text: controlsDetails(subject), dropOrder: 8 },
    { name: 'noise and autonomy', text: besideSection(subject, items), dropOrder: 0 },
    { name: 'how each gate decided', text: howDecided(verdict), dropOrder: 8 },
    {
      name: 'what was run',
      text: details('what was run', environmentTable(subject, result)),
      dropOrder: 8,
    },
  ]
}

/** Everything that failed, whether it moved or not, by kind and by first failing check. */
function failureDetails(subject: Subject, links: CaseLinks): string {
  const groups = failureGroups(subject).map(({ bucket, failures }) => {
    const alike = groupAlike(failures, ({ reason }) => reason)
    const reasons = alike.slice(0, items).map(({ items: those, reason }) => {
      const trials = those.reduce((sum, { count }) => sum + count, 0)
      const ids = [...new Set(those.map((one) => one.case))]
      return `${say(reason)} (${plural(trials, 'trial')}): ${linkedCases(ids, inSummary.ids, links)}`
    })
    const rest = alike.length - items
    return `**${bucket}**\n\n${list([...reasons, ...(rest > 0 ? [`and ${rest} more`] : [])])}`
  })
  return details('failures by kind', paragraphs(groups))
}

/** One row per case, in the order of the document; of a holdout none. */
function casesSection({ shown, verdict }: Subject, links: CaseLinks): Section {
  const name = `all cases, beyond ${fewCases}`
  if (shown.length === 0) return { name, text: '' }
  const was = baselineCounts(verdict)
  const cost = costColumn(shown.flatMap((one) => meanCost(one) ?? []))
  const rows = (most: number): readonly (readonly string[])[] =>
    shown.slice(0, most).map((one) => {
      return [
        linkedCase(one.id, links),
        one.layer,
        was(one),
        countOf(one.passed, one.scored),
        numberOf(one.attackSuccesses),
        numberOf(one.violationTrials),
        numberOf(one.n - one.scored),
        cost(meanCost(one)),
        one.latenciesMs.length === 0 ? '' : duration(one.latenciesMs.at(-1)),
        say(one.failures[0]?.reason ?? ''),
      ]
    })
  const head = ['case', 'layer', 'was', 'done', 'attack won', 'rule broken', 'lost']
  const upTo = (most: number): string => {
    const rest = shown.length - most
    const body = table(
      [...head, 'mean cost', 'slowest', 'most frequent first failing check'],
      'llrrrrrrrl',
      rows(most),
    )
    return details('all cases', rest > 0 ? `${body}\n\nand ${plural(rest, 'more case')}` : body)
  }
  return { name, text: upTo(shown.length), short: upTo(fewCases), dropOrder: 3 }
}

/**
 * What a case came to before. A verdict has the counts of those that moved and of those that are flaky; of
 * the rest that were compared it knows that no rate of theirs changed. Nothing where nothing was compared.
 */
function baselineCounts(verdict: Verdict | undefined): (one: CaseResult) => string {
  if (verdict === undefined || verdict.firstRun) return () => ''
  const { cases, confirmation, diagnostics, pairedCases } = verdict
  const unpaired = new Set([...cases.added, ...cases.changed])
  const known = new Map([
    ...(diagnostics?.flaky ?? []).map(({ baseline, id }) => [id, counted(baseline)] as const),
    ...cases.moved.map((one) => [one.id, countOf(one.baselinePassed, one.baselineScored)] as const),
  ])
  // What moved in trials that were made again says nothing of those that stand in the table.
  const isKnown = pairedCases > 0 && confirmation === undefined
  return ({ id, scored, twinOf }) => {
    if (unpaired.has(id) || twinOf !== undefined) return 'not compared'
    return known.get(id) ?? (isKnown && scored > 0 ? 'as before' : notAvailable)
  }
}

function counted({ passed, scored }: { readonly passed: number; readonly scored: number }): string {
  return countOf(passed, scored)
}

function meanCost({ costUsd }: CaseResult): number | undefined {
  return costUsd === undefined || costUsd.n === 0 ? undefined : costUsd.sum / costUsd.n
}

/** All with the decimals that the smallest of them needs, so that a column can be read down. */
function costColumn(amounts: readonly number[]): (amount: number | undefined) => string {
  const smallest = Math.min(...amounts.filter((one) => one > 0))
  const needed = Number.isFinite(smallest) ? 2 - Math.floor(Math.log10(smallest)) : fewestDecimals
  const decimals = Math.min(mostDecimals, Math.max(fewestDecimals, needed))
  return (amount) => (amount === undefined ? '' : `$${amount.toFixed(decimals)}`)
}

function numberOf(count: number): string {
  return count === 0 ? '' : String(count)
}
