import type { ToolResultPart } from '../schema/message.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import { shrinkOnBadSigns } from './shrink-budget.ts'
import type { TrialContext } from './trial-context.ts'

/**
 * Hands a result to the agent: charges what it reads, looks for bad signs in it, and says beside it
 * what there is to say. The notice stands in the trace by itself, so that no tool can forge one.
 *
 * @param before - how many calls were executed before this one
 */
export function giveResult(
  context: TrialContext,
  result: ToolResultPart,
  before: number,
): ToolResultPart {
  chargeReading(context, result)
  for (const call of context.executed.slice(before)) {
    shrinkOnBadSigns(context, call, result.tool)
  }
  const notice = context.notices.take()
  if (notice === undefined) return result
  context.record({ type: 'notice', callId: result.callId, text: notice })
  return { ...result, notice }
}

const utf8 = new TextEncoder()

/** Charges the bytes of a result as the agent receives it; what is said beside it is free. */
export function chargeReading(context: TrialContext, { value }: ToolResultPart): void {
  const { length } = utf8.encode(canonicalJson(value))
  context.charge('tools', { retrieved_bytes: length })
}
