import { numbersOf } from './numbers-of.ts'
import { plainText, wordsOf } from './words-of.ts'

const date = /^\d{1,4}(?<separator>[./-])\d{1,2}\k<separator>\d{1,4}$/u

/**
 * The different values that texts name: every word that holds a digit, amounts by their amount, so
 * that `$45.99`, `45.99` and `45,99 €` are one. Ids joined by commas or slashes count one by one.
 *
 * @returns in the order in which they are first named
 */
export function distinctValues(texts: readonly string[]): readonly string[] {
  const words = texts.flatMap((text) => wordsOf(plainText(text)))
  return [...new Set(words.flatMap(valuesOf))]
}

function valuesOf(word: string): readonly string[] {
  const numbers = numbersOf(word)
  if (numbers.length > 0) return numbers.map(({ readings }) => String(readings[0]))
  const parts = word.split(/[,/&]+/u)
  if (parts.length > 1 && !date.test(word)) return parts.flatMap(valuesOf)
  return /\p{Nd}/u.test(word) ? [word.toLowerCase()] : []
}
