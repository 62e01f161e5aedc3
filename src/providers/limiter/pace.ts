import type { OutcomeKind } from './outcome-kinds.ts'
import type { UsableHints } from './usable-hints.ts'

/**
 * How fast requests may go to one model of one service.
 *
 * Requests are numbered as they start, from 1. What a reply says counts for what was started before it:
 * a burst that is refused as one cuts once, and late answers of before do not undo it.
 */
export interface Pace {
  /** Requests in flight at once, as a fraction; what counts is the whole part, at least 1. */
  readonly limit: number
  readonly max: number
  /** Below it the limit grows by one for each answer, from it on by one for a whole round. */
  readonly threshold: number
  /** Number of the request that started last. */
  readonly started: number
  /** Only answers to requests that started after this one let the limit grow. */
  readonly growsAfter: number
  /** Only refusals of requests that started after this one cut the limit. */
  readonly cutsAfter: number
  /** How many were in flight when the limit was cut, until that turns out to have been too much. */
  readonly beforeCut: number | undefined
  /** Nobody starts before this time, because the service asked for it when it refused that request. */
  readonly hold: { readonly untilMs: number; readonly refused: number } | undefined
  /** Requests that the service still allows, by its answer to request `start`. */
  readonly quota:
    | { readonly left: number; readonly untilMs: number; readonly start: number }
    | undefined
}

/** How one attempt ended. */
export interface Outcome {
  readonly kind: OutcomeKind
  /** The attempt's number. */
  readonly start: number
  /** With this one. */
  readonly inFlight: number
  readonly nowMs: number
  readonly hints: UsableHints
}

/** What every service is trusted with before it has said anything. */
const firstLimit = 32

/** What is left of the limit after a refusal that others overtook. */
const keptAfterOvertaking = 7 / 8

export function startingPace(max: number): Pace {
  return {
    limit: Math.min(max, firstLimit),
    max,
    threshold: max,
    started: 0,
    growsAfter: 0,
    cutsAfter: 0,
    beforeCut: undefined,
    hold: undefined,
    quota: undefined,
  }
}

/** How long the next request waits, in ms; 0: not at all; Infinity: until a reply comes. */
export function msUntilStart(
  { hold, limit, quota }: Pace,
  { inFlight, nowMs }: { readonly inFlight: number; readonly nowMs: number },
): number {
  if (inFlight >= Math.floor(limit)) return Infinity
  if (hold !== undefined && nowMs < hold.untilMs) return hold.untilMs - nowMs
  if (quota === undefined || quota.left > 0 || nowMs >= quota.untilMs) return 0
  return inFlight > 0 ? Infinity : quota.untilMs - nowMs
}

export function paceAtStart(pace: Pace): Pace {
  const { quota, started } = pace
  return {
    ...pace,
    started: started + 1,
    quota: quota && { ...quota, left: Math.max(0, quota.left - 1) },
  }
}

const steps: Readonly<Record<OutcomeKind, (pace: Pace, outcome: Outcome) => Pace>> = {
  answered: (pace, outcome) => grow(liftHold(pace, outcome), outcome),
  refused: (pace, outcome) => hold(cut(pace, outcome), outcome),
  fault: (pace, outcome) => hold({ ...pace, growsAfter: pace.started }, outcome),
  heard: (pace) => pace,
  unfit: (pace) => pace,
  locked_out: (pace) => pace,
  unclear: (pace) => pace,
}

export function paceAfter(pace: Pace, outcome: Outcome): Pace {
  return takeQuota(steps[outcome.kind](pace, outcome), outcome)
}

/** A limit that nobody reaches says nothing about what the service can take. */
function grow(pace: Pace, { inFlight, start }: Outcome): Pace {
  const { growsAfter, limit, max, threshold } = pace
  if (start <= growsAfter || inFlight < Math.floor(limit)) return pace
  return { ...pace, limit: Math.min(max, limit + (limit < threshold ? 1 : 1 / limit)) }
}

/** Half of what really was in flight, which may be less than what was allowed. */
function cut(pace: Pace, { inFlight, start }: Outcome): Pace {
  const { cutsAfter, limit, started } = pace
  if (start <= cutsAfter) return pace
  const beforeCut = Math.min(limit, inFlight)
  const halved = Math.max(1, beforeCut / 2)
  return {
    ...pace,
    limit: halved,
    threshold: halved,
    growsAfter: started,
    cutsAfter: started,
    beforeCut,
  }
}

function hold(pace: Pace, { hints, nowMs, start }: Outcome): Pace {
  if (hints.retryAfterMs === undefined) return pace
  const untilMs = Math.max(nowMs + hints.retryAfterMs, pace.hold?.untilMs ?? 0)
  return { ...pace, hold: { untilMs, refused: Math.max(start, pace.hold?.refused ?? 0) } }
}

/**
 * A request that started after the refused one was answered all the same: the service refuses some, as
 * gateways with several back ends do, and is not used up. The refused one alone goes on waiting.
 */
function liftHold(pace: Pace, { start }: Outcome): Pace {
  const { beforeCut, limit, threshold } = pace
  if (pace.hold === undefined || start <= pace.hold.refused) return pace
  const kept = beforeCut === undefined ? limit : Math.max(limit, beforeCut * keptAfterOvertaking)
  return {
    ...pace,
    limit: kept,
    threshold: Math.max(threshold, kept),
    beforeCut: undefined,
    hold: undefined,
  }
}

/** Those in flight may or may not be counted by the service; here they are, once more. */
function takeQuota(pace: Pace, { hints, inFlight, nowMs, start }: Outcome): Pace {
  if (hints.quota === undefined || start < (pace.quota?.start ?? 0)) return pace
  const { remaining, resetsInMs } = hints.quota
  const left = Math.max(0, remaining - (inFlight - 1))
  return { ...pace, quota: { left, untilMs: nowMs + resetsInMs, start } }
}
