import type { CassetteHeader } from '../../schema/cassette.ts'
import { asJson, type JsonObject, type JsonValue } from '../../schema/json.ts'
import { canonicalJson } from '../../text/canonical-json.ts'
import type { CassetteEntry } from './cassette-entry.ts'
import { conversationOf, fingerprint } from './request-key.ts'

/** Values of at least this many characters get a line of their own, once a file. */
const longValue = 300

/** Trials whose last request is remembered while they run side by side. */
const openTrials = 1_000

export function encodeHeader(header: CassetteHeader): string {
  return lineOf(asJson(header), ['apiVersion', 'kind', 'evalSet', 'candidate'])
}

/**
 * Writes entries as lines, each with its newline: first what it shares with others and nobody has
 * written yet, then the entry itself with only what is new since the request before it. So a file
 * grows with what was said, not with how often it was sent.
 */
export function createEntryEncoder(): (entry: CassetteEntry) => string {
  const written = new Set<string>()
  const earlier = new Map<string, readonly string[]>()

  /** The hash of a long value, after a line that holds it; `undefined` for a short one. */
  const share = (value: JsonValue, before: string[]): string | undefined => {
    if (!isLong(value)) return undefined
    const hash = fingerprint(value)
    if (!written.has(hash)) before.push(lineOf({ type: 'shared', hash, value }, ['type', 'hash']))
    written.add(hash)
    return hash
  }

  const shorten = (entry: CassetteEntry, before: string[]): JsonObject => {
    const talk = conversationOf(entry.request)
    const inline: [string, JsonValue][] = []
    const shared: [string, JsonValue][] = []
    for (const [name, value] of Object.entries(entry.request)) {
      if (name === talk?.in) continue
      const hash = share(value, before)
      if (hash === undefined) inline.push([name, value])
      else shared.push([name, hash])
    }
    const request = Object.fromEntries(inline)
    const parts = shared.length > 0 ? { request, shared: Object.fromEntries(shared) } : { request }
    if (talk === undefined) return parts

    const hashes = talk.items.map(fingerprint)
    const same = sameStart(hashes, earlier.get(lineageOf(entry)) ?? [])
    keepLatest(earlier, lineageOf(entry), hashes)
    const fresh = talk.items.slice(same).map((item) => share(item, before) ?? item)
    return { ...parts, conversation: { in: talk.in, same, new: fresh } }
  }

  return (entry) => {
    const before: string[] = []
    // The request goes in shortened, and the hash of its content can be made again.
    const line = { ...asJson(entry), content: undefined, ...shorten(entry, before) }
    return before.join('') + lineOf(line, memberOrder)
  }
}

/** Whose requests grow out of one another. */
export function lineageOf({
  role,
  trial,
  type,
}: Pick<CassetteEntry, 'role' | 'trial' | 'type'>): string {
  return `${type} ${role} ${trial}`
}

/** What a reader looks for comes first. */
const memberOrder = [
  'type',
  'trial',
  'role',
  'ordinal',
  'reference',
  'method',
  'path',
  'request',
  'shared',
  'conversation',
  'reply',
  'key',
]

/** Canonical JSON, but for the order of the outermost members. */
function lineOf(
  line: Readonly<Record<string, JsonValue | undefined>>,
  first: readonly string[],
): string {
  const names = [...first, ...Object.keys(line).filter((name) => !first.includes(name))]
  const members = names.flatMap((name) => {
    const value = line[name]
    return value === undefined ? [] : [`${canonicalJson(name)}:${canonicalJson(value)}`]
  })
  return `{${members.join(',')}}\n`
}

const lengths = new WeakMap<object, boolean>()

function isLong(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'string' && value.length >= longValue
  }
  const known = lengths.get(value) ?? canonicalJson(value).length >= longValue
  lengths.set(value, known)
  return known
}

function sameStart(now: readonly string[], before: readonly string[]): number {
  const different = now.findIndex((hash, index) => hash !== before[index])
  return different === -1 ? now.length : different
}

/** Forgets whom nobody has heard of for longest; the next request of that trial is written whole. */
function keepLatest(
  earlier: Map<string, readonly string[]>,
  lineage: string,
  hashes: readonly string[],
): void {
  earlier.delete(lineage)
  earlier.set(lineage, hashes)
  if (earlier.size <= openTrials) return
  for (const oldest of earlier.keys()) {
    earlier.delete(oldest)
    return
  }
}
