import { type ExprMap, type ExprValue, isExprMap } from '../../../expr/value.ts'
import type { ActionContext } from '../../policy-engine.ts'
import { coversTool } from '../../tool-glob.ts'

/** A call that was executed before, with the fields that rules need. */
export interface EarlierCall {
  readonly tool: string
  readonly call: ExprMap
}

/**
 * Earlier executed calls of the tools that a glob covers, oldest first; without a glob all of them.
 *
 * @throws TypeError where an entry is no call
 */
export function earlierCalls(
  { calls }: ActionContext,
  glob: string | undefined,
): readonly EarlierCall[] {
  return calls.map(asCall).filter(({ tool }) => glob === undefined || coversTool(glob, tool))
}

function asCall(call: ExprValue): EarlierCall {
  const tool = isExprMap(call) ? call.get('tool') : undefined
  if (!isExprMap(call) || typeof tool !== 'string')
    throw new TypeError('an earlier call has no tool')
  return { tool, call }
}
