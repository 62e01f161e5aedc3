import type { Clock } from '../../ports.ts'
import { type Alarm, createAlarm } from './alarm.ts'
import {
  afterProbe,
  firstHealth,
  type Health,
  healthAfter,
  type Outage,
  type Sign,
} from './health.ts'
import { onAbort } from './on-abort.ts'
import {
  msUntilStart,
  type Outcome,
  type Pace,
  paceAfter,
  paceAtStart,
  startingPace,
} from './pace.ts'

interface PacerSettings {
  /** The service and the model, as messages name them. */
  readonly key: string
  readonly maxConcurrency: number
  readonly maxWaitMs: number
}

/** What one attempt showed, besides what the pacer knows itself. */
export type Shown = Pick<Outcome, 'kind' | 'hints'> & Pick<Sign, 'failure' | 'latencyMs'>

/** Whether an attempt may be made now. */
export type Turn =
  /** It may; `end` says how it went, once, and frees its place. */
  | { readonly status: 'go'; readonly end: (shown: Shown) => void }
  | { readonly status: 'aborted' }
  | { readonly status: 'down'; readonly outage: Outage }

/** The queue before one model of one service. */
export interface Pacer {
  /** A place in the order of arrival; a request keeps it over its attempts. */
  readonly ticket: () => number
  readonly turn: (ticket: number, signal: AbortSignal) => Promise<Turn>
  /** Ends early when the signal aborts or the service is given up on. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
  readonly outage: () => Outage | undefined
}

interface Waiter {
  readonly ticket: number
  readonly resolve: (turn: Turn) => void
}

/** All that changes. */
interface Desk {
  readonly settings: PacerSettings
  readonly clock: Clock
  readonly alarm: Alarm
  pace: Pace
  health: Health
  inFlight: number
  /** By ticket. */
  waiting: Waiter[]
  /** Of those who pause between two attempts. */
  readonly pauses: Set<AbortController>
}

export function createPacer(settings: PacerSettings, clock: Clock): Pacer {
  const desk: Desk = {
    settings,
    clock,
    alarm: createAlarm(clock, () => {
      letIn(desk)
    }),
    pace: startingPace(settings.maxConcurrency),
    health: firstHealth,
    inFlight: 0,
    waiting: [],
    pauses: new Set(),
  }
  let tickets = 0
  return {
    ticket: () => ++tickets,
    turn: (ticket, signal) => turn(desk, ticket, signal),
    pause: (ms, signal) => pause(desk, ms, signal),
    outage: () => desk.health.outage,
  }
}

async function turn(desk: Desk, ticket: number, signal: AbortSignal): Promise<Turn> {
  if (signal.aborted) return { status: 'aborted' }
  const probe = probeOf(desk)
  if (probe !== undefined) return probe
  return new Promise((resolve) => {
    const release = onAbort(signal, () => {
      leave(desk, waiter)
      resolve({ status: 'aborted' })
    })
    const waiter: Waiter = {
      ticket,
      resolve(each) {
        release()
        resolve(each)
      },
    }
    enter(desk, waiter)
  })
}

/** While the service is given up on, nobody waits: either one tries whether it is up again, or none. */
function probeOf(desk: Desk): Turn | undefined {
  const { outage } = desk.health
  if (outage === undefined) return undefined
  const nowMs = desk.clock.nowMs()
  if (nowMs < outage.probeAtMs) return { status: 'down', outage }
  desk.health = afterProbe(desk.health, nowMs)
  return start(desk)
}

/** Whoever comes back for another attempt goes before those who came later. */
function enter(desk: Desk, waiter: Waiter): void {
  const behind = desk.waiting.findLastIndex(({ ticket }) => ticket < waiter.ticket)
  desk.waiting.splice(behind + 1, 0, waiter)
  letIn(desk)
}

function leave(desk: Desk, waiter: Waiter): void {
  desk.waiting = desk.waiting.filter((each) => each !== waiter)
  letIn(desk)
}

/** Starts whoever may start, and sees to it that this is asked again in time. */
function letIn(desk: Desk): void {
  const { alarm, clock } = desk
  while (desk.waiting.length > 0) {
    const nowMs = clock.nowMs()
    const ms = msUntilStart(desk.pace, { inFlight: desk.inFlight, nowMs })
    if (ms === Infinity) break
    if (ms > 0) {
      alarm.set(nowMs + ms)
      return
    }
    desk.waiting.shift()?.resolve(start(desk))
  }
  alarm.clear()
}

function start(desk: Desk): Turn {
  desk.pace = paceAtStart(desk.pace)
  desk.inFlight += 1
  const { started } = desk.pace
  let hasEnded = false
  return {
    status: 'go',
    end(shown) {
      if (hasEnded) return
      hasEnded = true
      learn(desk, shown, started)
      desk.inFlight -= 1
      if (desk.health.outage !== undefined) sendAway(desk, desk.health.outage)
      letIn(desk)
    },
  }
}

function learn(desk: Desk, shown: Shown, start: number): void {
  const { clock, inFlight, settings } = desk
  const { failure, hints, kind, latencyMs } = shown
  const nowMs = clock.nowMs()
  desk.pace = paceAfter(desk.pace, { kind, hints, start, inFlight, nowMs })
  const { asksTooLongMs } = hints
  desk.health = healthAfter(
    desk.health,
    { kind, failure, nowMs, latencyMs, asksTooLongMs },
    settings,
  )
}

function sendAway(desk: Desk, outage: Outage): void {
  for (const { resolve } of desk.waiting.splice(0)) resolve({ status: 'down', outage })
  for (const each of desk.pauses) each.abort()
}

async function pause(desk: Desk, ms: number, signal: AbortSignal): Promise<void> {
  if (desk.health.outage !== undefined) return
  const stop = new AbortController()
  desk.pauses.add(stop)
  const release = onAbort(signal, () => {
    stop.abort()
  })
  await desk.clock.sleep(ms, stop.signal)
  release()
  desk.pauses.delete(stop)
}
