import { asJson, type JsonObject, type JsonValue } from '../../schema/json.ts'
import { canonicalJson } from '../../text/canonical-json.ts'
import { sha256 } from '../../text/hash.ts'
import type { Asked } from './cassette-entry.ts'

/** The list in a request that grows with the conversation. */
export interface Conversation {
  /** As the services call it; `input` is the name in OpenAI's newer API. */
  readonly in: 'messages' | 'input'
  readonly items: readonly JsonObject[]
}

/** `undefined` where a request has no such list, or something else under its name. */
export function conversationOf(request: JsonObject): Conversation | undefined {
  for (const name of ['messages', 'input'] as const) {
    const items = request[name]
    if (Array.isArray(items) && items.every(isObject)) return { in: name, items }
  }
  return undefined
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Messages and lists of tools come again with every request of a trial; each is hashed once. */
const known = new WeakMap<object, string>()

/** What stands for a value in keys, and names it where it is written only once: 128 bits of SHA-256. */
export function fingerprint(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return hash(value)
  const found = known.get(value)
  if (found !== undefined) return found
  const made = hash(value)
  known.set(value, made)
  return made
}

function hash(value: JsonValue): string {
  return sha256(canonicalJson(value)).slice(0, 32)
}

/** Whatever is asked, before it has its hashes. */
export type Unkeyed<T extends Asked> = Omit<T, 'content' | 'key'>

/**
 * Gives a request its hashes. They cover who asks, in which trial, whom, and all that is said; two
 * spellings of the same JSON are the same request.
 */
export function withKey<T extends Asked>(asked: Unkeyed<T>): T {
  const { ordinal, request, ...rest } = asked as Unkeyed<Asked>
  const talk = conversationOf(request)
  const said = Object.entries(request).map(([name, value]) => [
    name,
    name === talk?.in ? talk.items.map(fingerprint) : fingerprint(value),
  ])
  const content = hash([asJson(rest), asJson(Object.fromEntries(said) as object)])
  return { ...asked, content, key: hash([content, ordinal]) } as T
}
