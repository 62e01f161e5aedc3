import type { JsonObject, JsonValue } from '../schema/json.ts'
import { entriesByName } from './by-name.ts'

export function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Every text and number in a value with the key under which it stands; keys are none. Members come
 * by name, items in their order.
 */
export function* scalarsIn(
  value: JsonValue,
  key = '',
): Generator<{ readonly key: string; readonly value: string | number }> {
  if (typeof value === 'string' || typeof value === 'number') yield { key, value }
  else if (isList(value)) for (const item of value) yield* scalarsIn(item, key)
  else if (isObject(value)) {
    for (const [name, member] of entriesByName(value)) yield* scalarsIn(member, name)
  }
}
