import type { ToolCallPart, ToolResultPart } from '../schema/message.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import { giveResult } from './give-result.ts'
import { type CallPlace, handleCall } from './handle-call.ts'
import type { TrialContext } from './trial-context.ts'
import { deniedEnding, type TrialEnding } from './trial-ending.ts'

/** Calls that were proposed together. */
interface CallBatch extends CallPlace {
  readonly calls: readonly ToolCallPart[]
}

/** What came of them: fewer results than calls where one of them ended the trial. */
interface RanCalls {
  readonly results: readonly ToolResultPart[]
  readonly stop?: TrialEnding
}

/**
 * Runs the calls of one answer in index order. What ends the trial ends it after the call that did
 * it: an answer may hold thousands of calls.
 */
export async function runCalls(
  context: TrialContext,
  { calls, ...place }: CallBatch,
): Promise<RanCalls> {
  const results: ToolResultPart[] = []
  for (const part of calls) {
    if (context.meter.wouldExceed('tool_calls', 1)) {
      const made = context.meter.total('tool_calls')
      const message = `${made} tool calls, no more allowed`
      return { results, stop: { termination: 'budget', message } }
    }
    const before = context.executed.length
    const { fallback, result } = await handleCall(context, part, place)
    if (context.life.over) return { results }
    results.push(giveResult(context, result, before))
    const isLoop = context.loops.note(
      canonicalJson([part.tool, part.args, result.value]),
      place.ordinal,
    )
    const stop = deniedEnding(context.agent, fallback) ?? stopAfter(context, isLoop)
    if (stop !== undefined) return { results, stop }
  }
  return { results }
}

function stopAfter({ meter }: TrialContext, isLoop: boolean): TrialEnding | undefined {
  const exceeded = meter.exceeded()
  if (exceeded !== undefined) return { termination: 'budget', message: exceeded }
  if (!isLoop) return undefined
  return { termination: 'loop', message: 'the same calls with the same answers' }
}
