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
const oracleCall = z.strictObject({
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
export const oracleStep = z.union([oracleCall, oracleSay], {
  error: 'a step is { call: TOOL, args: {…} } or { say: TEXT }',
})
export type OracleStep = z.infer<typeof oracleStep>

export const oracle = z.array(oracleStep).min(1)
/** Empty for a draft that has none. */
export type Oracle = readonly OracleStep[]

/** An argument that is all reference: `$1.id`. Groups: the number of the call, from 1; the path. */
export const wholeReference = /^\$(\d{1,3})((?:\.[\w-]+)*)$/

/** References inside words: `{$1.id}`, with the same groups. */
export const referencesInWords = /\{\$(\d{1,3})((?:\.[\w-]+)*)\}/g
