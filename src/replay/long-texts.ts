import type { JsonObject, JsonValue } from '../schema/json.ts'
import { sha256 } from '../text/hash.ts'

/** Texts at least this long are written once and then named by their hash. */
const longText = 200

/** Hashing takes every half of a surrogate pair for the same character; such texts stay in place. */
const halfCharacter = /\p{Surrogate}/u

/** What stands in a value for a long text. */
const nameKey = '$text'

/**
 * Replaces long texts in a value by `{ $text: hash }`.
 *
 * @param onText - told each long text, every time it is met
 */
export function nameLongTexts(
  value: JsonValue,
  onText: (hash: string, text: string) => void,
): JsonValue {
  if (typeof value === 'string') {
    if (value.length < longText || halfCharacter.test(value)) return value
    const hash = sha256(value).slice(0, 32)
    onText(hash, value)
    return { [nameKey]: hash }
  }
  return mapMembers(value, {
    key: (key) => (isNameKey(key) ? `$${key}` : key),
    child: (child) => nameLongTexts(child, onText),
  })
}

/** The reverse of {@link nameLongTexts}; a text that was lost stands as null. */
export function restoreLongTexts(value: JsonValue, texts: ReadonlyMap<string, string>): JsonValue {
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, nameKey)) {
    const hash = (value as JsonObject)[nameKey]
    return typeof hash === 'string' ? (texts.get(hash) ?? null) : null
  }
  return mapMembers(value, {
    key: (key) => (isNameKey(key) ? key.slice(1) : key),
    child: (child) => restoreLongTexts(child, texts),
  })
}

/** A foreign value may have a key of that name itself; one more `$` tells it apart. */
function isNameKey(key: string): boolean {
  return key.endsWith(nameKey) && /^\$+text$/.test(key)
}

interface MemberMap {
  readonly key: (key: string) => string
  readonly child: (child: JsonValue) => JsonValue
}

/** The same value where nothing in it changes: most events hold no long text at all. */
function mapMembers(value: JsonValue, map: MemberMap): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return mapItems(value, map)
  let isChanged = false
  const mapped: [string, JsonValue][] = []
  for (const key of Object.keys(value)) {
    const child = (value as JsonObject)[key] as JsonValue
    const entry: [string, JsonValue] = [map.key(key), map.child(child)]
    if (entry[0] !== key || entry[1] !== child) isChanged = true
    mapped.push(entry)
  }
  return isChanged ? Object.fromEntries(mapped) : value
}

function mapItems(items: readonly JsonValue[], { child }: MemberMap): JsonValue {
  const mapped = items.map(child)
  return mapped.some((item, index) => item !== items[index]) ? mapped : items
}
