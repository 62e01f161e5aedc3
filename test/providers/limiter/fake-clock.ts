import type { Clock } from '../../../src/ports.ts'

interface Timer {
  readonly atMs: number
  readonly ring: () => void
}

export interface FakeClock extends Clock {
  /** Lets time pass, from one timer to the next, until the promise settles. */
  readonly until: <T>(promise: Promise<T>) => Promise<T>
  /** Lets so much time pass. */
  readonly pass: (ms: number) => Promise<void>
  readonly timers: () => number
}

/** Time that passes only when nothing else is left to do. */
export function fakeClock(): FakeClock {
  let nowMs = 0
  const timers = new Set<Timer>()

  const next = (): Timer | undefined =>
    [...timers].reduce<Timer | undefined>(
      (first, each) => (first === undefined || each.atMs < first.atMs ? each : first),
      undefined,
    )
  const ringNext = (timer: Timer): void => {
    nowMs = Math.max(nowMs, timer.atMs)
    timers.delete(timer)
    timer.ring()
  }

  return {
    nowMs: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) {
          resolve()
          return
        }
        const onAbort = (): void => {
          timers.delete(timer)
          resolve()
        }
        const ring = (): void => {
          signal.removeEventListener('abort', onAbort)
          resolve()
        }
        const timer: Timer = { atMs: nowMs + ms, ring }
        timers.add(timer)
        signal.addEventListener('abort', onAbort, { once: true })
      }),
    async until(promise) {
      const settled = { is: false }
      const settle = (): void => {
        settled.is = true
      }
      promise.then(settle, settle)
      await quiet()
      while (!settled.is) {
        const timer = next()
        if (timer === undefined) throw new Error('nothing left that could end it')
        ringNext(timer)
        await quiet()
      }
      return promise
    },
    async pass(ms) {
      const endMs = nowMs + ms
      await quiet()
      for (let timer = next(); timer !== undefined && timer.atMs <= endMs; timer = next()) {
        ringNext(timer)
        await quiet()
      }
      nowMs = endMs
    },
    timers: () => timers.size,
  }
}

/** After all promises that are settled have been heard. */
function quiet(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
