import type { JsonObject, JsonValue } from '../../../schema/json.ts'

/** A JSON document, and how messages call it. */
export interface DataDocument {
  readonly name: string
  readonly document: JsonObject
}

type Merged =
  | { readonly ok: true; readonly data: JsonObject }
  | { readonly ok: false; readonly error: string }

/**
 * Documents as the one that a policy sees as `data`. Objects flow together; as with OPA itself nothing
 * else may be said twice, so that no order decides.
 */
export function mergeData(documents: readonly DataDocument[]): Merged {
  let data: JsonObject = {}
  for (const { document, name } of documents) {
    const merged = merge(data, document, ['data'])
    if (!merged.ok) return { ok: false, error: `${name}: ${merged.error}` }
    data = merged.data
  }
  return { ok: true, data }
}

function merge(one: JsonObject, other: JsonObject, place: readonly string[]): Merged {
  const members = new Map(Object.entries(one))
  for (const [key, value] of Object.entries(other)) {
    const before = members.get(key)
    if (before === undefined) {
      members.set(key, value)
      continue
    }
    const at = [...place, key]
    if (!isObject(before) || !isObject(value))
      return { ok: false, error: `${at.join('.')} is in another document already` }
    const inner = merge(before, value, at)
    if (!inner.ok) return inner
    members.set(key, inner.data)
  }
  // Made of own properties, so that `__proto__` as a key does no harm.
  return { ok: true, data: Object.fromEntries(members) }
}

/** The text of a JSON document that is an object; `undefined` for anything else. */
export function parseObject(bytes: Uint8Array): JsonObject | undefined {
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as JsonValue
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
