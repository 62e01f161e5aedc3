import type { JsonObject, JsonValue } from '../schema/json.ts'

/** A value as in a YAML file, on one line. Texts are quoted; what is foreign in them still is. */
export function flowValue(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(flowValue).join(', ')}]`
  const members = Object.entries<JsonValue>(value as JsonObject)
  if (members.length === 0) return '{}'
  return `{ ${members.map(([key, member]) => `${key}: ${flowValue(member)}`).join(', ')} }`
}
