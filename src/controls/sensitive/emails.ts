import type { Finding } from './finding.ts'

const localPart = '[\\p{L}\\p{M}\\p{N}_.+-]{1,64}'
/** The last label has letters, so that a package such as `zod@4.0.1` is no address. */
const lastLabel = '(?:\\p{L}{2,63}|xn--[\\p{L}\\p{N}-]{1,59})'
const label = '[\\p{L}\\p{M}\\p{N}-]{1,63}'

const quotedPart = '"[^"\\r\\n]{1,64}"'

/** Starts at the `@` and looks back, so that a long word without one costs nothing. */
const plain = new RegExp(
  `@(?<=(${localPart}|${quotedPart})@)(?:${label}\\.){1,8}${lastLabel}`,
  'gu',
)

/** Names of pictures for dense screens: `logo@2x.png`. */
const densePicture = /^@\dx\.(?:png|jpe?g|gif|webp|svg)$/i

const bracketed = (words: string): string => ` ?[[({<] ?(?:${words}) ?[\\])}>] ?`
const spelledAt = `(?:@| @ |${bracketed('at|@')})`
const spelledDot = `(?:\\.|${bracketed('dot|\\.')}| dot )`
const spelledLocal = `(?:[\\p{L}\\p{M}\\p{N}_+-]{1,64}(?:${bracketed('dot')}| dot )){0,3}${localPart}`

/** `ana[at]example.com`, `ana (at) example (dot) com`, `ana @ example.com`, `ana@example dot com`. */
const marked = new RegExp(
  `${spelledAt}(?<=(${spelledLocal})${spelledAt})(?:${label}${spelledDot}){1,8}${lastLabel}`,
  'giu',
)

/**
 * `ana at example dot com`: only with both words and a last label that is no word of its own, because
 * "meet us at the dot in the map" is prose.
 */
const spoken = new RegExp(
  ` at (?<=(${spelledLocal}) at )(?:${label}(?:${bracketed('dot')}| dot )){1,4}` +
    '(?:com|org|net|edu|gov|mil|info|biz|io|co|dev|app|ai|eu|uk|de|fr|es|nl|ch|se|pl|ca|au|jp|cn|br|test|example)' +
    '(?![\\p{L}\\p{N}])',
  'giu',
)

/** What stands before "at example dot com" where a place is meant and not an address. */
const noMailbox =
  /^(?:us|me|him|her|them|it|you|here|there|online|available|site|website|page|store|shop|look|visit|find|works?)$/i

const maySpell = / @ |[[({<] ?(?:at|@|dot|\.) ?[\])}>]| dot /i

/**
 * E-mail addresses, also those that are spelt to be overlooked.
 *
 * Not seen: addresses of hosts without a domain, "at" before a real dot (`visit us at example.com`).
 */
export function findEmails(text: string): readonly Finding[] {
  const written = text.includes('@') ? matches(plain, text) : []
  const found = maySpell.test(text) ? [...written, ...spelt(text)] : written
  return found
    .filter(({ domain }) => !densePicture.test(domain))
    .map(({ start, end }) => ({ kind: 'email', start, end }))
}

function spelt(text: string): readonly Address[] {
  const said = matches(spoken, text).filter(({ local }) => !noMailbox.test(local))
  return [...matches(marked, text), ...said]
}

interface Address {
  readonly local: string
  /** With what stands for the `@`. */
  readonly domain: string
  readonly start: number
  readonly end: number
}

function matches(pattern: RegExp, text: string): readonly Address[] {
  return Array.from(text.matchAll(pattern), ({ 0: domain, 1: local = '', index }) => {
    return { local, domain, start: index - local.length, end: index + domain.length }
  })
}
