/** Kinds of personal data that a pattern and a checksum can tell. Names and addresses are out of reach. */
export type PiiKind = 'email' | 'card' | 'iban' | 'ssn'

const email = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/
const digitRun = /\d(?:[ -]?\d){12,18}/g
const iban = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g
const ssn = /(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])/

/** Personal data found in a text, each kind once, in a fixed order. */
export function findPii(text: string): readonly PiiKind[] {
  const found: PiiKind[] = []
  if (email.test(text)) found.push('email')
  if ((text.match(digitRun) ?? []).some(passesLuhn)) found.push('card')
  if ((text.match(iban) ?? []).some(passesMod97)) found.push('iban')
  if (ssn.test(text)) found.push('ssn')
  return found
}

/** The check digit of payment cards (ISO/IEC 7812-1). */
function passesLuhn(run: string): boolean {
  const digits = run.replaceAll(/\D/g, '')
  if (/^0+$/.test(digits)) return false
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    const doubled = i % 2 === 0 ? digit : digit * 2
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** The check digits of bank accounts (ISO 13616). */
function passesMod97(text: string): boolean {
  const plain = text.replaceAll(' ', '')
  if (plain.length < 15 || plain.length > 34) return false
  let rest = 0
  for (const letter of plain.slice(4) + plain.slice(0, 4)) {
    const value = Number.parseInt(letter, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}
