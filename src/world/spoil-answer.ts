import type { Fault } from '../schema/faults.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'

/**
 * What is left of a tool's answer after a fault that reshapes it; every other fault leaves it as it
 * is. The answer that comes in stays as it is, and so does the world.
 *
 * `truncate` counts code points, and cuts neither keys nor surrogate pairs. `empty` keeps the
 * members of an object, each emptied in the same way: an agent that looks for `items` finds a list
 * with nothing in it, and a number is null.
 */
export function spoilAnswer(answer: JsonValue, fault: Fault): JsonValue {
  switch (fault.fault) {
    case 'truncate':
      return cutTexts(answer, fault.characters)
    case 'drop_fields':
      return dropFields(answer, new Set(fault.fields))
    case 'ambiguous':
      return fault.value
    case 'empty':
      return emptied(answer)
    case 'timeout_before':
    case 'timeout_after':
    case 'error':
    case 'stale':
      return answer
  }
}

function cutTexts(value: JsonValue, characters: number): JsonValue {
  if (typeof value === 'string') {
    return value.length <= characters ? value : Array.from(value).slice(0, characters).join('')
  }
  return mapMembers(value, (member) => cutTexts(member, characters))
}

function dropFields(value: JsonValue, fields: ReadonlySet<string>): JsonValue {
  const kept = isObject(value)
    ? Object.fromEntries(Object.entries(value).filter(([key]) => !fields.has(key)))
    : value
  return mapMembers(kept, (member) => dropFields(member, fields))
}

function emptied(value: JsonValue): JsonValue {
  if (typeof value === 'string') return ''
  if (isList(value)) return []
  return isObject(value) ? mapMembers(value, emptied) : null
}

/** The same list or object of other members; anything else has none and stays. */
function mapMembers(value: JsonValue, change: (member: JsonValue) => JsonValue): JsonValue {
  if (isList(value)) return value.map(change)
  if (!isObject(value)) return value
  // Not by assignment: a member called `__proto__` is a member like any other.
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, change(member)]))
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value)
}
