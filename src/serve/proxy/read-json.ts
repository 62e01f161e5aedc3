import { parseJson } from '../../providers/foreign-json.ts'
import type { JsonObject, JsonValue } from '../../schema/json.ts'

/** An object of JSON text, or `undefined`: a service or an agent may send anything. */
export function parseObject(text: string): JsonObject | undefined {
  return objectIn(parseJson(text))
}

export function objectIn(value: JsonValue | undefined): JsonObject | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as JsonObject) : undefined
}

/** The objects of a list; whatever else it holds is left out. */
export function objectsIn(value: JsonValue | undefined): readonly JsonObject[] {
  if (!Array.isArray(value)) return []
  return (value as readonly JsonValue[]).map(objectIn).filter((item) => item !== undefined)
}

export function textIn(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}
