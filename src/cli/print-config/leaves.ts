import type { JsonObject, JsonValue } from '../../schema/json.ts'
import type { Path } from '../../suites/problem.ts'

/** One value of a document, and the way to it. */
export interface Leaf {
  readonly path: Path
  readonly value: JsonValue
}

/**
 * The values of a document that are told one by one: texts, numbers, lists of them, and what is empty.
 * A mapping is told by its members, a list of mappings by its own.
 *
 * @param whole - keys, joined by dots, that are told as they are
 */
export function leavesOf(
  value: JsonValue | undefined,
  path: Path = [],
  whole: ReadonlySet<string> = new Set(),
): readonly Leaf[] {
  if (value === undefined) return []
  if (typeof value !== 'object' || value === null || whole.has(path.join('.'))) {
    return [{ path, value }]
  }
  if (Array.isArray(value)) {
    const members = value as readonly JsonValue[]
    const isPlain = members.every((one) => typeof one !== 'object' || one === null)
    if (isPlain) return [{ path, value }]
    return members.map((one, index) => ({ path: [...path, index], value: one }))
  }
  // Members that are `undefined` stand for nothing, whatever their type says.
  const members = Object.entries<JsonValue | undefined>(value as JsonObject).filter(
    ([, member]) => member !== undefined,
  )
  if (members.length === 0) return [{ path, value: {} }]
  return members.flatMap(([key, member]) => leavesOf(member, [...path, key], whole))
}
