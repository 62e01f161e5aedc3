import type { ToolCallPart, ToolResultPart } from '../schema/message.ts'
import { admitCalls } from './admit-calls.ts'
import { toolError } from './call-results.ts'
import {
  chargeTime,
  endsByBudget,
  endsByRounds,
  handOver,
  type OutsideTalk,
} from './outside-talk.ts'
import type { OutsideCall } from './outside-trial.ts'
import { runCalls } from './run-calls.ts'

/** Ids are the agent's own; of a long one, enough to tell it from others. */
const longestId = 100

const trialOver = { code: 'trial_over', message: 'the trial is over; nothing was done' }
const notYourTurn = {
  code: 'turn_over',
  message: 'the reply has ended the turn; nothing was done',
}

/**
 * Carries out calls of an agent outside that were proposed together, and gives a result for each. A
 * call that comes too late does nothing, and is no part of the trial.
 */
export function callOutside(
  talk: OutsideTalk,
  calls: readonly OutsideCall[],
): readonly ToolResultPart[] {
  if (talk.settle === undefined) {
    const refusal = talk.ending === undefined ? notYourTurn : trialOver
    return calls.map((call) => toolError(partOf(call), refusal))
  }
  chargeTime(talk)
  const ran = endsByBudget(talk) ? [] : runBatch(talk, calls)
  return calls.map((call, index) => ran[index] ?? toolError(partOf(call), trialOver))
}

function runBatch(talk: OutsideTalk, calls: readonly OutsideCall[]): readonly ToolResultPart[] {
  const { callIds, context, results, steps, turn } = talk
  if (calls.length === 0) return []
  const ordinal = talk.proposals.ordinalOf(calls) ?? talk.ordinal
  if (ordinal !== talk.lastRound) {
    if (endsByRounds(talk)) return []
    talk.rounds += 1
    talk.lastRound = ordinal
  }
  const parts = admitCalls(calls.map(partOf), callIds) as readonly ToolCallPart[]
  const ran = runCalls(context, steps, { turn, ordinal, calls: parts })
  for (const [index, { isError, tool, value }] of ran.results.entries()) {
    const { args = {}, callId } = calls[index] ?? {}
    results.push({ ...(callId !== undefined && { id: callId }), tool, args, isError, value })
  }
  if (ran.stop === undefined) handOver(talk)
  else talk.end(ran.stop)
  return ran.results
}

function partOf({ args, callId = 'call', reason, tool }: OutsideCall): ToolCallPart {
  return {
    type: 'tool_call',
    callId: callId.slice(0, longestId),
    tool,
    args,
    ...(reason !== undefined && { reason }),
  }
}
