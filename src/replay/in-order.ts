import type { Clock } from '../ports.ts'
import type { OwnTime } from './own-time.ts'

/**
 * Deals with what comes in from outside, one thing after the other: calls that an agent sends side by
 * side, and a reply behind them, must not overtake each other while a control decides.
 */
export interface InOrder {
  /**
   * Never rejects: whoever sends something is not to blame for a fault of ours.
   *
   * @param otherwise - the answer where our own code came to grief; the fault goes to `fault`
   */
  readonly take: <T>(work: () => Promise<T>, otherwise: T) => Promise<T>
  /** Rejects with the first fault of our own, and never resolves. */
  readonly fault: Promise<never>
  /** Resolves once all that came in so far is dealt with; rejects where that came to grief. */
  readonly settled: () => Promise<void>
  /** How long all of it took so far, in ms: tools, and controls that take their time. */
  readonly tookMs: () => number
}

/** @param time - the agent's own, which stands still meanwhile */
export function inOrder(time: OwnTime, { nowMs }: Pick<Clock, 'nowMs'>): InOrder {
  let queue: Promise<unknown> = Promise.resolve()
  let crash: (fault: unknown) => void = () => undefined
  const fault = new Promise<never>((_, reject) => {
    crash = reject
  })
  // Whoever leads the agent listens; nobody may have begun to yet.
  fault.catch(() => undefined)
  let hasCrashed = false
  let took = 0
  let since: number | undefined
  const timed = async <T>(work: () => Promise<T>): Promise<T> => {
    time.pause()
    const began = nowMs()
    since = began
    try {
      return await work()
    } finally {
      since = undefined
      took += nowMs() - began
      time.resume()
    }
  }
  return {
    take<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
      const done = queue
        .then(() => timed(work))
        .catch((error: unknown) => {
          hasCrashed = true
          crash(error)
          return otherwise
        })
      queue = done
      return done
    },
    fault,
    async settled() {
      await queue
      if (hasCrashed) await fault
    },
    tookMs: () => took + (since === undefined ? 0 : nowMs() - since),
  }
}
