import { findPatterns } from '../../text/secret-patterns.ts'
import { findCards, findIbans, findSsns } from './account-numbers.ts'
import { findEmails } from './emails.ts'
import { type Finding, mergeFindings } from './finding.ts'
import { findIpAddresses } from './ip-addresses.ts'
import { findPhones } from './phones.ts'
import { countLineBreaks, joinedLines, type Reading, readings } from './readings.ts'
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
 * Over how many line breaks one finding may go: a reply in parts has few. Without a limit, every
 * column of numbers would hold a card.
 */
const maxLineBreaks = 2

/**
 * Personal data and secrets in a text: what, and from where to where, by position; of what overlaps
 * one finding.
 *
 * Out of reach: names, postal addresses, dates of birth, passports and other numbers without a check
 * digit, words for digits, pictures, what is spread over more than three lines, and secrets that only
 * their name gives away.
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
  const all = readings(text)
  const found = await findIn(detectors, all)
  const joined = await findIn(detectors, all.flatMap(joinedLines))
  return [...found, ...joined.filter(isOverLines(text, found))]
}

async function findIn(
  detectors: readonly Detector[],
  all: readonly Reading[],
): Promise<readonly Finding[]> {
  const found: (readonly Finding[])[] = []
  for (const reading of all) {
    for (const detect of detectors) found.push(inOriginal(await detect(reading.text), reading))
  }
  return found.flat()
}

/**
 * Whether a finding in joined lines is one that only they show. What overlaps another has only grown by
 * a word of the next line.
 */
function isOverLines(text: string, found: readonly Finding[]): (finding: Finding) => boolean {
  const known = mergeFindings(found)
  return ({ start, end }) => {
    const next = known[firstIndex(known, (one) => one.end > start)]
    if (next !== undefined && next.start < end) return false
    const breaks = countLineBreaks(text.slice(start, end))
    return breaks > 0 && breaks <= maxLineBreaks
  }
}

/** The first of a list in order for which something holds that then holds for all behind it. */
function firstIndex<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(items[middle] as T)) high = middle
    else low = middle + 1
  }
  return low
}

function inOriginal(findings: readonly Finding[], { original }: Reading): readonly Finding[] {
  return findings.map(({ kind, start, end }) => {
    const [from, to] = original(start, end)
    return { kind, start: from, end: to }
  })
}
