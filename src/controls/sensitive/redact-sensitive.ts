import type { JsonObject, JsonValue } from '../../schema/json.ts'
import { findPii, findSecrets } from './find-sensitive.ts'
import { type Finding, inOrder, isSecretKind, mergeFindings } from './finding.ts'
import { textOf, textsIn } from './texts-in.ts'

export interface RedactOptions {
  /** Only these; `secret` is every kind of secret. Absent: everything. */
  readonly kinds?: readonly string[]
}

export interface Redacted {
  /** The same reference when nothing was found. */
  readonly value: JsonValue
  /** What was taken out: personal data first, then kinds of secrets by name. */
  readonly kinds: readonly string[]
}

/**
 * What stands next to a finding can hide another until the first is gone. A text that still holds
 * some after so many rounds was made for that, and all of it goes.
 */
const maxRounds = 5

/**
 * Takes personal data and secrets out of a value, for rules that let the rest of it pass.
 *
 * Each finding in a text or a key becomes `[email]`, `[card]`, …, and every secret `[secret]`; a
 * whole number that is one becomes that text. Two keys that become equal leave the later member.
 * Redacting twice changes nothing more, and nothing is found in the result.
 *
 * Rejects when it cannot look (see {@link findSensitive}); the caller then lets nothing pass.
 */
export async function redactSensitive(
  value: JsonValue,
  options: RedactOptions = {},
): Promise<Redacted> {
  const clean = new Map<string, string>()
  const kinds = new Set<string>()
  for (const text of textsIn(value)) {
    const found = await redactText(text, options)
    for (const kind of found.kinds) kinds.add(kind)
    if (found.text !== text) clean.set(text, found.text)
  }
  return { value: clean.size === 0 ? value : rebuilt(value, clean), kinds: inOrder(kinds) }
}

async function redactText(
  text: string,
  options: RedactOptions,
): Promise<{ readonly text: string; readonly kinds: ReadonlySet<string> }> {
  const kinds = new Set<string>()
  let clean = text
  for (let round = 0; round <= maxRounds; round++) {
    const found = await findWanted(clean, options)
    const merged = mergeFindings(found)
    const [first] = merged
    if (first === undefined) break
    for (const { kind } of found) kinds.add(kind)
    clean = round === maxRounds ? markerFor(first.kind) : withMarkers(clean, merged)
  }
  return { text: clean, kinds }
}

async function findWanted(text: string, { kinds }: RedactOptions): Promise<readonly Finding[]> {
  const found = [...(await findPii(text)), ...(await findSecrets(text))]
  if (kinds === undefined) return found
  return found.filter(({ kind }) => {
    return kinds.includes(kind) || (isSecretKind(kind) && kinds.includes('secret'))
  })
}

function withMarkers(text: string, findings: readonly Finding[]): string {
  const parts: string[] = []
  let at = 0
  for (const { kind, start, end } of findings) {
    parts.push(text.slice(at, start), markerFor(kind))
    at = end
  }
  return parts.join('') + text.slice(at)
}

function markerFor(kind: string): string {
  return `[${isSecretKind(kind) ? 'secret' : kind}]`
}

function rebuilt(value: JsonValue, clean: ReadonlyMap<string, string>): JsonValue {
  if (typeof value !== 'object' || value === null) return clean.get(textOf(value) ?? '') ?? value
  if (isList(value)) {
    const items = value.map((item) => rebuilt(item, clean))
    return items.every((item, index) => item === value[index]) ? value : items
  }
  return rebuiltObject(value, clean)
}

function rebuiltObject(object: JsonObject, clean: ReadonlyMap<string, string>): JsonObject {
  const members = Object.entries(object).map(([key, member]) => {
    return [clean.get(key) ?? key, rebuilt(member, clean)] as const
  })
  const isSame = members.every(
    ([key, member]) => Object.hasOwn(object, key) && object[key] === member,
  )
  // Not by assignment: a key `__proto__` has to stay a key.
  return isSame ? object : Object.fromEntries(members)
}

function isList(value: JsonObject | readonly JsonValue[]): value is readonly JsonValue[] {
  return Array.isArray(value)
}
