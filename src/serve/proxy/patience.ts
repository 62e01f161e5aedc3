import type { Clock } from '../../ports.ts'

/** How long an answer is read on whose agent has left. */
const patienceMs = 30_000

/** How long one request to a service may go on. */
interface Patience {
  /** Aborts when the answer is not waited for any longer. */
  readonly signal: AbortSignal
  /** The answer has ended. */
  readonly done: () => void
}

/** Of all requests of a server. */
export interface Patiences {
  /** @param left - aborts when the agent hangs up, and when its trial ends */
  readonly begin: (left: AbortSignal) => Patience
  /** Nothing is waited for any longer. */
  readonly close: () => void
}

/**
 * A service is paid for its answer whether or not the agent hears it out, and tells its price at the
 * end. So an answer is read on for a while after the agent has left; hanging up at once would make
 * whatever the agent has read free.
 */
export function patiences({ sleep }: Pick<Clock, 'sleep'>): Patiences {
  const open = new Set<AbortController>()
  return {
    begin(left) {
      const enough = new AbortController()
      const settled = new AbortController()
      const onLeft = (): void => {
        void sleep(patienceMs, settled.signal).then(() => {
          if (!settled.signal.aborted) enough.abort()
        })
      }
      open.add(enough)
      left.addEventListener('abort', onLeft, { once: true })
      if (left.aborted) onLeft()
      return {
        signal: enough.signal,
        done() {
          left.removeEventListener('abort', onLeft)
          open.delete(enough)
          settled.abort()
        },
      }
    },
    close() {
      for (const enough of open) enough.abort()
    },
  }
}
