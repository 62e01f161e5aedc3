/** Kinds of personal data that a pattern and a checksum can tell. Names and addresses are out of reach. */
export type PiiKind = 'email' | 'card' | 'iban' | 'ssn'

/** The last label has letters, so that a package such as `zod@4.0.1` is no address. */
const email =
  /[\p{L}\p{N}_.+-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,4}(?:\p{L}{2,63}|xn--[\p{L}\p{N}-]{1,59})/u
const digitRun = /\d(?:[ -]?\d)*/g
/** Looks ahead instead of consuming: what only begins like an IBAN must not hide one behind it. */
const ibanStart = /\b(?=([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)\b)/gi
const ssn = /(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])/

/** How card numbers are written in groups of digits. */
const cardLayouts: readonly string[] = ['4-4-4-4', '4-6-5', '4-6-4', '4-4-4-4-3']

/** Personal data found in a text, each kind once, in a fixed order. */
export function findPii(text: string): readonly PiiKind[] {
  const found: PiiKind[] = []
  if (email.test(text)) found.push('email')
  if ((text.match(digitRun) ?? []).some(holdsCard)) found.push('card')
  if ([...text.matchAll(ibanStart)].some(([, run]) => holdsIban(run ?? ''))) found.push('iban')
  if (ssn.test(text)) found.push('ssn')
  return found
}

/** Whether digits are a card's number, or hold one as a group or as groups of a card's layout. */
function holdsCard(run: string): boolean {
  if (run.length < 13) return false
  const groups = run.split(/[ -]/)
  if (isCard(groups.join('')) || groups.some(isCard)) return true
  return groups.some((_, at) =>
    cardLayouts.some((layout) => {
      const window = groups.slice(at, at + layout.split('-').length)
      return window.map((group) => group.length).join('-') === layout && isCard(window.join(''))
    }),
  )
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

/** A word after the number looks like one more group, so it is tried with and without. */
function holdsIban(run: string): boolean {
  const groups = run.split(' ')
  return groups.some((_, at) => passesMod97(groups.slice(0, at + 1).join('')))
}

/** The check digits of bank accounts (ISO 13616). */
function passesMod97(plain: string): boolean {
  if (plain.length < 15 || plain.length > 34) return false
  let rest = 0
  for (const letter of plain.slice(4) + plain.slice(0, 4)) {
    const value = Number.parseInt(letter, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}
