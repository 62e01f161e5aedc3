import { textOf } from '../schema/message.ts'
import type { EventOf, TraceEvent } from '../schema/trace.ts'
import type { DecidedWords, Passage } from './trial-view.ts'

type Decision = EventOf<'policy.decision'>

interface Draft {
  readonly decisions: Decision[]
  passed: Passage
}

/** Puts decisions about words under the words, in one pass over the events. */
export interface WordsReading {
  readonly replies: Draft[]
  readonly logs: Draft[]
  /** Decisions whose words have not come yet: they stand before them. */
  aboutReply: Decision[]
  aboutLog: Decision[]
}

export function startWords(): WordsReading {
  return { replies: [], logs: [], aboutReply: [], aboutLog: [] }
}

/** Takes a decision that is about no call. */
export function readWordsDecision(reading: WordsReading, event: Decision): void {
  if (/^reply-\d+$/.test(event.callId)) reading.aboutReply.push(event)
  else if (event.callId.startsWith('log-')) reading.aboutLog.push(event)
}

export function readWords(reading: WordsReading, event: TraceEvent): void {
  if (event.type === 'log') {
    if (reading.aboutLog.length === 0) return
    reading.logs.push({ decisions: reading.aboutLog, passed: passageOfLog(event) })
    reading.aboutLog = []
  } else if (event.type === 'message' && event.role === 'assistant') readReply(reading, event)
}

/** What was decided about words that never came: the trial was cut off. */
export function endWords(reading: WordsReading): {
  readonly replies: readonly DecidedWords[]
  readonly logs: readonly DecidedWords[]
} {
  const { aboutLog, aboutReply, logs, replies } = reading
  return { replies: withLost(replies, aboutReply), logs: withLost(logs, aboutLog) }
}

function withLost(words: readonly Draft[], decisions: Decision[]): readonly DecidedWords[] {
  return decisions.length === 0 ? words : [...words, { decisions, passed: 'withheld' }]
}

/** The modified form of a reply comes right behind the reply, which stands there as withheld. */
function readReply(reading: WordsReading, event: EventOf<'message'>): void {
  const decisions = reading.aboutReply
  reading.aboutReply = []
  const last = reading.replies.at(-1)
  const isEmpty = textOf(event.content).trim() === ''
  if (event.modified === true && last !== undefined) {
    last.decisions.push(...decisions)
    if (!isEmpty) last.passed = 'modified'
  } else if (decisions.length > 0) {
    const isWithheld = event.withheld === true || isEmpty
    reading.replies.push({ decisions, passed: isWithheld ? 'withheld' : 'as proposed' })
  }
}

function passageOfLog({ modified, withheld }: EventOf<'log'>): Passage {
  if (withheld === true) return 'withheld'
  return modified === undefined ? 'as proposed' : 'modified'
}
