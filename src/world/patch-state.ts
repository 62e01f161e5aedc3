import { type ExprMap, toExprValue } from '../expr/value.ts'
import type { StatePatch } from '../schema/case.ts'
import { applyEdit } from './apply-changes.ts'
import { parsePointer } from './pointer.ts'
import type { WorldProblem } from './problem.ts'

export type PatchedState =
  | { readonly ok: true; readonly state: ExprMap }
  | { readonly ok: false; readonly problem: WorldProblem }

/**
 * The state a case starts from: its patch applied to the world's, in order.
 *
 * The path of a problem is relative to the patch: its first step is the index of the operation.
 */
export function patchState(state: ExprMap, patch: readonly StatePatch[]): PatchedState {
  let current = state
  for (const [index, operation] of patch.entries()) {
    const path = parsePointer(operation.path)
    const edited = applyEdit(
      current,
      operation.op === 'remove'
        ? { op: 'remove', path }
        : { op: 'set', path, value: toExprValue(operation.value) },
    )
    if (!edited.ok) return { ok: false, problem: { path: [index, 'path'], message: edited.error } }
    current = edited.value.state
  }
  return { ok: true, state: current }
}
