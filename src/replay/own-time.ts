import type { Clock } from '../ports.ts'

/** How long an agent outside was at work by itself, on the real clock. */
export interface OwnTime {
  /** Its turn begins. */
  readonly start: () => void
  readonly stop: () => void
  /** It waits for a model whose own latency is charged; each pause needs its resume. */
  readonly pause: () => void
  readonly resume: () => void
  /** Whole ms that were not taken yet. What is left of the last one is kept for the next time. */
  readonly take: () => number
  /** Ms that were not taken yet. */
  readonly untakenMs: () => number
}

export function ownTime({ nowMs }: Pick<Clock, 'nowMs'>): OwnTime {
  let gathered = 0
  let since: number | undefined
  let isTurn = false
  let pauses = 0
  const gather = (): void => {
    const now = nowMs()
    if (since !== undefined) gathered += Math.max(0, now - since)
    since = isTurn && pauses === 0 ? now : undefined
  }
  return {
    start: () => {
      gather()
      isTurn = true
      since ??= pauses === 0 ? nowMs() : undefined
    },
    stop: () => {
      isTurn = false
      gather()
    },
    pause: () => {
      pauses += 1
      gather()
    },
    resume: () => {
      gather()
      pauses = Math.max(0, pauses - 1)
      since ??= isTurn && pauses === 0 ? nowMs() : undefined
    },
    take: () => {
      gather()
      const whole = Math.floor(gathered)
      gathered -= whole
      return whole
    },
    untakenMs: () => {
      gather()
      return gathered
    },
  }
}
