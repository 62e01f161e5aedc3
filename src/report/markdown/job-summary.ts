import { groupAlike } from '../cases/alike-reasons.ts'
import { failureGroups } from '../cases/failure-groups.ts'
import { countOf, duration, plural, usd } from '../format.ts'
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
  const moved = new Map((verdict?.cases.moved ?? []).map((one) => [one.id, one]))
  const rows = (most: number): readonly (readonly string[])[] =>
    shown.slice(0, most).map((one) => {
      const was = moved.get(one.id)
      const { costUsd } = one
      return [
        linkedCase(one.id, links),
        one.layer,
        was === undefined ? '' : countOf(was.baselinePassed, was.baselineScored),
        countOf(one.passed, one.scored),
        numberOf(one.attackSuccesses),
        numberOf(one.violationTrials),
        numberOf(one.n - one.scored),
        costUsd === undefined || costUsd.n === 0 ? '' : usd(costUsd.sum / costUsd.n),
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

function numberOf(count: number): string {
  return count === 0 ? '' : String(count)
}
