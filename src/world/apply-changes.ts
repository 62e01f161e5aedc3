import { failure, type Result, success } from '../expr/result.ts'
import {
  type ExprMap,
  type ExprValue,
  exprNumber,
  fromExprValue,
  isExprList,
} from '../expr/value.ts'
import type { StateChange } from '../schema/trace.ts'
import { editAt, type MemberEdit, removeMember, replaceMember } from './edit-at.ts'
import { formatPointer, memberOf } from './pointer.ts'

/** One change of a state with everything evaluated. `path` is never empty. */
export type Edit =
  | {
      readonly op: 'set' | 'inc' | 'append'
      readonly path: readonly string[]
      readonly value: ExprValue
    }
  | { readonly op: 'remove'; readonly path: readonly string[] }

export interface Edited {
  readonly state: ExprMap
  /** What happened, as a trace records it. */
  readonly change: StateChange
}

/** Applies one change to a state, which stays as it is; or says why it cannot be applied. */
export function applyEdit(state: ExprMap, edit: Edit): Result<Edited> {
  const refuse = (error: string): Result<never> =>
    failure(`${edit.op} ${formatPointer(edit.path)}: ${error}`)
  const planned = plan(edit, edit.path.reduce<ExprValue | undefined>(memberOf, state))
  if (!planned.ok) return refuse(planned.error)
  const edited = editAt(state, edit.path, planned.value.member)
  if (!edited.ok) return refuse(edited.error)
  return success({ state: edited.value, change: planned.value.change })
}

interface Plan {
  readonly member: MemberEdit
  readonly change: StateChange
}

function plan(edit: Edit, old: ExprValue | undefined): Result<Plan> {
  switch (edit.op) {
    case 'set':
      return success(replacing(edit.path, edit.value, old))
    case 'inc':
      return increment(edit, old)
    case 'append':
      return append(edit, old)
    case 'remove':
      if (old === undefined) return failure('there is nothing to remove')
      return success({
        member: removeMember,
        change: { op: 'remove', path: formatPointer(edit.path), from: fromExprValue(old) },
      })
  }
}

function replacing(path: readonly string[], value: ExprValue, old: ExprValue | undefined): Plan {
  const change = { path: formatPointer(path), value: fromExprValue(value) }
  return {
    member: (container, step) => replaceMember(container, step, value),
    change:
      old === undefined
        ? { op: 'add', ...change }
        : { op: 'replace', ...change, from: fromExprValue(old) },
  }
}

function increment(
  { path, value }: { path: readonly string[]; value: ExprValue },
  old: ExprValue | undefined,
): Result<Plan> {
  if (!isNumber(old)) return failure('there is no number')
  if (!isNumber(value)) return failure('the amount is no number')
  const sum = Number(old) + Number(value)
  const exact = typeof old === 'number' || typeof value === 'number' || Number.isSafeInteger(sum)
  if (!exact || !Number.isFinite(sum)) return failure('the sum is beyond 2^53')
  return success(replacing(path, exprNumber(sum), old))
}

function append(
  { path, value }: { path: readonly string[]; value: ExprValue },
  old: ExprValue | undefined,
): Result<Plan> {
  if (!isExprList(old)) return failure('there is no list')
  return success({
    member: (container, step) => replaceMember(container, step, [...old, value]),
    change: {
      op: 'add',
      path: formatPointer([...path, String(old.length)]),
      value: fromExprValue(value),
    },
  })
}

function isNumber(value: ExprValue | undefined): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}
