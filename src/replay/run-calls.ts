import { endsInLoop } from '../controls/loop-stop.ts'
import type { ToolCallPart, ToolResultPart } from '../schema/message.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import { type CallPlace, handleCall } from './handle-call.ts'
import type { TrialContext } from './trial-context.ts'
import type { TrialEnding } from './trial-ending.ts'

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
 *
 * @param steps - each call of the trial with its answer, to see circles; these are added
 */
export function runCalls(
  context: TrialContext,
  steps: string[],
  { calls, ...place }: CallBatch,
): RanCalls {
  const results: ToolResultPart[] = []
  for (const part of calls) {
    if (context.meter.wouldExceed('tool_calls', 1)) {
      const made = context.meter.total('tool_calls')
      const message = `${made} tool calls, no more allowed`
      return { results, stop: { termination: 'budget', message } }
    }
    const result = handleCall(context, part, place)
    results.push(result)
    steps.push(canonicalJson([part.tool, part.args, result.value]))
    const stop = stopAfter(context, steps)
    if (stop !== undefined) return { results, stop }
  }
  return { results }
}

function stopAfter(context: TrialContext, steps: readonly string[]): TrialEnding | undefined {
  const exceeded = context.meter.exceeded()
  if (exceeded !== undefined) return { termination: 'budget', message: exceeded }
  if (!endsInLoop(steps, context.agent.stop.repeats)) return undefined
  return { termination: 'loop', message: 'the same calls with the same answers' }
}
