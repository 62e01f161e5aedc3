import { findPatterns } from '../../text/secret-patterns.ts'
import { findCards, findIbans, findSsns } from './account-numbers.ts'
import { findEmails } from './emails.ts'
import { type Finding, mergeFindings } from './finding.ts'
import { findIpAddresses } from './ip-addresses.ts'
import { findPhones } from './phones.ts'
import { type Reading, readings } from './readings.ts'
import { findVendorKeys } from './vendor-keys.ts'

type Detector = (text: string) => readonly Finding[] | Promise<readonly Finding[]>

const ofPii: readonly Detector[] = [
  findEmails,
  findCards,
  findIbans,
  findSsns,
  findPhones,
  findIpAddresses,
]
const ofSecrets: readonly Detector[] = [findPatterns, (text) => findVendorKeys(text)]

/** The shortest that any detector knows: `a@b.co`. */
const minLength = 6

/**
 * Personal data and secrets in a text: what, and from where to where, by position; of what overlaps
 * one finding.
 *
 * Out of reach: names, postal addresses, dates of birth, passports and other numbers without a check
 * digit, words for digits, pictures, and secrets that only their name gives away.
 *
 * Rejects when a library that a text calls for cannot be loaded: nobody has looked then.
 */
export async function findSensitive(text: string): Promise<readonly Finding[]> {
  return mergeFindings([...(await findPii(text)), ...(await findSecrets(text))])
}

/** Personal data in a text, in no order and with overlaps. See {@link findSensitive}. */
export function findPii(text: string): Promise<readonly Finding[]> {
  return findBy(ofPii, text)
}

/** Secrets in a text, in no order and with overlaps. See {@link findSensitive}. */
export function findSecrets(text: string): Promise<readonly Finding[]> {
  return findBy(ofSecrets, text)
}

async function findBy(detectors: readonly Detector[], text: string): Promise<readonly Finding[]> {
  if (text.length < minLength) return []
  const found: (readonly Finding[])[] = []
  for (const reading of readings(text)) {
    for (const detect of detectors) found.push(inOriginal(await detect(reading.text), reading))
  }
  return found.flat()
}

function inOriginal(findings: readonly Finding[], { original }: Reading): readonly Finding[] {
  return findings.map(({ kind, start, end }) => {
    const [from, to] = original(start, end)
    return { kind, start: from, end: to }
  })
}
