import { cutValue, isCut } from './cut-secrets.ts'
import { redactionMarker } from './redaction-marker.ts'

/** Shorter values are words and numbers too, and would blacken ordinary text. */
const minLength = 8

const marker = redactionMarker('known-value')

/**
 * Makes a function that replaces exact secret values, such as the API keys of this process.
 *
 * Finds a value also as it stands inside a JSON string and inside a URL, and in lower case: graders
 * compare words that way, and quote them. Where such a quotation was cut off (`…`), its first 8
 * characters suffice. Values of fewer than 8 characters are left alone.
 */
export function knownSecrets(values: readonly string[]): (text: string) => string {
  const spellings = values
    .map((value) => value.trim())
    .flatMap((value) => [value, JSON.stringify(value).slice(1, -1), encodeComponent(value)])
    .flatMap((value) => [value, value.toLowerCase()])
    .filter((value) => value.length >= minLength && !marker.includes(value))
  // The longest first, so that a value that contains another leaves nothing behind.
  const needles = [...new Set(spellings)].sort((a, b) => b.length - a.length)

  const cut = needles.length === 0 ? undefined : cutValue(needles, minLength)

  return (text) => {
    const whole = needles.reduce((clean, needle) => {
      return clean.includes(needle) ? clean.replaceAll(needle, marker) : clean
    }, text)
    return cut === undefined || !isCut(whole) ? whole : whole.replace(cut, marker)
  }
}

function encodeComponent(value: string): string {
  return encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\ufffd'))
}
