import { compileExpression, variablesOf } from '../expr/expression.ts'
import { failure, type Result, success } from '../expr/result.ts'
import { type ExprVariables, fromExprValue, toExprValue } from '../expr/value.ts'
import type { Fallback } from '../schema/candidate.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'
import type { ExecutedCall } from './executed-call.ts'

/**
 * The arguments of the candidate's fallback call, for one trial. A text `=expression` stands for what it
 * evaluates to, at any depth; `==text` is the text `=text`.
 *
 * @param known.task - the data that came with the first message; empty where there was none
 * @param known.calls - executed calls, oldest first
 * @returns an error, with the argument that it stands at, where one cannot be computed
 */
export function fallbackArguments(
  { args = {} }: Pick<Fallback, 'args'>,
  known: { readonly task: JsonObject; readonly calls: readonly ExecutedCall[] },
): Result<JsonObject> {
  const variables = { task: toExprValue(known.task), calls: known.calls }
  return fillObject(args, variables, 'args')
}

/**
 * Whether an argument of the fallback's call depends on what the agent called before: it is then the
 * agent that chose it. An expression that does not compile counts as one that does.
 */
export function namesCalls(args: JsonValue): boolean {
  if (typeof args === 'string') return isOverCalls(args)
  if (typeof args !== 'object' || args === null) return false
  return Object.values<JsonValue>(args).some(namesCalls)
}

function isOverCalls(text: string): boolean {
  if (!text.startsWith('=') || text.startsWith('==')) return false
  const compiled = compileExpression(text.slice(1))
  return !compiled.ok || variablesOf(compiled.expression).includes('calls')
}

function fill(value: JsonValue, variables: ExprVariables, place: string): Result<JsonValue> {
  if (typeof value === 'string') return fillText(value, variables, place)
  if (typeof value !== 'object' || value === null) return success(value)
  return isList(value) ? fillList(value, variables, place) : fillObject(value, variables, place)
}

function fillText(text: string, variables: ExprVariables, place: string): Result<JsonValue> {
  if (!text.startsWith('=')) return success(text)
  if (text.startsWith('==')) return success(text.slice(1))
  const compiled = compileExpression(text.slice(1))
  if (!compiled.ok) return failure(`${place}: ${compiled.error}`)
  const result = compiled.expression.evaluate(variables)
  return result.ok ? success(fromExprValue(result.value)) : failure(`${place}: ${result.error}`)
}

function fillList(
  items: readonly JsonValue[],
  variables: ExprVariables,
  place: string,
): Result<JsonValue> {
  const filled: JsonValue[] = []
  for (const [index, item] of items.entries()) {
    const one = fill(item, variables, `${place}.${index}`)
    if (!one.ok) return one
    filled.push(one.value)
  }
  return success(filled)
}

function fillObject(
  members: JsonObject,
  variables: ExprVariables,
  place: string,
): Result<JsonObject> {
  const filled: [string, JsonValue][] = []
  for (const [name, member] of Object.entries(members)) {
    const one = fill(member, variables, `${place}.${name}`)
    if (!one.ok) return one
    filled.push([name, one.value])
  }
  return success(Object.fromEntries(filled))
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
