import type { JsonObject, JsonValue } from '../schema/json.ts'

export function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Every text and number in a value, in order, with the key under which it stands; keys are none. */
export function* scalarsIn(
  value: JsonValue,
  key = '',
): Generator<{ readonly key: string; readonly value: string | number }> {
  if (typeof value === 'string' || typeof value === 'number') yield { key, value }
  else if (isList(value)) for (const item of value) yield* scalarsIn(item, key)
  else if (isObject(value)) {
    for (const [name, member] of Object.entries(value)) yield* scalarsIn(member, name)
  }
}
