import type { JsonObject, JsonValue } from '../schema/json.ts'
import { textOf } from '../schema/message.ts'
import type { EventOf, TraceEvent } from '../schema/trace.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import { sha256 } from '../text/hash.ts'
import { headAndTail } from './bounded-text.ts'

/** One trial as a judge is shown it. */
export interface Transcript {
  /** JSON Lines, each with its own number `n` from 1; empty where nothing was said or done. */
  readonly text: string
  /** Of exactly `text`: equal conversations have equal hashes, whatever else their traces hold. */
  readonly hash: string
  /** Which event of the trace a line shows, by the line's number. */
  readonly seqOf: ReadonlyMap<number, number>
}

/** Characters of one message, of the arguments of one call, of one result. */
const longestPart = 6_000
/** Characters of all lines: some 30,000 tokens. */
const longestText = 120_000

interface Line {
  readonly seq: number
  readonly body: JsonObject
}

/**
 * Writes a trial's conversation as data for a judge: what the user and the agent said, what the agent
 * called, and what came back.
 *
 * Left out is all that would name the candidate or differ between equal conversations: the system
 * prompt, models, money, times, ids of calls, what controls and policies said. Replies that nobody
 * received and thoughts that nobody heard are left out too. How the trial is judged stands nowhere in
 * it. What is too long keeps its beginning and its end, and says so.
 *
 * @param events - of one trial; already redacted where votes on it shall be found again, since
 *   whoever reads a trace from disk has no other
 */
export function transcriptOf(events: readonly TraceEvent[]): Transcript {
  const lines = linesOf(events)
  const written = lines.map(({ body }, index) => printable({ n: index + 1, ...body }))
  const text = joinWithin(written, longestText)
  return {
    text,
    hash: `sha256:${sha256(text)}`,
    seqOf: new Map(lines.map(({ seq }, index) => [index + 1, seq])),
  }
}

function linesOf(events: readonly TraceEvent[]): readonly Line[] {
  const lines: Line[] = []
  /** The line of the latest call of each id: models reuse ids from one answer to the next. */
  const calls = new Map<string, number>()
  for (const event of events) {
    const body = bodyOf(event, calls)
    if (body === undefined) continue
    lines.push({ seq: event.seq, body })
    if (event.type === 'tool.proposed') calls.set(event.callId, lines.length)
  }
  return lines
}

function bodyOf(event: TraceEvent, calls: ReadonlyMap<string, number>): JsonObject | undefined {
  if (event.type === 'message') return wordsOf(event)
  if (event.type === 'tool.proposed') return callOf(event)
  return event.type === 'tool.result' ? resultOf(event, calls.get(event.callId)) : undefined
}

function wordsOf({ content, role, withheld }: EventOf<'message'>): JsonObject | undefined {
  const text = textOf(content)
  if (withheld === true || text.trim() === '') return undefined
  if (role === 'user') return { kind: 'user', text: headAndTail(text, longestPart) }
  return role === 'assistant' ? { kind: 'agent', text: headAndTail(text, longestPart) } : undefined
}

function callOf({ args, rawArgs, reason, tool }: EventOf<'tool.proposed'>): JsonObject {
  return {
    kind: 'call',
    tool: headAndTail(tool, longestPart),
    args: bounded(rawArgs ?? args),
    ...(reason !== undefined && { reason: headAndTail(reason, longestPart) }),
  }
}

function resultOf(
  { error, status, value }: EventOf<'tool.result'>,
  call: number | undefined,
): JsonObject {
  return {
    kind: 'result',
    ...(call !== undefined && { of: call }),
    status,
    ...(status === 'ok' && value !== undefined && { value: bounded(value) }),
    ...(error !== undefined && { error: bounded({ ...error }) }),
  }
}

/** The value, or as much of its JSON as text as there is room for. */
function bounded(value: JsonValue): JsonValue {
  if (typeof value === 'string') return headAndTail(value, longestPart)
  const json = canonicalJson(value)
  return json.length <= longestPart
    ? (JSON.parse(json) as JsonValue)
    : headAndTail(json, longestPart)
}

/** What is drawn as nothing or turns what follows round; `JSON.stringify` escapes only half of it. */
const unseen =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e0fff}]/gu

/** One line of JSON: whatever the values hold, none of it ends the line or the text it stands in. */
function printable(line: JsonObject): string {
  return JSON.stringify(line).replaceAll(unseen, (found) =>
    [...Array(found.length).keys()].map((index) => escapeUnit(found.charCodeAt(index))).join(''),
  )
}

function escapeUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}

/** Whole lines from the beginning and the end, with a line between them that says how many are missing. */
function joinWithin(lines: readonly string[], room: number): string {
  const total = lines.reduce((sum, line) => sum + line.length + 1, 0)
  if (total <= room) return lines.join('\n')
  const head = countWithin(lines, room * 0.7)
  const tail = countWithin(lines.slice(head).reverse(), room * 0.3)
  const leftOut = lines.length - head - tail
  const note = JSON.stringify({ kind: 'left out', lines: leftOut })
  return [...lines.slice(0, head), note, ...lines.slice(lines.length - tail)].join('\n')
}

function countWithin(lines: readonly string[], room: number): number {
  let used = 0
  const over = lines.findIndex((line) => (used += line.length + 1) > room)
  return over === -1 ? lines.length : over
}
