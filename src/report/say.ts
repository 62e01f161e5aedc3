import { markdownInline } from '../text/sanitise-markdown.ts'
import { terminalLine } from '../text/sanitise-terminal.ts'

/** Longest foreign text inside a sentence, in code points. */
const maxLength = 240

/**
 * Makes foreign text (case ids, rule ids, reasons, names) safe where it is going to stand. Words
 * that several formats share take it as a parameter, so that none of them can forget it.
 */
export type Say = (foreign: string) => string

export const sayInTerminal: Say = (foreign) => terminalLine(foreign, maxLength)
export const sayInMarkdown: Say = (foreign) => sayAtLength(foreign, maxLength)

/** The same in Markdown with a length of its own, in code points. */
export function sayAtLength(foreign: string, most: number): string {
  return withoutIdleEscapes(markdownInline(foreign, most))
}

/**
 * Takes back the escapes of marks that mean nothing where they stand. Mail shows a comment as it was
 * written, and `support\\-refund` is hard to read there.
 *
 * A hyphen, an underscore, a plus or an equals sign right after a letter or a digit begins no list,
 * heading line or emphasis; a parenthesis is live only after a bracket, and those stay escaped.
 */
function withoutIdleEscapes(escaped: string): string {
  return escaped.replace(/\\(.)/g, (pair: string, mark: string, offset: number) => {
    const before = escaped.charAt(offset - 1)
    const after = escaped.charAt(offset + pair.length)
    if (mark === ')' && isCount(escaped.slice(0, offset))) return pair
    return isIdle(mark, before, after) ? mark : pair
  })
}

/** `1)` at the beginning of a text starts a list, as `1.` does. */
function isCount(start: string): boolean {
  return /^\d{1,9}$/.test(start)
}

function isIdle(mark: string, before: string, after: string): boolean {
  if (mark === '(' || mark === ')') return before !== '' && before !== ']'
  if (!isInWord(before)) return false
  // `0.1.0` is no item of a list: that takes a space.
  if (mark === '-' || mark === '_' || mark === '.') return isInWord(after)
  return mark === '=' || mark === '+'
}

function isInWord(character: string): boolean {
  return /^[A-Za-z0-9]$/.test(character)
}
