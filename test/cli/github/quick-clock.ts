import { answerTimeoutMs } from '../../../src/cli/github/ask-github.ts'
import type { Clock } from '../../../src/ports.ts'

/** A clock on which nobody waits: it writes down for how long somebody wanted to. */
export interface QuickClock extends Clock {
  readonly waits: readonly number[]
  /** The time for an answer is up, for whoever waits for one now. */
  readonly giveUp: () => void
}

export function quickClock(): QuickClock {
  const waits: number[] = []
  const open = new Set<() => void>()
  return {
    waits,
    nowMs: () => waits.reduce((sum, ms) => sum + ms, 0),
    sleep(ms, signal) {
      if (ms !== answerTimeoutMs) {
        waits.push(ms)
        return Promise.resolve()
      }
      return new Promise((resolve) => {
        const ring = (): void => {
          open.delete(ring)
          resolve()
        }
        open.add(ring)
        signal.addEventListener('abort', ring, { once: true })
      })
    },
    giveUp() {
      for (const ring of open) ring()
    },
  }
}
