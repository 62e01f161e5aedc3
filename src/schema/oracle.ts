import { z } from 'zod'
import { jsonObject } from './json.ts'
import { toolName } from './names.ts'

/**
 * One step of a reference solution.
 *
 * `call`: a tool call. `args` may refer to an earlier result: `$1.id` is the field `id` of what the
 * first call of this oracle returned. `error` and `escalates` say what the step expects to happen.
 * `say`: a message to the user; it ends the turn. `{$1.id}` inside it is replaced likewise.
 */
export const oracleCall = z.strictObject({
  call: toolName,
  args: jsonObject.default({}),
  /** The reason the agent states for this call. */
  reason: z.string().optional(),
  /** The error code that this call is meant to get. */
  error: z.string().optional(),
  /** The call is meant to be handed to the approver. */
  escalates: z.boolean().optional(),
})
export type OracleCall = z.infer<typeof oracleCall>

const oracleSay = z.strictObject({ say: z.string().min(1) })
const oracleStep = z.union([oracleCall, oracleSay], {
  error: 'a step is { call: TOOL, args: {…} } or { say: TEXT }',
})
export type OracleStep = z.infer<typeof oracleStep>

export const oracle = z.array(oracleStep).min(1)
export type Oracle = z.infer<typeof oracle>
