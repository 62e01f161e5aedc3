import { textOf } from '../schema/message.ts'
import type { EventOf, TraceEvent } from '../schema/trace.ts'
import type { DecidedWords, Passage } from './trial-view.ts'

type Decision = EventOf<'policy.decision'>

interface Draft {
  readonly decisions: Decision[]
  passed: Passage
  isStopped: boolean
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

/**
 * Takes a decision that is about words. What it is about is told by the form of its id, whatever calls
 * there are: no call that we let in has an id of that form, and one in a foreign trace hides no words.
 *
 * @returns whether it was about words
 */
export function readWordsDecision(reading: WordsReading, event: Decision): boolean {
  if (/^reply-\d+$/.test(event.callId)) reading.aboutReply.push(event)
  else if (event.callId.startsWith('log-')) reading.aboutLog.push(event)
  else return false
  return true
}

export function readWords(reading: WordsReading, event: TraceEvent): void {
  if (event.type === 'log') {
    if (reading.aboutLog.length === 0) return
    const passed = passageOfLog(event)
    const isStopped = passed !== 'as proposed'
    reading.logs.push({ decisions: reading.aboutLog, passed, isStopped })
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
  return decisions.length === 0
    ? words
    : [...words, { decisions, passed: 'withheld', isStopped: false }]
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
    const isStopped = event.withheld === true
    const passed = isStopped || isEmpty ? 'withheld' : 'as proposed'
    reading.replies.push({ decisions, passed, isStopped })
  }
}

function passageOfLog({ modified, withheld }: EventOf<'log'>): Passage {
  if (withheld === true) return 'withheld'
  return modified === undefined ? 'as proposed' : 'modified'
}
