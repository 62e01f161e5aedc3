import { failure, type Result, success } from '../expr/result.ts'
import { type ExprMap, type ExprValue, isExprList, isExprMap } from '../expr/value.ts'
import { formatPointer, indexOf, memberOf } from './pointer.ts'

/** Changes one member of a container and gives the new container; the old one stays as it is. */
export type MemberEdit = (container: ExprValue, step: string) => Result<ExprValue>

/**
 * A new state in which one place was edited. Everything beside the way there is shared with the
 * old state, so that a change costs as much as the containers on its path are wide.
 *
 * Never creates what lies on the way: a missing parent is an error.
 */
export function editAt(
  state: ExprMap,
  steps: readonly string[],
  edit: MemberEdit,
): Result<ExprMap> {
  const last = steps.at(-1)
  if (last === undefined) return failure('the whole state cannot be replaced')
  const containers: ExprValue[] = [state]
  for (const [depth, step] of steps.slice(0, -1).entries()) {
    const next = memberOf(containers.at(-1), step)
    if (next === undefined) {
      return failure(`there is nothing at ${formatPointer(steps.slice(0, depth + 1))}`)
    }
    containers.push(next)
  }
  return rebuild(containers, steps, edit)
}

function rebuild(
  containers: readonly ExprValue[],
  steps: readonly string[],
  edit: MemberEdit,
): Result<ExprMap> {
  let edited: ExprValue | undefined
  for (let depth = containers.length - 1; depth >= 0; depth--) {
    const container = containers[depth] ?? null
    const step = steps[depth] ?? ''
    const result: Result<ExprValue> =
      edited === undefined ? edit(container, step) : replaceMember(container, step, edited)
    if (!result.ok) return result
    edited = result.value
  }
  return isExprMap(edited) ? success(edited) : failure('a state is an object')
}

/** Sets a member of an object, or an element that a list already has. */
export function replaceMember(
  container: ExprValue,
  step: string,
  value: ExprValue,
): Result<ExprValue> {
  if (isExprMap(container)) return success(new Map(container).set(step, value))
  return editList(container, step, (list, index) => list.with(index, value))
}

/** Sets a member of an object, or inserts into a list, at most at its end; as in JSON Patch. */
export function addMember(container: ExprValue, step: string, value: ExprValue): Result<ExprValue> {
  if (isExprMap(container)) return replaceMember(container, step, value)
  if (isExprList(container) && indexOf(step) === container.length) {
    return success([...container, value])
  }
  return editList(container, step, (list, index) => list.toSpliced(index, 0, value))
}

export function removeMember(container: ExprValue, step: string): Result<ExprValue> {
  if (!isExprMap(container)) {
    return editList(container, step, (list, index) => list.toSpliced(index, 1))
  }
  const members = new Map(container)
  return members.delete(step) ? success(members) : failure(`there is no "${step}"`)
}

function editList(
  container: ExprValue,
  step: string,
  edit: (list: readonly ExprValue[], index: number) => readonly ExprValue[],
): Result<ExprValue> {
  if (!isExprList(container)) return failure('only objects and lists have members')
  const index = indexOf(step)
  if (index === undefined || index >= container.length) {
    return failure(`the list of ${container.length} has no place "${step}"`)
  }
  return success(edit(container, index))
}
