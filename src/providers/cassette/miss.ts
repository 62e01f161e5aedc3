import { terminalLine } from '../../text/sanitise-terminal.ts'
import type { Asked, CassetteEntry } from './cassette-entry.ts'
import { diffLines, type Hunk } from './diff-lines.ts'
import { requestLines } from './request-lines.ts'

/** A request that nobody has recorded. */
export interface CassetteMiss {
  readonly asked: Asked
  /** On one line, for the trace. */
  readonly message: string
  /** What was asked for, as messages call it. */
  readonly subject: string
  /** What comes closest; absent where nothing of this role is recorded. */
  readonly nearest?: string
  /** What differs from the nearest: several lines, each safe to print. */
  readonly diff: readonly string[]
}

/** Lines of a diff that are shown; the others are counted. */
const maxShown = 12
/** Characters of a line, of a place, and of a whole message. */
const maxLine = 160
const maxWhere = 80
const maxMessage = 600
/** Characters kept before the first that differs. */
const lead = 50

/** Says what was asked and what of it differs from the nearest recording. */
export function describeMiss(asked: Asked, nearest: CassetteEntry | undefined): CassetteMiss {
  const subject = nameOf(asked)
  const missing = `no recording of ${subject}`
  if (nearest === undefined) {
    const message = `${missing}, nor of any other ${asked.role} request`
    return { asked, message: terminalLine(message, maxMessage), subject, diff: [] }
  }
  const name = nameOf(nearest)
  const hunks = diffLines(requestLines(nearest), requestLines(asked))
  const which = samePlace(asked, nearest) ? 'the recorded one' : `the nearest, ${name},`
  const message = `${missing}; ${which} ${inShort(hunks)}`
  return {
    asked,
    message: terminalLine(message, maxMessage),
    subject,
    nearest: name,
    diff: inFull(hunks),
  }
}

/** A request as messages call it. */
export function nameOf({ ordinal, role, trial }: Asked): string {
  return terminalLine(`${role} request ${ordinal} of ${trial}`, maxMessage)
}

function samePlace(a: Asked, b: Asked): boolean {
  return a.trial === b.trial && a.role === b.role && a.ordinal === b.ordinal
}

function inShort(hunks: readonly Hunk[]): string {
  const [first] = hunks
  if (first === undefined) return 'says the same'
  const [was, now] = [first.removed[0]?.text, first.added[0]?.text]
  const change = [
    ...(was === undefined ? [] : [`was ${JSON.stringify(cut(was, now))}`]),
    ...(now === undefined ? [] : [`is ${JSON.stringify(cut(now, was))}`]),
  ]
  const lines = hunks.reduce(
    (sum, { added, removed }) => sum + Math.max(added.length, removed.length),
    0,
  )
  const places = hunks.length === 1 ? '1 place' : `${hunks.length} places`
  const more = lines === 1 ? '' : ` (${lines} lines differ in all, at ${places})`
  return `differs at ${shownWhere(first)}: ${change.join(', ')}${more}`
}

function inFull(hunks: readonly Hunk[]): readonly string[] {
  if (hunks.length === 0) return ['  they say the same; only the place differs']
  const all = hunks.flatMap((hunk) => hunkLines(hunk))
  const shown: string[] = []
  let changes = 0
  for (const { isChange, text } of all) {
    if (changes === maxShown) break
    if (isChange) changes += 1
    shown.push(text)
  }
  const left = all.filter((line) => line.isChange).length - changes
  return left === 0 ? shown : [...shown, `  and ${left} more changed lines`]
}

interface ShownLine {
  readonly isChange: boolean
  readonly text: string
}

function hunkLines(hunk: Hunk): readonly ShownLine[] {
  const { added, removed } = hunk
  const line = (sign: string, text: string, other: string | undefined): ShownLine => ({
    isChange: true,
    text: `  ${sign} ${cut(text, other)}`,
  })
  return [
    { isChange: false, text: `  at ${shownWhere(hunk)}:` },
    ...removed.map(({ text }, index) => line('-', text, added[index]?.text)),
    ...added.map(({ text }, index) => line('+', text, removed[index]?.text)),
  ]
}

function shownWhere({ where }: Hunk): string {
  return terminalLine(where, maxWhere)
}

/** A long line is shown from a little before the first character in which it differs. */
function cut(text: string, other: string | undefined): string {
  if (other === undefined || text.length <= maxLine) return terminalLine(text, maxLine)
  let start = 0
  while (start < text.length && text[start] === other[start]) start += 1
  const from = Math.min(Math.max(0, start - lead), Math.max(0, text.length - maxLine))
  return from === 0 ? terminalLine(text, maxLine) : `…${terminalLine(text.slice(from), maxLine)}`
}
