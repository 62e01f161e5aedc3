/** A number as a text writes it. */
export interface WrittenNumber {
  /** What it may mean, without its sign, the likelier first: `1,299` is 1299, or 1.299. */
  readonly readings: readonly number[]
  readonly isNegative: boolean
}

const currency = String.raw`(?:\p{L}{0,3}\p{Sc}|USD|EUR|GBP|CHF|JPY|CAD|AUD|SEK|NOK|DKK|PLN|INR|CNY)`
const unit = '(?:h|d|min|s|kg|g|cm|km|st|nd|rd|th)'
/** A whole word that is one number: `$45.99`, `45,99€`, `-3`, `EUR40`, `40%`, `40-day`, `5/month`. */
const decorated = new RegExp(
  String.raw`^(?<sign>-?${currency}?-?)(?<digits>\d+(?:[.,'’]\d+)*|[.,]\d+)` +
    String.raw`(?:[%‰]|${currency}|${unit}|[-/]\p{L}[\p{L}-]*)?$`,
  'iu',
)
const grouped = /^[1-9]\d{0,2}(?<group>[.,'’])\d{3}(?:\k<group>\d{3})*(?:(?!\k<group>)[.,]\d+)?$/u
const decimal = /^\d*[.,]\d+$/u

/**
 * The numbers that a word is made of: one, two where it is a range such as `10-12`, or none.
 *
 * An id is no number, and neither are its digits: nothing in `O-145`, `HAT136`, `2026-10-03`,
 * `12:40` or `1.2.3`. Points and commas are read as any language writes them.
 */
export function numbersOf(word: string): readonly WrittenNumber[] {
  const whole = numberOf(word)
  if (whole !== undefined) return [whole]
  const parts = word.split(/[-–—]/u).map(numberOf)
  const [from, to] = parts
  return parts.length === 2 && from !== undefined && to !== undefined ? [from, to] : []
}

function numberOf(word: string): WrittenNumber | undefined {
  const { digits = '', sign = '' } = decorated.exec(word)?.groups ?? {}
  const readings = readingsOf(digits)
  return readings.length === 0 ? undefined : { readings, isNegative: sign.includes('-') }
}

function readingsOf(digits: string): readonly number[] {
  if (/^\d+$/.test(digits)) return [Number(digits)]
  const whole = grouped.test(digits) ? [groupedReading(digits)] : []
  const broken = decimal.test(digits) ? [Number(`0${digits.replace(',', '.')}`)] : []
  return digits.includes('.') ? [...broken, ...whole] : [...whole, ...broken]
}

/** `1,299.00` and `1.299,00`: the separator that repeats groups, the other one is the point. */
function groupedReading(digits: string): number {
  const group = /[.,'’]/u.exec(digits)?.[0] ?? ','
  return Number(digits.replaceAll(group, '').replace(',', '.'))
}
