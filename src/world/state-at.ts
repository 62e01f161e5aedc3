import { failure, type Result, success } from '../expr/result.ts'
import { type ExprMap, toExprValue } from '../expr/value.ts'
import type { StateChange } from '../schema/trace.ts'
import { addMember, editAt, removeMember, replaceMember } from './edit-at.ts'
import { memberOf, parsePointer } from './pointer.ts'

/**
 * The state after some recorded changes: how a trace is turned back into the world it left.
 *
 * Strict, as JSON Patch is: what is replaced or removed must be there. A trace that does not
 * fit its world is an error, not half a state.
 */
export function applyStateChanges(
  state: ExprMap,
  changes: readonly StateChange[],
): Result<ExprMap> {
  let current = state
  for (const change of changes) {
    const next = applyStateChange(current, change)
    if (!next.ok) return failure(`${change.op} ${change.path}: ${next.error}`)
    current = next.value
  }
  return success(current)
}

function applyStateChange(state: ExprMap, change: StateChange): Result<ExprMap> {
  const steps = parsePointer(change.path)
  if (change.op === 'remove') return editAt(state, steps, removeMember)
  if (change.value === undefined) return failure('the change has no value')
  const value = toExprValue(change.value)
  if (change.op === 'add') {
    return editAt(state, steps, (container, step) => addMember(container, step, value))
  }
  return editAt(state, steps, (container, step) => {
    if (memberOf(container, step) === undefined) return failure('there is nothing to replace')
    return replaceMember(container, step, value)
  })
}
