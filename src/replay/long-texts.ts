import { type JsonValue } from '../schema/json.ts'
import { sha256 } from '../text/hash.ts'

/** Texts at least this long are written once and then named by their hash. */
const longText = 200

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
    if (value.length < longText) return value
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
    const hash = (value as { readonly [nameKey]: JsonValue })[nameKey]
    return texts.get(String(hash)) ?? null
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

function mapMembers(
  value: JsonValue,
  map: { readonly key: (key: string) => string; readonly child: (child: JsonValue) => JsonValue },
): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: JsonValue) => map.child(item))
  const members = Object.entries(value) as [string, JsonValue][]
  return Object.fromEntries(members.map(([key, child]) => [map.key(key), map.child(child)]))
}
