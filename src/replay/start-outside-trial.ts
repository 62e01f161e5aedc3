import type { Clock } from '../ports.ts'
import { type Part, textPart } from '../schema/message.ts'
import { formatTrialKey } from '../schema/trial-key.ts'
import { admitModel } from './admit-outside-model.ts'
import { callOutside } from './call-outside.ts'
import { firstMessage } from './first-message.ts'
import { logOutside } from './log-outside.ts'
import { outageEnding } from './model-outage.ts'
import {
  chargeTime,
  closeTurn,
  endsByBudget,
  endsByRounds,
  handOver,
  type OutsideTalk,
  startTalk,
  type TurnEnd,
} from './outside-talk.ts'
import { type OutsideTask, outsideTask } from './outside-task.ts'
import type { OutsideTrial } from './outside-trial.ts'
import { passReply } from './pass-reply.ts'
import type { TrialContext } from './trial-context.ts'
import { deniedEnding, type TrialEnding } from './trial-ending.ts'

/** A trial whose agent is outside, as whoever leads that agent through it sees it. */
export interface OutsideSession {
  readonly trial: OutsideTrial
  /** The task as it stands now. */
  readonly task: () => OutsideTask
  /**
   * The user says something, and it is the agent's turn until it has replied or the trial is over.
   *
   * @param words - `undefined`: what opens the talk
   */
  readonly openTurn: (words: string | undefined) => Promise<TurnEnd>
  /** The agent has the task: from now on it is its own time that passes. */
  readonly begin: () => void
  /** Ends the turn. Outside a turn it is no reply, and nobody hears it. */
  readonly reply: (text: string) => void
  /** The agent came to grief: its own fault, unless a service failed it. */
  readonly fail: (message: string) => void
  /** The turn took too long. */
  readonly runOut: (message: string) => void
  /** Ends the trial; the first word counts. */
  readonly end: (ending: TrialEnding) => void
  /** Resolves once all that came in is dealt with; rejects where our own code came to grief. */
  readonly settled: () => Promise<void>
  /** How long the agent has waited for us so far, in ms. */
  readonly waitedMs: () => number
  /** Of the trial's budget of wall time, in ms; what is not limited is `Infinity`. */
  readonly wallLeftMs: () => number
}

/**
 * Starts a trial whose agent runs outside this process: records how it opens, takes what comes in from
 * the agent through the same controls and world as the built-in loop, and sees to it that nothing
 * happens any more once the trial is over.
 */
export function startOutsideTrial(
  context: TrialContext,
  { clock, token }: { readonly clock: Clock; readonly token: string },
): OutsideSession {
  const over = new AbortController()
  const talk = startTalk(context, clock, () => {
    over.abort()
  })
  const { budgets, key, task } = context.plan
  const fixed = outsideTask(context)
  context.record({ type: 'message', role: 'system', turn: 0, content: [textPart(task.prompt)] })
  return {
    trial: {
      token,
      key: formatTrialKey(key),
      tools: fixed.tools,
      hasCostLimit: budgets.max_cost_usd !== undefined,
      ...comingIn(talk),
      over: over.signal,
    },
    task: () => ({
      ...fixed,
      conversation: [...talk.conversation],
      ...(talk.results.length > 0 && { results: [...talk.results] }),
    }),
    openTurn: (words) =>
      talk.ending === undefined
        ? Promise.race([openTurn(talk, words), talk.incoming.fault])
        : Promise.resolve(talk.ending),
    begin: () => {
      if (talk.settle !== undefined) talk.time.start()
    },
    reply: (text) => {
      void talk.incoming.take(() => reply(talk, text), undefined)
    },
    fail: (message) => {
      talk.end(outageOf(talk, message) ?? talk.trouble.excuse() ?? failed(message))
    },
    runOut: (message) => {
      talk.end(outageOf(talk, message) ?? talk.trouble.excuseDelay() ?? failed(message))
    },
    end: talk.end,
    settled: talk.incoming.settled,
    waitedMs: talk.incoming.tookMs,
    wallLeftMs: () => context.meter.left('wall_ms') - talk.time.untakenMs(),
  }
}

function comingIn(talk: OutsideTalk): Pick<OutsideTrial, 'admitModel' | 'call' | 'log'> {
  return {
    call: (calls) => callOutside(talk, calls),
    log: (text) => {
      logOutside(talk, text)
    },
    admitModel: (request) => admitModel(talk, request),
  }
}

function failed(message: string): TrialEnding {
  return { termination: 'agent_error', message }
}

/** What an agent does without a model that the case takes from it is for its fallback to mend. */
function outageOf({ isOut }: OutsideTalk, message: string): TrialEnding | undefined {
  if (!isOut) return undefined
  return { ...outageEnding, message: `${outageEnding.message}; ${message}` }
}

function openTurn(talk: OutsideTalk, words: string | undefined): Promise<TurnEnd> {
  const { context } = talk
  const { task } = context.plan
  const { max_turns } = context.agent.stop
  talk.turn += 1
  const content: Part[] = words === undefined ? firstMessage(task) : [textPart(words)]
  context.record({ type: 'message', role: 'user', turn: talk.turn, content })
  talk.conversation.push({ role: 'user', text: words ?? task.turns[0]?.say ?? '' })
  if (talk.rounds >= max_turns) {
    talk.end({ termination: 'max_turns', message: `${talk.rounds} rounds` })
    return Promise.resolve(talk.ending ?? { termination: 'max_turns' })
  }
  handOver(talk)
  return new Promise((resolve) => {
    talk.settle = resolve
  })
}

async function reply(talk: OutsideTalk, text: string): Promise<void> {
  const { context } = talk
  if (talk.settle === undefined) return
  chargeTime(talk)
  const excuse = talk.trouble.excuse()
  if (excuse?.termination === 'provider_error') talk.end(excuse)
  if (talk.ending !== undefined || endsByRounds(talk)) return
  talk.rounds += 1
  const content = text === '' ? [] : [textPart(text)]
  const passed = await passReply(context, { content, turn: talk.turn, ordinal: talk.ordinal })
  // While a control decided, the trial may have ended.
  if (hasEnded(talk)) return
  talk.conversation.push({ role: 'assistant', text })
  const denied = deniedEnding(context.agent, passed.fallback)
  if (denied !== undefined) talk.end(denied)
  else if (!endsByBudget(talk)) closeTurn(talk, { heard: passed.heard })
}

function hasEnded({ ending }: OutsideTalk): boolean {
  return ending !== undefined
}
