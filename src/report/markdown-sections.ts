import type { MetricVerdict, Verdict } from '../schema/verdict.ts'
import { markdownCode } from '../text/sanitise-markdown.ts'
import { nextCommands } from './commands.ts'
import { failureGroups } from './failure-groups.ts'
import type { Section } from './fit-sections.ts'
import { listed, plural } from './format.ts'
import { notDecided } from './heading.ts'
import { idleSentence } from './idle-cases.ts'
import { details } from './markdown-table.ts'
import {
  allowance,
  inReadingOrder,
  metricChange,
  metricLabel,
  metricRange,
  metricValue,
} from './metric-words.ts'
import type { ReportContext } from './reporter.ts'
import { sampleSize, spend, splitNote, standIns } from './sample.ts'
import { type Say, sayInMarkdown as say } from './say.ts'
import type { Subject } from './subject.ts'

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
  const label = metricLabel(metric.id)
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
  const all = [...facts, ...missing, ...(verdict?.warnings ?? []).map(say)]
  const upTo = (most: number): string => {
    const rest = all.length - most
    const more = rest > 0 ? [`and ${rest} more`] : []
    return [...standIns(subject), ...splitNote(subject), ...all.slice(0, most), ...more]
      .map((text) => `- ${text}`)
      .join('\n')
  }
  return { name: 'remarks beyond two', text: upTo(maxRemarks), short: upTo(2), dropOrder: 7 }
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

/** Cases that stand on one side only: a deleted failing case must not go unseen. */
export function listsSection(subject: Subject): string {
  const { split, verdict } = subject
  const { removed = [], added = [], changed = [], suspended = [] } = verdict?.cases ?? {}
  const lists = [
    { label: 'removed since the baseline', ids: removed },
    { label: 'gated in the baseline and not any more', ids: suspended },
    { label: 'changed, not compared', ids: changed },
    { label: 'added, not compared', ids: added },
  ]
  const idle = idleSentence(subject, sayId, maxItems)
  const lines = lists
    .filter(({ ids }) => ids.length > 0)
    .map(({ label, ids }) => {
      const names = split === 'holdout' ? '' : `: ${listed(ids.map(sayId), maxItems)}`
      return `- ${plural(ids.length, 'case')} ${label}${names}`
    })
  return [...lines, ...(idle === '' ? [] : [`- ${idle}`])].join('\n')
}

const sayId: Say = (id) => markdownCode(id, maxId)

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
