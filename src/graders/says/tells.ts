import { numbersOf } from './numbers-of.ts'
import { isUnspaced, plainText, wordsOf } from './words-of.ts'

/** Digits in groups of three with plain spaces: one number in some languages, several in others. */
const spacedGroups = /(?<![\d.,'-])\d{1,3}(?: \d{3})+(?!\d)/gu
/** Sums of money are often kept as text; `45.99` is told by `45,99 €` then too. */
const amountText = /^-?\d+\.\d+$/

/**
 * Whether a text tells a value.
 *
 * A number is told by a number of that amount, however it is written: 45.99 by `$45.99`, `45,99 €`
 * and `45.990`, never by `145.99` or inside an id. A negative one needs its minus; a positive one
 * may have one, because a refund is often written as `-$45.99`.
 *
 * A text is told by the same whole words, whatever their case: `in_transit` by "In transit". One
 * that holds a digit is an id and ends where its characters end: `O-1` is not told by `O-1-B`.
 */
export function tells(text: string, value: number | string): boolean {
  const plain = plainText(text)
  if (typeof value === 'number') return tellsNumber(plain, value)
  if (amountText.test(value) && tellsNumber(plain, Number(value))) return true
  return tellsText(plain, plainText(value))
}

function tellsNumber(plain: string, value: number): boolean {
  const joined = plain.replace(spacedGroups, (digits) => digits.replaceAll(' ', ''))
  const words = joined === plain ? wordsOf(plain) : [...wordsOf(plain), ...wordsOf(joined)]
  return words
    .flatMap(numbersOf)
    .filter(({ isNegative }) => isNegative || value >= 0)
    .some(({ readings }) => readings.some((reading) => isSame(reading, Math.abs(value))))
}

/** Up to the noise of floats: a sum of 0.1 and 0.2 is told by `0.3`. */
function isSame(reading: number, value: number): boolean {
  return Math.abs(reading - value) <= 1e-9 * Math.max(1, value)
}

function tellsText(plain: string, value: string): boolean {
  const isId = /\p{N}/u.test(value)
  const wanted = folded(value, isId)
  if (wanted === '') return false
  // Escaped: the value is the world's or the agent's, never a pattern.
  const literal = wanted.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
  const wider = isId ? String.raw`|[\p{L}\p{N}][-.]` : ''
  const more = isId ? String.raw`|[-.][\p{L}\p{N}]` : ''
  const before = isOpenEdge(wanted.at(0)) ? '' : String.raw`(?<![\p{L}\p{N}]${wider})`
  const after = isOpenEdge(wanted.at(-1)) ? '' : String.raw`(?![\p{L}\p{N}]${more})`
  return new RegExp(before + literal + after, 'u').test(folded(plain, isId))
}

/** A dash joins the parts of an id, and separates words elsewhere. */
function folded(plain: string, isId: boolean): string {
  const blank = isId ? /[\s_]+/gu : /[\s_-]+/gu
  return plain.toLowerCase().replace(blank, ' ').trim()
}

/** Nothing marks the end of a word in such a script, and punctuation is its own end. */
function isOpenEdge(character = ''): boolean {
  return isUnspaced(character) || !/[\p{L}\p{N}]/u.test(character)
}
