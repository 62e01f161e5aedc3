import { failure, type Result, success } from '../expr/result.ts'
import { type ExprMap, fromExprValue, toExprValue } from '../expr/value.ts'
import { type JsonObject, type JsonValue, jsonValue } from '../schema/json.ts'
import { worldChange } from '../schema/world.ts'
import type { Edit } from './apply-changes.ts'
import { nestsDeeperThan } from './nesting.ts'
import { parsePointer } from './pointer.ts'
import { snapshotOf } from './snapshot.ts'
import type { ToolError } from './tool-error.ts'

const maxDepth = 100

/** One change that a module asks for. `path` is a plain JSON pointer, `value` a plain value. */
type ModuleChange =
  | {
      readonly op: 'set' | 'inc' | 'append'
      readonly path: string
      readonly value: JsonValue
    }
  | { readonly op: 'remove'; readonly path: string }

/** What a module answers: a result with changes, or an error of the tool. */
export interface ModuleAnswer {
  readonly result?: JsonValue
  readonly error?: ToolError
  readonly changes?: readonly ModuleChange[]
}

/**
 * A tool written as code. Pure: the same arguments, state and clock give the same answer.
 *
 * `args` is a copy and `state` is frozen; the world changes by `changes` alone.
 */
export type ModuleTool = (
  args: JsonObject,
  state: JsonObject,
  clock: { readonly now: string },
) => ModuleAnswer

export type CheckedAnswer =
  | { readonly error: ToolError }
  | { readonly result: JsonValue; readonly edits: readonly Edit[] }

/**
 * Calls a module and checks its answer, which nobody's types vouch for. What it throws, and what
 * it answers beside the type, is a failure.
 */
export function runModule(
  module: ModuleTool,
  input: { readonly args: ExprMap; readonly state: ExprMap; readonly now: string },
): Result<CheckedAnswer> {
  try {
    const { args, state, now } = input
    return checkAnswer(module(fromExprValue(args), snapshotOf(state), { now }))
  } catch (thrown) {
    return failure(thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown))
  }
}

function checkAnswer(answer: unknown): Result<CheckedAnswer> {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
    return failure('the module must return an object with result, error or changes')
  }
  if (nestsDeeperThan(answer, maxDepth)) return failure('the module answers with endless nesting')
  if ('then' in answer) return failure('the module returned a promise; it must be synchronous')
  const { result, error, changes } = answer as Record<string, unknown>
  return error === undefined ? checkEffect(result ?? null, changes ?? []) : checkError(error)
}

function checkEffect(result: unknown, changes: unknown): Result<CheckedAnswer> {
  const checked = jsonValue.safeParse(result)
  if (!checked.success) return failure('the result of the module is no JSON value')
  const edits = worldChange.array().safeParse(changes)
  if (!edits.success) return failure('the changes of the module are no list of changes')
  return success({ result: checked.data, edits: edits.data.map(editOf) })
}

function checkError(error: unknown): Result<CheckedAnswer> {
  const { code, message } = (error ?? {}) as Record<string, unknown>
  if (typeof code !== 'string' || typeof message !== 'string') {
    return failure('an error of the module needs a code and a message')
  }
  return success({ error: { code, message } })
}

function editOf(change: ModuleChange): Edit {
  const path = parsePointer(change.path)
  if (change.op === 'remove') return { op: change.op, path }
  return { op: change.op, path, value: toExprValue(change.value) }
}
