import type { ExprMap } from '../expr/value.ts'
import type { StatePatch } from '../schema/case.ts'
import { patchState } from '../world/patch-state.ts'
import { parsePointer } from '../world/pointer.ts'
import { quote } from './describe.ts'
import { isForbiddenKey } from './forbidden-keys.ts'
import type { Finding } from './problem.ts'

/** A state with those operations of a patch on it that have a place there. */
export interface CheckedPatch {
  readonly state: ExprMap
  /** About the other ones. Paths begin at the patch. */
  readonly findings: readonly Finding[]
}

/** Patches a state as the world does when a trial starts, and goes on where an operation fails. */
export function checkPatch(state: ExprMap, patch: readonly StatePatch[]): CheckedPatch {
  const findings: Finding[] = []
  let current = state
  for (const [index, operation] of patch.entries()) {
    const path = [index, 'path']
    const forbidden = parsePointer(operation.path).find(isForbiddenKey)
    if (forbidden !== undefined) {
      findings.push({ path, message: `${quote(forbidden)} is not allowed as a key` })
      continue
    }
    const patched = patchState(current, [operation])
    if (patched.ok) current = patched.state
    else findings.push({ path, message: patched.problem.message })
  }
  return { state: current, findings }
}
