import type { Pattern } from '../../expr/pattern.ts'

/** A number or id that a pattern needs, and others that it takes for it. */
export interface LooseNumber {
  readonly number: string
  readonly accepted: readonly string[]
  /** What to write instead, anchored; absent where no pattern can tell them apart. */
  readonly anchored?: string
  /** Only an id with one digit more, or a third decimal: nobody would say that by mistake. */
  readonly isUnlikely: boolean
}

/** Dates and times, which have no longer form; ids that begin with a letter; numbers. */
const numbers =
  /(?<fixed>\d{4}-\d\d-\d\d|\d{1,2}:\d\d)|[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*|\d+(?:[.,]\d+)*/g

/**
 * The numbers and ids of a text that a pattern needs without pinning them down, each found by
 * trying: the number is replaced by a longer one, and the pattern still finds its text.
 *
 * A pattern that takes any number (`\d+`) is meant to, so it needs none.
 */
export function looseNumbers(pattern: Pattern, text: string): readonly LooseNumber[] {
  if (!pattern.test(text)) return []
  const found = [...text.matchAll(numbers)]
    .filter(({ 0: token, groups }) => groups?.['fixed'] === undefined && /\d/.test(token))
    .map(({ 0: token }) => token)
  return [...new Set(found)].flatMap((number) => {
    const accepts = (other: string): boolean => pattern.test(replaceNumber(text, number, other))
    const isNeeded = !accepts('~') && ![1, 3, 7].every((step) => accepts(otherDigits(number, step)))
    const loose = isNeeded ? looseness(number, accepts) : undefined
    return loose === undefined ? [] : [loose]
  })
}

/** A text that says another number wherever it said this one. */
export function replaceNumber(text: string, number: string, other: string): string {
  return text.replace(numbers, (token) => (token === number ? other : token))
}

type Accepts = (other: string) => boolean

function looseness(number: string, accepts: Accepts): LooseNumber | undefined {
  const { fraction, integer } = partsOf(number)
  const otherFraction = `${integer}${otherDigits(fraction, 1)}`
  const ignoresFraction = fraction !== '' && accepts(otherFraction)
  const pinned = ignoresFraction ? integer : number
  const { before, behind } = longer(number, pinned)
  // Nobody writes a digit before an id such as O-1001.
  const isOpenBefore = /^\d/.test(number) && accepts(before)
  const isOpenBehind = accepts(behind)
  if (!isOpenBefore && !isOpenBehind) {
    return ignoresFraction ? { number, accepted: [otherFraction], isUnlikely: true } : undefined
  }
  return {
    number,
    accepted: [...(isOpenBefore ? [before] : []), ...(isOpenBehind ? [behind] : [])],
    anchored: anchor(pinned, { isOpenBefore, isOpenBehind }),
    isUnlikely: !isOpenBefore && /^\D|[.,]\d\d$/.test(pinned),
  }
}

/** One digit more at either end, another than its neighbour: in 44, a 4 is found at both. */
function longer(number: string, pinned: string): Readonly<Record<'before' | 'behind', string>> {
  const rest = number.slice(pinned.length)
  return {
    before: `${number.startsWith('1') ? 2 : 1}${number}`,
    behind: `${pinned}${pinned.endsWith('4') ? 7 : 4}${rest}`,
  }
}

function anchor(
  number: string,
  open: { readonly isOpenBefore: boolean; readonly isOpenBehind: boolean },
): string {
  const escaped = number.replaceAll('.', '\\.')
  return `${open.isOpenBefore ? '\\b' : ''}${escaped}${open.isOpenBehind ? '\\b' : ''}`
}

/** `47.00` is 47 and `.00`; an id, and a number without decimals, is whole. */
function partsOf(number: string): { readonly integer: string; readonly fraction: string } {
  const fraction = /^\d.*?([.,]\d{1,2})$/.exec(number)?.[1] ?? ''
  return { integer: number.slice(0, number.length - fraction.length), fraction }
}

function otherDigits(number: string, step: number): string {
  return number.replaceAll(/\d/g, (digit) => String((Number(digit) + step) % 10))
}
