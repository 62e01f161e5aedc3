import { didYouMean } from '../text/did-you-mean.ts'
import { truncate } from '../text/truncate.ts'

/** More names than this are no help in a message. */
const mostNamesListed = 12
/** Of names that something misspelt is compared with. */
const mostNamesCompared = 2_000
const longestQuote = 60

/** Foreign text inside a message: in quotes, escaped, and not too long. */
export function quote(text: string): string {
  return JSON.stringify(truncate(text, longestQuote))
}

/** A value of a document in words: `the number 12`, `a list`. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return `the text ${quote(value)}`
  if (typeof value === 'number') return `the number ${value}`
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'a mapping'
  return String(value)
}

/** `unknown tool "isue_refund"; did you mean "issue_refund"?`, or the names there are. */
export function unknownName(kind: string, name: string, known: Iterable<string>): string {
  const names = [...new Set(known)].slice(0, mostNamesCompared)
  const guess = didYouMean(name, names)
  const subject = `unknown ${kind} ${quote(name)}`
  if (guess !== undefined) return `${subject}; did you mean ${quote(guess)}?`
  if (names.length === 0) return `${subject}; there are none here`
  return names.length > mostNamesListed ? subject : `${subject}; known: ${names.join(', ')}`
}

/** `1 turn`, `3 turns`. */
export function turnsInWords(turns: number): string {
  return `${turns} ${turns === 1 ? 'turn' : 'turns'}`
}

/** `a, b or c`. */
export function anyOf(words: readonly string[]): string {
  return words.length < 2
    ? words.join('')
    : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`
}
