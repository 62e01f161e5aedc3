import type { JsonObject, JsonValue } from '../schema/json.ts'
import { isRedactionMarker, redactionMarker } from './redaction-marker.ts'
import { type SecretKey, secretKey } from './secret-keys.ts'

/** Nothing real is as deep, and what is deeper overflows the stack of whatever writes it. */
const maxDepth = 100

/** What a value stands under: a secret's name, the `properties` of a JSON Schema, or neither. */
type Under = SecretKey | 'properties' | undefined

interface Walk {
  readonly depth: number
  readonly redactText: (text: string) => string
}

/**
 * Redacts every text in a JSON value, by the name that it stands under and by what it says.
 *
 * Keeps the shape: numbers, booleans and null stay, so `token: 5` stays a count. Keys are
 * redacted too; two that become equal leave one. Returns the same reference when nothing
 * changed. What is nested deeper than 100 levels becomes `[redacted:too-deep]`, because
 * nobody looked into it.
 */
export function redactTree(value: JsonValue, redactText: (text: string) => string): JsonValue {
  return redactValue(value, undefined, { depth: 0, redactText })
}

function redactValue(value: JsonValue, under: Under, walk: Walk): JsonValue {
  if (typeof value === 'string') return redactString(value, under, walk)
  if (typeof value !== 'object' || value === null) return value
  if (walk.depth === maxDepth) return redactionMarker('too-deep')
  const inside = { ...walk, depth: walk.depth + 1 }
  return isList(value) ? redactList(value, under, inside) : redactObject(value, under, inside)
}

function redactString(text: string, under: Under, walk: Walk): string {
  const clean = walk.redactText(text)
  if (!isSecret(under) || !under.value.test(clean) || isRedactionMarker(clean)) return clean
  return redactionMarker(under.kind)
}

function redactList(list: readonly JsonValue[], under: Under, walk: Walk): JsonValue {
  const clean = list.map((item) => redactValue(item, under, walk))
  return clean.every((item, index) => item === list[index]) ? list : clean
}

function redactObject(object: JsonObject, under: Under, walk: Walk): JsonValue {
  let isChanged = false
  const clean: [string, JsonValue][] = []
  for (const key of Object.keys(object)) {
    const member = object[key] as JsonValue
    const cleanKey = walk.redactText(key)
    const cleanMember = redactValue(member, underKey(cleanKey, member, under), walk)
    if (cleanKey !== key || cleanMember !== member) isChanged = true
    clean.push([cleanKey, cleanMember])
  }
  // Not by assignment: a key `__proto__` has to stay a key.
  return isChanged ? Object.fromEntries(clean) : object
}

/** In an object only the name of a collection (`cookies`) still holds; a schema holds no data. */
function underKey(key: string, member: JsonValue, under: Under): Under {
  const secret = secretKey(key) ?? (isSecret(under) ? under : undefined)
  if (secret === undefined) return key === 'properties' ? 'properties' : undefined
  if (typeof member !== 'object' || member === null || isList(member)) return secret
  return under === 'properties' || !secret.isCollection ? undefined : secret
}

function isSecret(under: Under): under is SecretKey {
  return typeof under === 'object'
}

function isList(value: JsonObject | readonly JsonValue[]): value is readonly JsonValue[] {
  return Array.isArray(value)
}
