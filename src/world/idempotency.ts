import type { JsonObject, JsonValue } from '../schema/json.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import type { PreparedTool } from './prepare-tool.ts'
import type { ToolError } from './tool-error.ts'

/** Results of successful calls under their idempotency keys, for one trial. */
export type StoredResults = Map<string, { readonly args: string; readonly value: JsonValue }>

/** A call under a key: where its result is stored, and what it asked for. */
export interface KeyedCall {
  readonly key: string
  readonly args: string
}

/** `undefined`: the tool knows no idempotency, or the call brings no key. */
export function keyedCall(tool: PreparedTool, args: JsonObject): KeyedCall | undefined {
  if (tool.idempotency === undefined || !Object.hasOwn(args, tool.idempotency)) return undefined
  const key = args[tool.idempotency]
  if (key === undefined || key === null) return undefined
  return { key: `${tool.name} ${canonicalJson(key)}`, args: canonicalJson(args) }
}

/**
 * What an earlier call under the same key means for this one: its result again, or an error
 * when the arguments differ. Failed calls leave nothing, so that they can be tried again.
 */
export function earlierResult(
  stored: StoredResults,
  call: KeyedCall,
): { readonly value: JsonValue } | { readonly error: ToolError } | undefined {
  const earlier = stored.get(call.key)
  if (earlier === undefined) return undefined
  if (earlier.args === call.args) return { value: earlier.value }
  const message = 'this idempotency key was used before with other arguments'
  return { error: { code: 'idempotency_conflict', message } }
}
