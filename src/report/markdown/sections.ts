import type { Fact, Verdict } from '../../schema/verdict.ts'
import { linkAddress } from '../../text/link-address.ts'
import { markdownCode } from '../../text/sanitise-markdown.ts'
import { idleSentence } from '../cases/idle-cases.ts'
import { moneyLines } from '../figures/money-lines.ts'
import { routeTable } from '../figures/route-table.ts'
import { sampleSize, spend, splitNote, standIns } from '../figures/sample.ts'
import { listed, plural, usd, whole } from '../format.ts'
import { isToldInHeading, mostReasons } from '../heading.ts'
import { autonomyNote } from '../notes/autonomy-note.ts'
import { judgeNote, maxJudgeNote } from '../notes/judge-note.ts'
import { lostTrials } from '../notes/lost-trials.ts'
import { quietNotes, urgentNotes } from '../notes/loud-notes.ts'
import { meanScoreNotes } from '../notes/mean-score-note.ts'
import { diagnosticNotes, unpairedNotes } from '../notes/verdict-notes.ts'
import type { ReportContext } from '../reporter.ts'
import { sayInMarkdown as say, sayAtLength } from '../say.ts'
import type { Subject } from '../subject.ts'
import type { Section } from './fit-sections.ts'
import { besideMetrics, measuredTable, notGatedTable, undecidedRemarks } from './metrics.ts'
import { sayId } from './names.ts'
import { details, list, paragraphs, table } from './table.ts'

const maxRemarks = 8
const maxItems = 12
const fewItems = 4
const maxNamed = 5

/** Facts and missing evidence that the heading does not tell in full, warnings, who stood in for a model. */
export function remarksSection(subject: Subject): Section {
  const { judge, verdict } = subject
  const stopped = judge?.stopped === undefined ? [] : judgeItems(subject)
  const missing = (verdict?.missingEvidence ?? [])
    .slice(mostReasons)
    .map((text) => `**missing**: ${say(text)}`)
  const all = [
    ...(verdict === undefined ? [] : factItems(verdict)),
    ...missing,
    ...stopped,
    ...undecidedRemarks(subject),
    ...(verdict === undefined ? [] : urgentNotes(verdict, naming)),
    ...(verdict?.warnings ?? []).map(say),
  ]
  const upTo = (most: number): string => {
    const rest = all.length - most
    const more = rest > 0 ? [`and ${rest} more`] : []
    return list([...all.slice(0, most), ...more, ...splitNote(subject), ...standIns(subject)])
  }
  return { name: 'remarks beyond two', text: upTo(maxRemarks), short: upTo(2), dropOrder: 9 }
}

/**
 * Cases that are named below as ones that moved need no second naming. A single fact of such cases stands
 * in the heading already, and of several only the rules are left to say; then whom they harmed.
 */
function factItems(verdict: Verdict): readonly string[] {
  const { cases, facts } = verdict
  const moved = new Set(cases.moved.map(({ id }) => id))
  const others = (fact: Fact): readonly string[] => fact.cases.filter((id) => !moved.has(id))
  const told = facts.filter(
    (fact) => fact.waivedBy === undefined && fact.rule !== undefined && others(fact).length === 0,
  )
  const own = facts.filter((fact) => !told.includes(fact))
  const isInHeading = told.length === 1 && own.every(({ waivedBy }) => waivedBy !== undefined)
  return [
    ...(isInHeading ? [] : brokenRules(told)),
    ...own.map((fact) => factItem(fact, others(fact))),
    ...facts.flatMap((fact) => harmItem(fact, isToldInHeading(fact, verdict))),
  ]
}

function brokenRules(facts: readonly Fact[]): readonly string[] {
  const rules = facts.map(
    ({ cases, rule = '' }) => `${sayId(rule)} in ${plural(cases.length, 'case')}`,
  )
  return rules.length === 0
    ? []
    : [`**facts**, which need no statistics: executed calls broke ${listed(rules, maxItems)}`]
}

function factItem({ message, waivedBy }: Fact, ids: readonly string[]): string {
  const named = ids.length === 0 ? '' : ` (${listed(ids.map(sayId), maxNamed)})`
  const text = `${say(message)}${named}`
  return waivedBy === undefined ? `**fact**: ${text}` : `waived by ${say(waivedBy)}: ${text}`
}

/** Whom somebody has to call: where the heading counts them, only their names are left to say. */
function harmItem({ harm }: Fact, isCounted: boolean): readonly string[] {
  if (harm === undefined || harm.who.length === 0) return []
  const names = listed(harm.who.map(say), maxItems)
  if (isCounted) return [`harmed: ${names}`]
  const money = harm.usd === undefined ? '' : `, ${usd(harm.usd)} in all`
  return [`${whole(harm.who.length)} harmed${money}: ${names}`]
}

/** Which tier of models did what. */
function routesText({ metrics }: Subject): string {
  const routes = routeTable(metrics, sayId)
  return routes === undefined ? '' : table(routes.head, routes.align, routes.rows)
}

/** What a judge did, and what it was allowed to do. */
function judgeItems({ judge }: Subject): readonly string[] {
  const mark = judge?.stopped === undefined ? '' : '**note**: '
  return judgeNote(judge).map((note) => `${mark}${sayAtLength(note, maxJudgeNote)}`)
}

export function inputsSection({ verdict }: Subject): string {
  if (verdict?.baseline === undefined) return ''
  const { inputsChanged, status } = verdict
  if (inputsChanged.length > 0) {
    const rest = inputsChanged.length - maxItems
    const more = rest > 0 ? [`and ${rest} more`] : []
    const items = [...inputsChanged.slice(0, maxItems).map(say), ...more]
    return `**Inputs that changed**: ${items.join('; ')}`
  }
  if (status === 'pass' || status === 'error') return ''
  return 'No input of the candidate changed. If this is not chance, look at the provider.'
}

/** Numbers for whoever looks twice: what else was measured, money and routes, what a judge did. */
export function numbersSection(subject: Subject): string {
  const isCompared = subject.verdict !== undefined && !subject.verdict.firstRun
  const judge = subject.judge?.stopped === undefined ? judgeItems(subject) : []
  const text = paragraphs([
    isCompared ? notGatedTable(subject) : measuredTable(subject, 'other'),
    routesText(subject),
    list([...besideMetrics(subject), ...judge, ...moneyLines(subject, naming)]),
  ])
  return details('more numbers', text)
}

/** For whoever looks closer, mends the set, or asks how much the agent may do on its own. */
export function besideSection({ candidate, verdict }: Subject, most = fewItems): string {
  if (verdict === undefined) return ''
  const notes = [
    ...quietNotes(verdict, { ...naming, most }),
    ...meanScoreNotes(verdict),
    ...diagnosticNotes(verdict, { ...naming, most }),
    ...autonomyNote(verdict, candidate.agentBehind),
  ]
  return details('beside the verdict: slices, noise, autonomy', list(notes))
}

/** Cases that stand on one side only: a deleted failing case must not go unseen. */
export function listsSection(subject: Subject, most = maxItems): string {
  const { split, verdict } = subject
  const here = { ...naming, most, split }
  const unpaired = verdict === undefined ? [] : unpairedNotes(verdict, here)
  const text = list([...unpaired, idleSentence(subject, sayId, most)])
  return text === '' ? '' : `#### Cases that were not compared\n\n${text}`
}

const naming = { say: sayId, most: maxItems }

/** What the numbers stand on, in one small line. */
export function footer(subject: Subject, context: ReportContext): string {
  const { candidate, verdict } = subject
  const models = new Set(
    Object.values(candidate.candidate.models).map((model) => markdownCode(model, 80)),
  )
  const { commit, note } = context
  const url = linkAddress(context.runUrl)
  const parts = [
    commit === undefined ? '' : markdownCode(commit, 40),
    verdict?.baseline === undefined
      ? 'no baseline'
      : `baseline ${markdownCode(verdict.baseline.name, 80)} (${markdownCode(verdict.baseline.from, 80)})`,
    sampleSize(subject),
    verdict?.status === 'error' ? '' : lostTrials(subject, say),
    spend(subject, context),
    listed([...models], 4),
    toolName(candidate.tool),
    note === undefined ? '' : say(note),
    url === undefined ? '' : `[run](${url})`,
  ]
  return `<sub>${parts.filter((part) => part !== '').join(' · ')}</sub>`
}

/** Documents of ours hold the version alone. */
export function toolName(tool: string): string {
  return /^\d/.test(tool) ? `agent-eval ${say(tool)}` : say(tool)
}
