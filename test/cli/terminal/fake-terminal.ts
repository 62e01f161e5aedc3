import type { Io, TakeText } from '../../../src/cli/io.ts'
import { createScreen, type Screen } from './screen.ts'

/** A person's terminal, and a clock that only the test moves. */
export interface FakeTerminal {
  readonly io: Io
  readonly screen: Screen
  /** Each text that reached it, in order. */
  readonly writes: readonly string[]
  /** Something else in the process writes. */
  readonly writeAside: (text: string, to?: 'stdout' | 'stderr') => void
  readonly advance: (ms: number) => void
  readonly resize: (columns: number) => void
}

export interface TerminalSettings {
  readonly isTTY?: boolean
  readonly env?: Io['env']
  readonly columns?: number
  readonly rows?: number
}

interface Timer {
  readonly ms: number
  readonly tick: () => void
  nextMs: number
}

export function fakeTerminal({
  columns = 80,
  env = {},
  isTTY = true,
  rows = 24,
}: TerminalSettings = {}): FakeTerminal {
  const screen = createScreen(rows, columns)
  const writes: string[] = []
  const timers = new Set<Timer>()
  let [now, width] = [0, columns]
  let take: TakeText | undefined
  const direct = (text: string): void => {
    writes.push(text)
    screen.write(text)
  }
  const writeAside = (text: string, to: 'stdout' | 'stderr' = 'stderr'): void => {
    if (take === undefined) direct(text)
    else take(text, to)
  }
  const stderr = {
    isTTY,
    get columns() {
      return width
    },
    write: (text: string) => {
      writeAside(text)
    },
  }
  const io: Partial<Io> = {
    env,
    stderr,
    nowMs: () => now,
    every(ms, tick) {
      const timer = { ms, tick, nextMs: now + ms }
      timers.add(timer)
      return () => {
        timers.delete(timer)
      }
    },
    divert(taking) {
      take = taking
      return {
        write: direct,
        stop: () => {
          take = undefined
        },
      }
    },
  }
  return {
    io: io as Io,
    screen,
    writes,
    writeAside,
    advance(ms) {
      const end = now + ms
      for (;;) {
        const [due] = [...timers].sort((a, b) => a.nextMs - b.nextMs)
        if (due === undefined || due.nextMs > end) break
        now = due.nextMs
        due.nextMs += due.ms
        due.tick()
      }
      now = end
    },
    resize(narrower) {
      width = narrower
      screen.resize(narrower)
    },
  }
}
