import type { StatePatch } from '../schema/case.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'
import { quote } from './describe.ts'
import { isForbiddenKey } from './forbidden-keys.ts'
import type { Finding } from './problem.ts'

/** A state with a patch on it. Nothing is copied but lists: thousands of cases patch one world. */
export interface PatchedState {
  /** Operations that the state has no place for. Paths begin at the patch. */
  readonly findings: readonly Finding[]
  /** What stands at a JSON pointer; `undefined` when nothing does. */
  readonly valueAt: (pointer: string) => JsonValue | undefined
}

/** Members that differ, by container; `undefined` for one that was removed. */
interface Edits {
  readonly objects: Map<object, Map<string, JsonValue | undefined>>
  readonly lists: Map<object, readonly JsonValue[]>
}

/** Applies the operations that have a place, in order, as the world does when a trial starts. */
export function patchState(state: JsonObject, patch: readonly StatePatch[]): PatchedState {
  const edits: Edits = { objects: new Map(), lists: new Map() }
  const findings = patch.flatMap((operation, index): readonly Finding[] => {
    const message = applyOperation(state, operation, edits)
    return message === undefined ? [] : [{ path: [index, 'path'], message }]
  })
  return { findings, valueAt: (pointer) => walk(state, stepsOf(pointer), edits) }
}

/** Records what an operation changes, or says why it cannot. */
function applyOperation(
  state: JsonObject,
  operation: StatePatch,
  edits: Edits,
): string | undefined {
  const steps = stepsOf(operation.path)
  const forbidden = steps.find(isForbiddenKey)
  if (forbidden !== undefined) return `${quote(forbidden)} is not allowed as a key`

  const parents = steps.slice(0, -1)
  const parent = walk(state, parents, edits)
  if (typeof parent !== 'object' || parent === null) {
    return `the world's state has nothing to ${operation.op} at ${quote(operation.path)}: ${whereItEnds(state, parents, edits)}`
  }
  const step = steps.at(-1) ?? ''
  const isNew = memberOf(parent, step, edits) === undefined
  if (isNew && (operation.op === 'remove' || Array.isArray(parent))) {
    return `the world's state has nothing at ${quote(operation.path)}`
  }
  edit(parent, step, { operation, edits })
  return undefined
}

function edit(
  parent: object,
  step: string,
  { operation, edits }: { readonly operation: StatePatch; readonly edits: Edits },
): void {
  const value = operation.op === 'set' ? operation.value : undefined
  if (Array.isArray(parent)) {
    const list = edits.lists.get(parent) ?? (parent as readonly JsonValue[])
    const index = Number(step)
    edits.lists.set(
      parent,
      value === undefined ? list.toSpliced(index, 1) : list.with(index, value),
    )
    return
  }
  const members = edits.objects.get(parent) ?? new Map<string, JsonValue | undefined>()
  edits.objects.set(parent, members.set(step, value))
}

function whereItEnds(state: JsonObject, parents: readonly string[], edits: Edits): string {
  const depth = parents.findIndex((_, index) => {
    const value = walk(state, parents.slice(0, index + 1), edits)
    return typeof value !== 'object' || value === null
  })
  const way = parents.slice(0, depth + 1)
  const missing = walk(state, way, edits) === undefined
  return `${quote(pointerOf(way))} ${missing ? 'is missing' : 'is no mapping or list'}`
}

function walk(state: JsonValue, steps: readonly string[], edits: Edits): JsonValue | undefined {
  let value: JsonValue | undefined = state
  for (const step of steps) value = memberOf(value, step, edits)
  return value
}

function memberOf(
  container: JsonValue | undefined,
  step: string,
  { objects, lists }: Edits,
): JsonValue | undefined {
  if (typeof container !== 'object' || container === null) return undefined
  if (Array.isArray(container)) {
    const list = lists.get(container) ?? (container as readonly JsonValue[])
    return /^(0|[1-9]\d{0,8})$/.test(step) ? list[Number(step)] : undefined
  }
  const edited = objects.get(container)
  if (edited?.has(step) === true) return edited.get(step)
  return Object.hasOwn(container, step) ? (container as JsonObject)[step] : undefined
}

function stepsOf(pointer: string): readonly string[] {
  const steps = pointer.slice(1).split('/')
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function pointerOf(steps: readonly string[]): string {
  return steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
