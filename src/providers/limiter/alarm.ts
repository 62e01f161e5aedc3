import type { Clock } from '../../ports.ts'

/** One time at which to look again, instead of a timer for each who waits. */
export interface Alarm {
  /** Takes the place of the time before. */
  readonly set: (atMs: number) => void
  readonly clear: () => void
}

export function createAlarm(clock: Clock, ring: () => void): Alarm {
  let current: { readonly atMs: number; readonly stop: AbortController } | undefined

  const clear = (): void => {
    current?.stop.abort()
    current = undefined
  }

  return {
    clear,
    set(atMs) {
      if (current?.atMs === atMs) return
      clear()
      const stop = new AbortController()
      current = { atMs, stop }
      void clock.sleep(atMs - clock.nowMs(), stop.signal).then(() => {
        if (stop.signal.aborted) return
        current = undefined
        ring()
      })
    },
  }
}
