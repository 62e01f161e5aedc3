import type { MetricVerdict, Verdict } from '../schema/verdict.ts'
import { markdownCode, markdownInline } from '../text/sanitise-markdown.ts'
import { autonomyNote } from './autonomy-note.ts'
import { nextCommands } from './commands.ts'
import { failureGroups } from './failure-groups.ts'
import type { Section } from './fit-sections.ts'
import { listed, plural } from './format.ts'
import { notDecided } from './heading.ts'
import { idleSentence } from './idle-cases.ts'
import { judgeNote, maxJudgeNote } from './judge-note.ts'
import { lostTrials } from './lost-trials.ts'
import { loudNotes, quietNotes } from './loud-notes.ts'
import { details, table } from './markdown-table.ts'
import {
  allowance,
  inReadingOrder,
  metricChange,
  metricRange,
  metricTitle,
  metricValue,
} from './metric-words.ts'
import { moneyLines } from './money-lines.ts'
import type { ReportContext } from './reporter.ts'
import { routeTable } from './route-table.ts'
import { sampleSize, spend, splitNote, standIns } from './sample.ts'
import { type Say, sayInMarkdown as say } from './say.ts'
import type { Subject } from './subject.ts'
import { diagnosticNotes, ruleNotes, unpairedNotes } from './verdict-notes.ts'

const maxRemarks = 8
const maxItems = 12
const maxReasons = 4
const maxId = 80

/** The one number behind the verdict, its interval and what is allowed. */
export function effect({ verdict }: Subject): string {
  const metric = leading(verdict)
  if (metric === undefined) return ''
  const range = metricRange(metric)
  const plausible = range === '' ? '' : ` (plausible: ${range})`
  const was = metric.baseline === undefined ? '' : `, was ${metricValue(metric, 'baseline')}`
  const label = metricTitle(metric)
  const value = `**${metricValue(metric, 'candidate')}**${was}`
  const change = metric.change === undefined ? '' : `, **${metricChange(metric)}**${plausible}`
  const start = label.charAt(0).toUpperCase() + label.slice(1)
  const caution = verdict?.status === 'inconclusive' ? `\n${notDecided}` : ''
  return `${start}: ${value}${change}; ${allowance(metric)}.${caution}`
}

/** Facts, missing evidence, warnings, and what answered for the agent where that was no model. */
export function remarksSection(subject: Subject): Section {
  const { verdict } = subject
  const facts = (verdict?.facts ?? []).map(({ message, cases, waivedBy }) => {
    const ids = cases.map((id) => markdownCode(id, maxId))
    const text = `${say(message)}${ids.length === 0 ? '' : ` (${listed(ids, 5)})`}`
    return waivedBy === undefined ? `**fact**: ${text}` : `waived by ${say(waivedBy)}: ${text}`
  })
  const missing = (verdict?.missingEvidence ?? []).map((text) => `**missing**: ${say(text)}`)
  const notes = verdict === undefined ? [] : loudNotes(verdict, naming)
  const all = [...facts, ...missing, ...notes, ...(verdict?.warnings ?? []).map(say)]
  const upTo = (most: number): string => {
    const rest = all.length - most
    const more = rest > 0 ? [`and ${rest} more`] : []
    return [...standIns(subject), ...splitNote(subject), ...all.slice(0, most), ...more]
      .map((text) => `- ${text}`)
      .join('\n')
  }
  return { name: 'remarks beyond two', text: upTo(maxRemarks), short: upTo(2), dropOrder: 7 }
}

/** What there is to say of money beside the cost per task, and which tier of models did what. */
export function moneySection(subject: Subject): string {
  const routes = routeTable(subject.metrics, sayId)
  const lines = moneyLines(subject, naming).map((text) => `- ${text}`)
  return [
    ...(routes === undefined ? [] : [table(routes.head, routes.align, routes.rows)]),
    ...(lines.length === 0 ? [] : [lines.join('\n')]),
  ].join('\n\n')
}

/** What a judge did, and what it was allowed to do. */
export function judgeSection({ judge }: Subject): string {
  const mark = judge?.stopped === undefined ? '' : '**note**: '
  return judgeNote(judge)
    .map((note) => `- ${mark}${markdownInline(note, maxJudgeNote)}`)
    .join('\n')
}

export function inputsSection({ verdict }: Subject): string {
  if (verdict?.baseline === undefined) return ''
  if (verdict.inputsChanged.length > 0) {
    const inputs = verdict.inputsChanged.slice(0, maxItems).map((text) => `- ${say(text)}`)
    const rest = verdict.inputsChanged.length - maxItems
    return [
      '#### Inputs that changed',
      '',
      ...inputs,
      ...(rest > 0 ? [`- and ${rest} more`] : []),
    ].join('\n')
  }
  if (verdict.status === 'pass' || verdict.status === 'error') return ''
  return 'No input of the candidate changed. If this is not chance, look at the provider.'
}

/** First failing checks under the three kinds of failure. */
export function failureSection(subject: Subject): string {
  const groups = failureGroups(subject).map(({ bucket, failures }) => {
    const reasons = failures.slice(0, maxReasons).map((one) => {
      return `  - ${markdownCode(one.case, maxId)} ${say(one.reason)} (${plural(one.count, 'trial')})`
    })
    const rest = failures.length - maxReasons
    return [`- **${bucket}**`, ...reasons, ...(rest > 0 ? [`  - and ${rest} more`] : [])].join('\n')
  })
  return groups.length === 0 ? '' : details('failures by kind', groups.join('\n'))
}

/** Rules that this change brings with it: a loosened gate is read before the verdict is believed. */
export function rulesSection({ verdict }: Subject): string {
  const notes = verdict === undefined ? [] : ruleNotes(verdict, naming)
  if (notes.length === 0) return ''
  return [
    '#### This change touches the rules of the gate',
    '',
    ...notes.map((one) => `- ${one}`),
  ].join('\n')
}

/** For whoever wants to look closer, mends the set, or asks how much the agent may do on its own. */
export function besideSection({ candidate, verdict }: Subject): string {
  if (verdict === undefined) return ''
  const notes = [
    ...quietNotes(verdict, naming),
    ...diagnosticNotes(verdict, naming),
    ...autonomyNote(verdict, candidate.agentBehind),
  ]
  if (notes.length === 0) return ''
  return details(
    'beside the verdict: slices, noise, autonomy',
    notes.map((one) => `- ${one}`).join('\n'),
  )
}

/** Cases that stand on one side only: a deleted failing case must not go unseen. */
export function listsSection(subject: Subject): string {
  const { split, verdict } = subject
  const unpaired = verdict === undefined ? [] : unpairedNotes(verdict, { ...naming, split })
  const idle = idleSentence(subject, sayId, maxItems)
  return [...unpaired, ...(idle === '' ? [] : [idle])].map((one) => `- ${one}`).join('\n')
}

const sayId: Say = (id) => markdownCode(id, maxId)

const naming = { say: sayId, most: maxItems }

export function commandsSection(subject: Subject, context: ReportContext): string {
  return nextCommands(subject, context)
    .map(({ purpose, remark, command }) => {
      const label = `**${purpose}**${remark === '' ? '' : ` (${remark})`}`
      return `- ${label}: ${markdownCode(command, 400)}`
    })
    .join('\n')
}

/** What the numbers stand on, in one small line. */
export function footer(subject: Subject, context: ReportContext): string {
  const { candidate, verdict } = subject
  const models = new Set(
    Object.values(candidate.candidate.models).map((model) => markdownCode(model, 80)),
  )
  const { commit, runUrl, note } = context
  const hasLink = runUrl !== undefined && /^https?:\/\/[\w./:@%+=~?&-]+$/.test(runUrl)
  const parts = [
    commit === undefined ? '' : markdownCode(commit, 40),
    verdict?.baseline === undefined
      ? 'no baseline'
      : `baseline ${markdownCode(verdict.baseline.name, 80)} (${markdownCode(verdict.baseline.from, 80)})`,
    sampleSize(subject),
    lostTrials(subject, say),
    spend(subject, context),
    listed([...models], 4),
    say(candidate.tool),
    note === undefined ? '' : say(note),
    hasLink ? `[run](${runUrl})` : '',
  ]
  return `<sub>${parts.filter((part) => part !== '').join(' · ')}</sub>`
}

/** The metric that the heading is about: the worst status first, and of a pass the success rate. */
function leading(verdict: Verdict | undefined): MetricVerdict | undefined {
  if (verdict === undefined || verdict.firstRun) return undefined
  const ordered = inReadingOrder(verdict.metrics).filter(({ status }) => status !== 'n/a')
  for (const status of ['regression', 'inconclusive', 'unproven'] as const) {
    const found = ordered.find((metric) => metric.status === status)
    if (found !== undefined) return found
  }
  return ordered.find(({ id }) => id === 'tsr') ?? ordered[0]
}
