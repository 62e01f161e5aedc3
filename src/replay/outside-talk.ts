import type { Clock } from '../ports.ts'
import type { UsedCallIds } from './admit-calls.ts'
import { type InOrder, inOrder } from './in-order.ts'
import { type ModelProposals, modelProposals } from './model-proposals.ts'
import { type ModelTrouble, modelTrouble } from './model-trouble.ts'
import type { OutsideMessage, OutsideResult } from './outside-task.ts'
import { type OwnTime, ownTime } from './own-time.ts'
import type { TrialContext } from './trial-context.ts'
import type { TrialEnding } from './trial-ending.ts'

/** How a turn of the agent ended: with what the user heard of its reply, or together with the trial. */
export type TurnEnd = { readonly heard: string } | TrialEnding

/** A trial under way. Its parts are shared by all that comes in from outside. */
export interface OutsideTalk {
  readonly context: TrialContext
  readonly conversation: OutsideMessage[]
  readonly results: OutsideResult[]
  readonly callIds: UsedCallIds
  readonly time: OwnTime
  /** All that comes in goes through here. */
  readonly incoming: InOrder
  readonly proposals: ModelProposals
  readonly trouble: ModelTrouble
  readonly end: (ending: TrialEnding) => void
  /** Shared by handovers and model requests; -1 before the first. */
  ordinal: number
  /** Replies, and calls that were proposed together. */
  rounds: number
  /** The ordinal of the latest round of calls. */
  lastRound: number
  modelRequests: number
  /** A model request was not sent, because the case lets no model answer any more. */
  isOut: boolean
  /** Lines of its own log so far. */
  logLines: number
  turn: number
  /** Set while it is the agent's turn. */
  settle: ((end: TurnEnd) => void) | undefined
  ending: TrialEnding | undefined
}

/** @param onOver - called once, when the trial has ended */
export function startTalk(context: TrialContext, clock: Clock, onOver: () => void): OutsideTalk {
  const time = ownTime(clock)
  const talk: OutsideTalk = {
    context,
    conversation: [],
    results: [],
    callIds: new Map(),
    time,
    incoming: inOrder(time, clock),
    proposals: modelProposals(),
    trouble: modelTrouble(),
    ordinal: -1,
    rounds: 0,
    lastRound: -1,
    modelRequests: 0,
    isOut: false,
    logLines: 0,
    turn: 0,
    settle: undefined,
    ending: undefined,
    end(ending) {
      if (talk.ending !== undefined) return
      chargeTime(talk)
      talk.ending = ending
      context.life.over = true
      closeTurn(talk, ending)
      onOver()
    },
  }
  return talk
}

/** Writes down that the agent has seen everything up to here. */
export function handOver(talk: OutsideTalk): void {
  talk.ordinal += 1
  talk.context.record({ type: 'handover', ordinal: talk.ordinal })
}

/** Charges what the agent's own work took since the last time. */
export function chargeTime({ context, time }: OutsideTalk): void {
  context.charge('agent', { wall_ms: time.take() })
}

/** Whether one more round is too much; the trial is over then. */
export function endsByRounds(talk: OutsideTalk): boolean {
  if (talk.rounds < talk.context.agent.stop.max_turns) return false
  talk.end({ termination: 'max_turns', message: `${talk.rounds} rounds` })
  return true
}

/** Whether a limit was passed; the trial is over then. */
export function endsByBudget(talk: OutsideTalk): boolean {
  const exceeded = talk.context.meter.exceeded()
  if (exceeded === undefined) return false
  talk.end({ termination: 'budget', message: exceeded })
  return true
}

/** Ends the agent's turn, if it is one. */
export function closeTurn(talk: OutsideTalk, end: TurnEnd): void {
  const { settle } = talk
  talk.settle = undefined
  talk.time.stop()
  settle?.(end)
}
