import { fallbackArguments, namesCalls } from '../controls/fallback-call.ts'
import type { Fallback } from '../schema/candidate.ts'
import { type ToolCallPart, textPart } from '../schema/message.ts'
import type { Termination } from '../schema/trace.ts'
import { admitCalls } from './admit-calls.ts'
import { chargeReading } from './give-result.ts'
import { type CallPlace, handleCall } from './handle-call.ts'
import { passReply } from './pass-reply.ts'
import type { TrialContext } from './trial-context.ts'
import type { FallbackCause, TrialEnding } from './trial-ending.ts'

/** Stops that an agent runs into by going on for too long. */
const budgetStops: ReadonlySet<Termination> = new Set(['budget', 'max_turns', 'loop'])

/**
 * Lets the candidate's fallback act in place of an agent that may or can not go on, where it has one for
 * that. Its call and its words pass the same controls as the agent's; no budget stops them, because the
 * fallback is there for the time when the budget is gone.
 *
 * It must do all that it declares: where its call does not go through, or a control keeps its words back,
 * the trial ends as it would have without it. Words such as "a colleague will call you" would not be true.
 *
 * @param ending - how the agent's part ended
 * @returns how the trial ends
 */
export async function fallBack(context: TrialContext, ending: TrialEnding): Promise<TrialEnding> {
  const why = ending.why ?? (budgetStops.has(ending.termination) ? 'budget' : undefined)
  const { fallback } = context.agent
  if (why === undefined) return ending
  if (fallback?.on.includes(why) !== true) return withoutFallback(ending, why)
  const reason = reasonOf(ending, why)
  context.record({ type: 'fallback', why, message: reason })
  context.life.over = false
  // Bad signs are about the agent; what it called with is its own choice.
  if (!namesCalls(fallback.args ?? {})) delete context.shrunk.escalates
  const obstacle = await act(context, fallback)
  if (obstacle === undefined) return { termination: 'fallback', message: reason }
  const { termination } = ending
  return {
    // A denial alone would not have ended the trial.
    termination: termination === 'fallback' ? 'agent_error' : termination,
    message: `${reason}; the fallback could not act: ${obstacle}`,
  }
}

function withoutFallback(ending: TrialEnding, why: FallbackCause): TrialEnding {
  if (why !== 'outage') return ending
  return { ...ending, message: `${ending.message ?? why}, and no fallback is declared for it` }
}

function reasonOf({ message, termination }: TrialEnding, why: FallbackCause): string {
  const what = budgetStops.has(termination) ? termination : why
  return message === undefined ? what : `${what}: ${message}`
}

/** @returns what kept it from doing all of it */
async function act(context: TrialContext, fallback: Fallback): Promise<string | undefined> {
  const place = placeOf(context)
  const notCalled = await makeCall(context, fallback, place)
  if (notCalled !== undefined) return notCalled
  const { ordinal, turn } = place
  const { heard } = await passReply(context, { content: [textPart(fallback.say)], turn, ordinal })
  return heard === '' ? 'a control kept its words back' : undefined
}

/** It knows all that the agent knew, so it stands a step after the agent's last one. */
function placeOf({ events }: TrialContext): CallPlace {
  const last = events.findLast((event) =>
    event.type === 'model.request' ? event.role === 'agent' : event.type === 'handover',
  )
  const heard = events.findLast(({ type }) => type === 'message')
  const ordinal = last !== undefined && 'ordinal' in last ? last.ordinal + 1 : 0
  return { turn: heard?.type === 'message' ? heard.turn : 0, ordinal, fallback: true }
}

/** @returns why the call did not go through */
async function makeCall(
  context: TrialContext,
  { args, reason, tool }: Fallback,
  place: CallPlace,
): Promise<string | undefined> {
  if (tool === undefined) return undefined
  const task = context.plan.task.input ?? {}
  const filled = fallbackArguments(args === undefined ? {} : { args }, {
    task,
    calls: context.executed,
  })
  if (!filled.ok) return `its call cannot be made: ${filled.error}`
  const wanted: ToolCallPart = {
    type: 'tool_call',
    callId: 'fallback-1',
    tool,
    args: filled.value,
    ...(reason !== undefined && { reason }),
  }
  const [part] = admitCalls([wanted], usedIds(context)) as readonly [ToolCallPart]
  const { result } = await handleCall(context, part, place)
  chargeReading(context, result)
  return result.isError ? `its call of ${tool} did not go through` : undefined
}

/** Ids are the agent's to choose, also this one. */
function usedIds({ events }: TrialContext): Map<string, number> {
  const proposed = events.filter((event) => event.type === 'tool.proposed')
  return new Map(proposed.map(({ callId }) => [callId, 1]))
}
