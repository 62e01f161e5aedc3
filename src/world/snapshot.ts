import { type ExprMap, type ExprValue, isExprList, toExprValue } from '../expr/value.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'

const snapshots = new WeakMap<object, JsonValue>()
const states = new WeakMap<JsonObject, ExprMap>()

/**
 * A state as JSON, frozen.
 *
 * States share what did not change, and so do their snapshots: the second snapshot of a world
 * costs as much as what happened since the first.
 */
export function snapshotOf(state: ExprMap): JsonObject {
  const made = snapshot(state) as JsonObject
  states.set(made, state)
  return made
}

/** The state a snapshot was made from, without converting it back; any other JSON is converted. */
export function stateOfSnapshot(json: JsonObject): ExprMap {
  return states.get(json) ?? toExprValue(json)
}

function snapshot(value: ExprValue): JsonValue {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object' || value === null) return value
  const known = snapshots.get(value)
  if (known !== undefined) return known
  const made = Object.freeze(copy(value))
  snapshots.set(value, made)
  return made
}

function copy(container: ExprMap | readonly ExprValue[]): JsonValue {
  if (isExprList(container)) return container.map(snapshot)
  return Object.fromEntries(Array.from(container, ([key, member]) => [key, snapshot(member)]))
}
