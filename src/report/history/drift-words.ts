import type { DriftAlarm, DriftChart, DriftReport, NightMark } from '../../schema/drift.ts'
import { truncate } from '../../text/truncate.ts'
import { duration, listed, percent, plural, usd } from '../format.ts'
import { metricLabel } from '../metric-words.ts'
import type { Say } from '../say.ts'

/** Most models named in a sentence, and how much of each: a line has 80 columns. */
const mostNames = 3
const longestName = 50

/** A share, dollars or milliseconds, as a metric's own unit. */
export function driftValue(kind: DriftChart['kind'], value: number | undefined): string {
  if (kind === 'rate') return percent(value)
  return kind === 'tail' ? duration(value) : usd(value)
}

/** The verdict in one sentence: which numbers changed for good, or from how much we say that none did. */
export function driftHeading(report: DriftReport): string {
  const { charts, status } = report
  if (status === 'drift') {
    const changed = charts.filter((chart) => chart.status === 'drift').map(since)
    return `drift: ${listed(changed, mostNames)}${notFollowed(charts)}`
  }
  const judged = charts.filter((chart) => chart.status === 'quiet')
  if (status === 'quiet')
    return `no drift in ${plural(nightsOf(report), 'night')}: ${judged.map(labelOf).join(', ')}${notFollowed(charts)}`
  const missing = charts.flatMap((chart) => (chart.missing === undefined ? [] : [chart.missing]))
  if (missing.length === 0) return `no chart: of each number ${constantWords}`
  const more = plural(Math.min(...missing), 'more night')
  return `too early to tell: ${more} until the first chart`
}

/** What `constant` means: no chart can follow that. */
export const constantWords = 'more than half of the nights had the same value'

function notFollowed(charts: readonly DriftChart[]): string {
  const constant = charts.filter((chart) => chart.status === 'constant').length
  return constant === 0 ? '' : `; ${plural(constant, 'number')} not followed`
}

/** Nights that the charts are of. */
export function nightsOf({ from, nights }: DriftReport): number {
  return nights.length - from + 1
}

/** The same in a few letters, for the very end. */
export function driftLine({ status }: DriftReport): string {
  if (status === 'drift') return 'drift (exit 1)'
  return status === 'quiet' ? 'no drift' : 'no chart yet'
}

/** What an alarm found: `dropped since about 2026-03-04 (night 12): 93.1 % -> 88.4 %, after …`. */
export function alarmSentence({ kind, worse }: DriftChart, alarm: DriftAlarm, say: Say): string {
  const { after, before, changedAt, changedFrom } = alarm
  const levels = `${driftValue(kind, before)} -> ${driftValue(kind, after)}`
  const found = `${verb(worse)} since about ${dayOf(changedAt)} (night ${changedFrom}): ${levels}`
  return `${found}${afterMove(alarm, say)}`
}

function afterMove({ changedFrom, move }: DriftAlarm, say: Say): string {
  if (move === undefined) return ''
  const moved = servedWords({ before: names(move.from, say), now: names(move.to, say) })
  return move.night <= changedFrom
    ? `, after ${moved}`
    : `; ${moved} on ${dayOf(move.at)} (night ${move.night})`
}

/** A chart in a word; what the words mean stands below the table. */
export function chartStatus({ missing, status }: DriftChart): string {
  switch (status) {
    case 'drift':
      return 'DRIFT'
    case 'quiet':
      return 'quiet'
    case 'constant':
      return 'constant'
    case 'too-few':
      return `${missing ?? 0} to go`
    case 'n/a':
      return 'n/a'
  }
}

/** What was different on one night. */
export function marksSentence(marks: readonly NightMark[], say: Say): string {
  const words = marks.map(({ from = [], kind, to = [], why = '' }) =>
    markWords[kind]({ before: names(from, say), now: names(to, say), why: say(why) }),
  )
  return words.join('; ')
}

/** What a mark is made of, safe for its place; empty where there is none. */
interface MarkParts {
  readonly before: string
  readonly now: string
  readonly why: string
}

const markWords: Readonly<Record<NightMark['kind'], (parts: MarkParts) => string>> = {
  cases: (parts) => `other cases${arrow(parts)}`,
  candidate: (parts) => `another candidate${arrow(parts)}`,
  models: (parts) => `other models configured${arrow(parts)}`,
  trials: ({ before, now }) => `${now} trials a night, before ${before}`,
  handled: ({ why }) => `handled: ${why}`,
  'served-models': servedWords,
  tool: ({ before, now }) => `agent-eval ${before} -> ${now}`,
  lost: ({ before, now }) => `${now} of ${before} trials have no result: not charted`,
}

function servedWords({ before, now }: Pick<MarkParts, 'before' | 'now'>): string {
  if (before === '') return `model ${now} answered as well`
  if (now === '') return `model ${before} answered no more`
  return `model moved ${before} -> ${now}`
}

function arrow({ before, now }: MarkParts): string {
  return before === now ? '' : `: ${before} -> ${now}`
}

function names(all: readonly string[], say: Say): string {
  return listed(
    all.map((name) => truncate(say(name), longestName)),
    mostNames,
  )
}

function since(chart: DriftChart): string {
  const first = chart.alarms[0]
  return `${labelOf(chart)} ${verb(chart.worse)} since about ${dayOf(first?.changedAt ?? '')}`
}

export function labelOf({ id }: Pick<DriftChart, 'id'>): string {
  return metricLabel(id)
}

function verb(worse: DriftChart['worse']): string {
  return worse === 'lower' ? 'dropped' : 'rose'
}

/** The calendar day of an ISO time. */
export function dayOf(at: string): string {
  return at.slice(0, 10)
}
