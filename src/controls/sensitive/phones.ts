import type * as phoneLibrary from 'libphonenumber-js/min'
import type { Finding } from './finding.ts'

const fewestDigits = 8

/**
 * A plus sign and at least so many digits, parted by one sign or by brackets: what more stands in
 * `+499.28 - 471.82` is arithmetic.
 */
const international = /(?<![\p{L}\p{N}+])\+\(?[1-9](?:(?:[ ./-]|[ -]?\(|\)[ ./-]?\(?)?\d){7,16}/gu

/**
 * As in North America, with punctuation: `(415) 555-2671`, `415-555-2671`, `1-415-555-2671`. Area and
 * exchange begin with 2 to 9; behind 555, the area of made-up numbers, anything goes. Blanks alone
 * (`415 555 2671`) are any three numbers, and ten digits in a row any id.
 */
const northAmerican = new RegExp(
  '(?<![\\p{L}\\p{N}.+#$€£/_-])(?:1[ .-]?)?' +
    '(?:\\([2-9]\\d\\d\\) ?\\d{3}[ .-]\\d{4}|[2-9]\\d\\d([.-])[2-9]\\d\\d\\1\\d{4}|555([.-])\\d{3}\\2\\d{4})' +
    '(?=x\\d|[^\\p{L}\\p{N}_]|$)(?![-./]\\d)',
  'gu',
)

/** Any digits that are said to be a phone's: `tel. 0171 1234567`, `Phone: 4155552671`. */
const labelled =
  /(?<!\p{L})(?:t[eé]l[eé]?(?:phone|fono|fon)?|phone|mobile|cell ?phone|fax|whatsapp)(?:['’]?s)?(?: (?:number|no))?(?:\.?:|\.| is| ?=) ?(\(?\d(?:[ .()/-]{0,2}\d){6,14})(?![\d-])/giu

/**
 * How often the library is asked about one text. What looks international beyond that counts as a
 * phone unasked, so that the work has an end and nothing gets through.
 */
const mostAsked = 2_000

/** Loaded once; importing again costs more than all that is asked of it. */
let library: Promise<typeof phoneLibrary> | undefined

/**
 * Phone numbers: with a country code (`+49 30 901820`), as written in North America, and behind a
 * word for phone.
 *
 * Not seen: other local forms without such a word, `00` for `+`, letters for digits, numbers of
 * seven digits or fewer. The library is loaded when something begins with `+` and has the digits.
 */
export async function findPhones(text: string): Promise<readonly Finding[]> {
  const found = [
    ...Array.from(text.matchAll(northAmerican), ({ 0: number, index }) =>
      phone(index, number.length),
    ),
    ...Array.from(text.matchAll(labelled), ({ 0: all, 1: number = '', index }) =>
      phone(index + all.length - number.length, number.length),
    ),
  ]
  const candidates = text.includes('+') ? Array.from(text.matchAll(international)) : []
  if (candidates.length === 0) return found
  const lengthOf = possibleLength(await (library ??= import('libphonenumber-js/min')))
  for (const { 0: candidate, index } of candidates) {
    const length = lengthOf(candidate)
    if (length > 0) found.push(phone(index, length))
  }
  return found
}

function phone(start: number, length: number): Finding {
  return { kind: 'phone', start, end: start + length }
}

/**
 * How much of a candidate is a number that its country can have; 0: nothing of it. Groups that only
 * follow the number (`+1 415 555 2671 2026`) are left off one by one.
 *
 * Possible and not valid: made-up numbers (`+1 555 123 4567`) are meant as phones too.
 */
function possibleLength(phones: typeof phoneLibrary): (candidate: string) => number {
  let asked = 0
  const isPossible = (digits: string): boolean => {
    if (digits.length < fewestDigits) return false
    asked += 1
    if (asked > mostAsked) return true
    return phones.parsePhoneNumberFromString(`+${digits}`)?.isPossible() ?? false
  }
  return (candidate) => {
    const ends = Array.from(candidate.matchAll(/\d+/g), ({ 0: run, index }) => index + run.length)
    return ends.findLast((end) => isPossible(candidate.slice(0, end).replace(/\D/g, ''))) ?? 0
  }
}
