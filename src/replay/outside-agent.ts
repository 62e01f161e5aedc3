import type { Clock } from '../ports.ts'
import type { TurnEnd } from './outside-talk.ts'
import type { OutsideTask } from './outside-task.ts'
import { type OutsideSession, startOutsideTrial } from './start-outside-trial.ts'
import type { TrialAgent } from './trial-agent.ts'
import type { TrialContext } from './trial-context.ts'
import { aborted, type TrialEnding } from './trial-ending.ts'

/** Leads one agent outside through one trial. It tells the session what the agent does. */
export interface OutsidePlayer {
  /**
   * Gives the agent its turn. Resolves once the agent has it, not when it is done; what goes wrong
   * is told to the session, never thrown.
   */
  readonly takeTurn: (task: OutsideTask) => Promise<void>
  /** The trial is over. `politely`: the talk came to its end, so the agent may end by itself. */
  readonly leave: (politely: boolean) => void
}

/** What an agent outside is reached and timed by. */
export interface OutsideAgentPorts {
  readonly open: (session: OutsideSession) => OutsidePlayer
  readonly clock: Clock
  readonly token: () => string
  /** How long one turn may take. */
  readonly timeoutMs: number
}

/** Shorter waits would only burn time where nothing is left but the time of a model. */
const shortestWatchMs = 5

/** An agent outside as one who acts in trials. */
export function outsideAgent({ open, ...ports }: OutsideAgentPorts): TrialAgent {
  return async (context, signal) => {
    const session = startOutsideTrial(context, { clock: ports.clock, token: ports.token() })
    const onAbort = (): void => {
      session.end(aborted)
    }
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
    const player = open(session)
    let ending: TrialEnding | undefined
    try {
      ending = await converse(context, { session, player, ports, signal })
      return ending
    } finally {
      signal.removeEventListener('abort', onAbort)
      session.end(ending ?? { termination: 'harness_error' })
      // What was under way is recorded to its end, before the trial's.
      await session.settled().finally(() => {
        player.leave(ending?.termination === 'done')
      })
    }
  }
}

interface Playing {
  readonly session: OutsideSession
  readonly player: OutsidePlayer
  readonly ports: Pick<OutsideAgentPorts, 'clock' | 'timeoutMs'>
  readonly signal: AbortSignal
}

async function converse(context: TrialContext, playing: Playing): Promise<TrialEnding> {
  let words: string | undefined
  for (;;) {
    const ended = await playTurn(playing, words)
    if ('termination' in ended) return ended
    const move = await context.ports.user.next(ended.heard, context, playing.signal)
    if ('termination' in move) return move
    words = move.say
  }
}

async function playTurn(
  { player, ports, session }: Playing,
  words: string | undefined,
): Promise<TurnEnd> {
  const ended = session.openTurn(words)
  if (session.trial.over.aborted) return ended
  const turnOver = new AbortController()
  const watched = player.takeTurn(session.task()).then(async () => {
    session.begin()
    await watchTurn(session, ports, turnOver.signal)
  })
  try {
    return await Promise.race([ended, watched.then(() => ended)])
  } finally {
    turnOver.abort()
  }
}

/** Ends the trial when the turn takes longer than it may, or than the budget has left. */
async function watchTurn(
  session: OutsideSession,
  { clock, timeoutMs }: Playing['ports'],
  turnOver: AbortSignal,
): Promise<void> {
  // What it waits for us is not its own doing.
  const deadline = clock.nowMs() + timeoutMs - session.waitedMs()
  for (;;) {
    if (turnOver.aborted || session.trial.over.aborted) return
    const left = deadline + session.waitedMs() - clock.nowMs()
    if (left <= 0) {
      session.runOut(`no reply within ${timeoutMs / 1000} seconds`)
      return
    }
    const wallLeft = session.wallLeftMs()
    if (wallLeft <= 0) {
      session.end({ termination: 'budget', message: 'no wall time left' })
      return
    }
    await clock.sleep(Math.max(shortestWatchMs, Math.min(left, wallLeft)), turnOver)
  }
}
