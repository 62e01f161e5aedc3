import { type ExprValue, toExprValue } from '../expr/value.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'

/** A call that ran and succeeded, in the form in which rules see `calls`. */
export type ExecutedCall = ExprValue

export function executedCall(call: {
  readonly tool: string
  readonly args: JsonObject
  readonly result: JsonValue
}): ExecutedCall {
  return toExprValue(call)
}
