import type { GoalEncoding } from '../schema/injections.ts'

/**
 * Writes an attacker's goal as its template asks for: so that a person, or a filter that looks
 * for words, reads past it while a model may still understand it.
 *
 * `plain`: as it is. `base64`: of its UTF-8, on one line. `homoglyph`: every Latin letter that has
 * a look-alike in Cyrillic or Greek becomes that one; all others stay. `zero-width`: an invisible
 * space (U+200B) between the characters of each word; none before a combining mark, which would
 * lose its letter.
 */
export function encodeGoal(goal: string, encoding: GoalEncoding): string {
  return encoders[encoding](goal)
}

const encoders: Readonly<Record<GoalEncoding, (goal: string) => string>> = {
  plain: (goal) => goal,
  base64: (goal) =>
    btoa(Array.from(new TextEncoder().encode(goal), (byte) => String.fromCharCode(byte)).join('')),
  homoglyph: (goal) => goal.replace(/[A-Za-z]/g, (letter) => lookAlikes.get(letter) ?? letter),
  'zero-width': (goal) => goal.replace(/(?<=\S)(?=[^\s\p{M}])/gu, '\u200b'),
}

/** Written as escapes: the eye cannot tell them from the letters that they stand for. */
const lookAlikes: ReadonlyMap<string, string> = new Map([
  ['A', '\u0410'],
  ['B', '\u0412'],
  ['C', '\u0421'],
  ['E', '\u0415'],
  ['H', '\u041d'],
  ['I', '\u0406'],
  ['J', '\u0408'],
  ['K', '\u041a'],
  ['M', '\u041c'],
  ['N', '\u039d'],
  ['O', '\u041e'],
  ['P', '\u0420'],
  ['S', '\u0405'],
  ['T', '\u0422'],
  ['X', '\u0425'],
  ['Y', '\u03a5'],
  ['Z', '\u0396'],
  ['a', '\u0430'],
  ['c', '\u0441'],
  ['d', '\u0501'],
  ['e', '\u0435'],
  ['h', '\u04bb'],
  ['i', '\u0456'],
  ['j', '\u0458'],
  ['l', '\u04cf'],
  ['o', '\u043e'],
  ['p', '\u0440'],
  ['q', '\u051b'],
  ['s', '\u0455'],
  ['v', '\u03bd'],
  ['w', '\u051d'],
  ['x', '\u0445'],
  ['y', '\u0443'],
])
