import type { Io } from '../io.ts'
import { isNotOk } from './case-tally.ts'
import { liveLines, type Standing } from './live-lines.ts'
import { openRegion, roomIn } from './live-region.ts'
import type { Progress, ProgressGround, StartedTrial } from './progress.ts'
import { countSpent } from './spent.ts'

const repaintMs = 100

/**
 * Progress for a person at a terminal. Trials only count; what they add up to is painted by a clock, so
 * that thousands of trials a second cost ten paintings.
 */
export function liveProgress(io: Io, { open, spentUsd }: ProgressGround): Progress {
  const all = [...open.values()].reduce((sum, { trials }) => sum + trials, 0)
  const startMs = io.nowMs()
  const spent = countSpent(spentUsd)
  const counts = { done: 0, notOk: 0 }
  const running = new Map<string, StartedTrial & { readonly startMs: number }>()
  const region = openRegion(io)
  const standing = (): Standing => {
    const now = io.nowMs()
    return {
      ...counts,
      all,
      spent: spent.inWords(),
      elapsedMs: now - startMs,
      running: [...running.values()].map((one) => ({ ...one, elapsedMs: now - one.startMs })),
    }
  }
  const paint = (): void => {
    region.show(liveLines(standing(), roomIn(io.stderr)))
  }
  paint()
  const stop = io.every(repaintMs, paint)
  return {
    started(trial) {
      running.set(trial.id, { ...trial, startMs: io.nowMs() })
    },
    finished({ id }, line) {
      running.delete(id)
      counts.done += 1
      if (isNotOk(line)) counts.notOk += 1
      spent.add(line)
    },
    end() {
      stop()
      region.close()
    },
  }
}
