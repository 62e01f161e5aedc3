import type { Clock, Rng } from '../../ports.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import type {
  AttemptReply,
  ModelFailure,
  ModelReply,
  ModelRequest,
  Provider,
  Service,
} from '../provider.ts'
import { attemptInTime } from './attempt-in-time.ts'
import { kindOfFailure } from './outcome-kinds.ts'
import type { Pacer, Shown, Turn } from './pacer.ts'
import {
  answeredAfter,
  type FailedReply,
  failedAfter,
  type Progress,
  untried,
  withFailure,
  withWaiting,
} from './progress.ts'
import { retryDelayMs } from './retry-delay.ts'
import { type UsableHints, usableHints } from './usable-hints.ts'

export interface RetrySettings {
  /** Further attempts of one request after faults; refusals have four times as many. */
  readonly maxRetries: number
  /** A service that asks for a longer wait is given up on. */
  readonly maxWaitMs: number
  /** For one attempt, without the time in the queue. */
  readonly timeoutMs: number
}

interface Ground {
  readonly service: Service
  readonly settings: RetrySettings
  readonly pacer: Pacer
  readonly clock: Clock
  readonly rng: Rng
}

type Go = Extract<Turn, { status: 'go' }>

/** What one attempt led to: an end, or a pause before the next. */
type Step =
  | { readonly reply: ModelReply }
  | { readonly progress: Progress; readonly pauseMs: number }

/** In code points. */
const maxMessage = 300

const stopped: ModelFailure = { class: 'timeout', message: 'stopped before an answer came' }

/** Makes attempts of each request, every one after its turn in the queue, until one ends it. */
export function limitService(ground: Ground): Provider {
  const { clock, pacer } = ground
  return {
    async complete(request, signal) {
      const ticket = pacer.ticket()
      let progress = untried
      for (;;) {
        const turn = await pacer.turn(ticket, signal)
        progress = withWaiting(progress, clock.nowMs())
        if (turn.status !== 'go') return failedAfter(progress, reasonOf(turn))
        const attempted = await attempt(request, { turn, ground }, signal)
        if (attempted === undefined) return failedAfter(progress, stopped)
        const step = nextStep(attempted, progress, ground)
        if ('reply' in step) return step.reply
        progress = step.progress
        await pacer.pause(step.pauseMs, signal)
      }
    },
  }
}

function reasonOf(turn: Exclude<Turn, Go>): ModelFailure {
  return turn.status === 'down' ? turn.outage : stopped
}

interface Attempted {
  readonly reply: AttemptReply
  readonly hints: UsableHints
}

/** One attempt; its place is free afterwards, even where the service throws, which it never should. */
async function attempt(
  request: ModelRequest,
  { ground, turn }: { readonly ground: Ground; readonly turn: Go },
  signal: AbortSignal,
): Promise<Attempted | undefined> {
  const { clock, service, settings } = ground
  const startedMs = clock.nowMs()
  let shown: Shown = { kind: 'unclear', hints: {}, latencyMs: 0 }
  try {
    const said = await attemptInTime(
      request,
      { service, clock, timeoutMs: settings.timeoutMs },
      signal,
    )
    if (said === undefined) return undefined
    const reply = withinBounds(said, clock.nowMs() - startedMs)
    const hints = usableHints(reply.hints, settings.maxWaitMs)
    shown = shownBy(reply, hints)
    return { reply, hints }
  } finally {
    turn.end(shown)
  }
}

function shownBy(reply: AttemptReply, hints: UsableHints): Shown {
  const { latencyMs } = reply
  if (reply.ok) return { kind: 'answered', hints, latencyMs }
  return { kind: kindOfFailure[reply.error.class], hints, latencyMs, failure: reply.error }
}

/** Services are other people's code too. */
function withinBounds(reply: AttemptReply, measuredMs: number): AttemptReply {
  const isSound = Number.isFinite(reply.latencyMs) && reply.latencyMs >= 0
  const latencyMs = isSound ? reply.latencyMs : measuredMs
  if (reply.ok) return { ...reply, latencyMs }
  const { class: kind, message } = reply.error
  return { ...reply, latencyMs, error: { class: kind, message: terminalLine(message, maxMessage) } }
}

function nextStep({ hints, reply }: Attempted, progress: Progress, ground: Ground): Step {
  if (reply.ok) return { reply: answeredAfter(progress, reply) }
  const { clock, rng, settings } = ground
  const next = withFailure(progress, reply, clock.nowMs())
  const { maxRetries, maxWaitMs } = settings
  const { retryAfterMs } = hints
  const terms = { maxRetries, maxWaitMs, retryAfterMs, random: rng() }
  const pauseMs = retryDelayMs(kindOfFailure[reply.error.class], next.counts, terms)
  if (pauseMs !== undefined) return { progress: next, pauseMs }
  return { reply: failedAfter(next, lastWord(reply, ground.pacer)) }
}

/** Where this failure is why the service was given up on, it says so as all others do. */
function lastWord({ error }: FailedReply, pacer: Pacer): ModelFailure {
  const outage = pacer.outage()
  return outage?.class === error.class ? outage : error
}
