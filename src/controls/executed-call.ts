import { type ExprValue, toExprValue } from '../expr/value.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'

/** A call that ran and succeeded, in the form in which rules see `calls`. */
export type ExecutedCall = ExprValue

export function executedCall(call: {
  readonly tool: string
  readonly args: JsonObject
  readonly result: JsonValue
  /** When it was made, on the trial's own clock: ISO date and time. */
  readonly at: string
  /** The dollars that it moved, where its tool says so. */
  readonly usd?: number
}): ExecutedCall {
  return toExprValue(call)
}
