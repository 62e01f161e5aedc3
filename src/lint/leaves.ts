import type { JsonObject, JsonValue } from '../schema/json.ts'
import { isList, isObject } from './json-walk.ts'

/** One value inside the arguments of a call that is no list and no object. */
export interface Leaf {
  /** As in `address.city` or `items.0.sku`. */
  readonly path: readonly string[]
  readonly value: string | number | boolean
  /** What the tool's JSON Schema says of it; empty where it says nothing. */
  readonly schema: JsonObject
}

/** @param schema - of the arguments; references inside it are not followed */
export function leavesOf(args: JsonValue, schema: JsonValue | undefined): readonly Leaf[] {
  const here = isObject(schema) ? schema : {}
  if (isList(args)) return args.flatMap((item, index) => below(item, String(index), here['items']))
  if (isObject(args)) {
    const properties = isObject(here['properties']) ? here['properties'] : {}
    return Object.entries(args).flatMap(([name, value]) => below(value, name, properties[name]))
  }
  return args === null ? [] : [{ path: [], value: args, schema: here }]
}

function below(value: JsonValue, key: string, schema: JsonValue | undefined): readonly Leaf[] {
  return leavesOf(value, schema).map((leaf) => ({ ...leaf, path: [key, ...leaf.path] }))
}

/** The same arguments with another value in one place. */
export function withLeaf(
  args: JsonObject,
  [key, ...rest]: readonly string[],
  value: JsonValue,
): JsonObject {
  if (key === undefined) return args
  const member = args[key] ?? null
  return { ...args, [key]: rest.length === 0 ? value : replaced(member, rest, value) }
}

function replaced(inside: JsonValue, path: readonly string[], value: JsonValue): JsonValue {
  const [key, ...rest] = path
  if (isObject(inside)) return withLeaf(inside, path, value)
  if (!isList(inside) || key === undefined) return inside
  return inside.map((item, index) => {
    if (String(index) !== key) return item
    return rest.length === 0 ? value : replaced(item, rest, value)
  })
}
