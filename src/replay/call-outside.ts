import type { ToolCallPart, ToolResultPart } from '../schema/message.ts'
import { admitCalls } from './admit-calls.ts'
import { type Refusal, toolError } from './call-results.ts'
import {
  chargeTime,
  endsByBudget,
  endsByRounds,
  handOver,
  type OutsideTalk,
} from './outside-talk.ts'
import type { OutsideResult } from './outside-task.ts'
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
): Promise<readonly ToolResultPart[]> {
  return talk.incoming.take(() => takeCalls(talk, calls), refuseAll(calls, trialOver))
}

async function takeCalls(
  talk: OutsideTalk,
  calls: readonly OutsideCall[],
): Promise<readonly ToolResultPart[]> {
  if (talk.settle === undefined) {
    return refuseAll(calls, talk.ending === undefined ? notYourTurn : trialOver)
  }
  chargeTime(talk)
  const ran = endsByBudget(talk) ? [] : await runBatch(talk, calls)
  return calls.map((call, index) => ran[index] ?? toolError(partOf(call), trialOver))
}

function refuseAll(calls: readonly OutsideCall[], refusal: Refusal): readonly ToolResultPart[] {
  return calls.map((call) => toolError(partOf(call), refusal))
}

async function runBatch(
  talk: OutsideTalk,
  calls: readonly OutsideCall[],
): Promise<readonly ToolResultPart[]> {
  const { callIds, context, turn } = talk
  if (calls.length === 0) return []
  const ordinal = talk.proposals.ordinalOf(calls) ?? talk.ordinal
  if (ordinal !== talk.lastRound) {
    if (endsByRounds(talk)) return []
    talk.rounds += 1
    talk.lastRound = ordinal
  }
  const parts = admitCalls(calls.map(partOf), callIds) as readonly ToolCallPart[]
  const ran = await runCalls(context, { turn, ordinal, calls: parts })
  if (talk.ending !== undefined) return ran.results
  for (const [index, result] of ran.results.entries()) {
    talk.results.push(rememberedResult(result, calls[index]))
  }
  if (ran.stop === undefined) handOver(talk)
  else talk.end(ran.stop)
  return ran.results
}

function rememberedResult(
  { isError, notice, tool, value }: ToolResultPart,
  { args, callId }: Partial<OutsideCall> = {},
): OutsideResult {
  return {
    ...(callId !== undefined && { id: callId }),
    tool,
    args: args ?? {},
    isError,
    value,
    ...(notice !== undefined && { notice }),
  }
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
