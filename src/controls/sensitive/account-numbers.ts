import { type Finding, findMatches } from './finding.ts'

const digitRun = /\d(?:[ -]?\d)*/g
/** Other signs than blanks and dashes only where all groups are as on a card: dates have `/`, too. */
const signedCard = /(?<![\d._/])\d{4}([._/])(?:\d{4}\1\d{4}\1\d{4}|\d{6}\1\d{5})(?![._/]?\d)/g
/** Looks ahead instead of consuming: what only begins like an IBAN must not hide one behind it. */
const ibanStart = /\b(?=([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)\b)/gi
const ssn = /(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])/g

/** How card numbers are written in groups of digits. */
const cardLayouts = [
  [4, 4, 4, 4],
  [4, 6, 5],
  [4, 6, 4],
  [4, 4, 4, 4, 3],
] as const

/** Letters and digits by country, from the IBAN registry: ids of hexadecimal digits look alike. */
const ibanSizes = new Map(
  Object.entries({
    15: 'NO',
    16: 'BE',
    18: 'DK FI FK FO GL NL SD',
    19: 'MK SI',
    20: 'AT BA EE KZ LT LU MN XK',
    21: 'CH HR LI LV',
    22: 'BG BH CR DE GB GE IE ME RS VA',
    23: 'AE GI IL IQ OM SO TL',
    24: 'AD CZ ES MD PK RO SA SE SK TN VG',
    25: 'LY PT ST',
    26: 'IS TR',
    27: 'BI DJ FR GR IT MC MR SM',
    28: 'AL AZ BY CY DO GT HN HU LB NI PL SV',
    29: 'BR EG PS QA UA',
    30: 'JO KW MU YE',
    31: 'MT SC',
    32: 'LC',
    33: 'RU',
  }).flatMap(([size, countries]) =>
    countries.split(' ').map((country) => [country, Number(size)] as const),
  ),
)

interface Group {
  readonly digits: string
  readonly start: number
  readonly end: number
}

/**
 * Numbers of payment cards by form and check digit, alone, in groups, and among other digits.
 *
 * Not seen: numbers with letters in between.
 */
export function findCards(text: string): readonly Finding[] {
  const grouped = Array.from(text.matchAll(digitRun), (run) => cardsIn(run[0], run.index))
  const signed = findMatches('card', signedCard, text).filter(({ start, end }) =>
    isCard(text.slice(start, end).replace(/\D/g, '')),
  )
  return [...grouped.flat(), ...signed]
}

/** Cards in digits that only a blank or a dash parts: the whole, a group, or groups of a layout. */
function cardsIn(run: string, at: number): readonly Finding[] {
  if (run.length < 13) return []
  const groups = Array.from(run.matchAll(/\d+/g), ({ 0: digits, index }): Group => {
    return { digits, start: at + index, end: at + index + digits.length }
  })
  const whole = isCard(groups.map(({ digits }) => digits).join('')) ? [groups] : []
  const single = groups.filter(({ digits }) => isCard(digits)).map((group) => [group])
  const laidOut = groups.flatMap((_, first) =>
    cardLayouts
      .filter((layout) => layout.every((size, i) => groups[first + i]?.digits.length === size))
      .map((layout) => groups.slice(first, first + layout.length))
      .filter((window) => isCard(window.map(({ digits }) => digits).join(''))),
  )
  return [...whole, ...single, ...laidOut].map((window) => spanOf('card', window))
}

function spanOf(kind: 'card' | 'iban', groups: readonly Group[]): Finding {
  return { kind, start: groups[0]?.start ?? 0, end: groups.at(-1)?.end ?? 0 }
}

/** The form and the check digit of payment cards (ISO/IEC 7812-1); none begins with 0, 1, 7, 8 or 9. */
function isCard(digits: string): boolean {
  if (!/^[2-6]\d{12,18}$/.test(digits)) return false
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    const doubled = i % 2 === 0 ? digit : digit * 2
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** Numbers of bank accounts by country, length and check digits, with single blanks or without. */
export function findIbans(text: string): readonly Finding[] {
  return Array.from(text.matchAll(ibanStart), ({ 1: run = '', index }) => {
    const length = ibanLength(run)
    return length === 0 ? [] : [{ kind: 'iban', start: index, end: index + length }]
  }).flat()
}

/** How much of a run is an account's number; 0: none. A word after it looks like one more group. */
function ibanLength(run: string): number {
  const size = ibanSizes.get(run.slice(0, 2).toUpperCase())
  if (size === undefined) return 0
  let end = 0
  for (let seen = 0; seen < size; end++) {
    if (end >= run.length) return 0
    if (run[end] !== ' ') seen += 1
  }
  const isWhole = end === run.length || run[end] === ' '
  return isWhole && passesMod97(run.slice(0, end).replaceAll(' ', '')) ? end : 0
}

function passesMod97(plain: string): boolean {
  let rest = 0
  for (const letter of plain.slice(4) + plain.slice(0, 4)) {
    const value = Number.parseInt(letter, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}

/** Social security numbers of the United States, only as `123-45-6789`: nine digits alone are anything. */
export function findSsns(text: string): readonly Finding[] {
  return findMatches('ssn', ssn, text)
}
