import type { Clock } from '../../src/ports.ts'

/** A clock that stands still but for one tick a look, and on which nothing runs out of time. */
export function tickingClock(): Clock {
  let now = 0
  return {
    nowMs: () => {
      now += 1
      return now
    },
    sleep: (_, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) resolve()
        signal.addEventListener('abort', () => {
          resolve()
        })
      }),
  }
}
