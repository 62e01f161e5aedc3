import type { Io } from '../io.ts'
import { progressMode } from '../progress/progress-mode.ts'

/** Tells on stderr how far the trials are that a question about the gate needs. */
export interface TrialCounter {
  readonly trial: () => void
  readonly end: () => void
}

const repaintMs = 100
const heartbeatMs = 30_000

/** A running number on a terminal; elsewhere a sign of life every 30 seconds. */
export function countTrials(io: Io, all: number, quiet: boolean): TrialCounter {
  if (quiet) return { trial: () => undefined, end: () => undefined }
  let done = 0
  let paintedMs = Number.NEGATIVE_INFINITY
  const mode = progressMode(io)
  const isDrawn = mode === 'live'
  const stop = io.every(heartbeatMs, () => {
    if (mode === 'lines') io.stderr.write(`still playing: ${done}/${all} trials\n`)
  })
  return {
    trial() {
      done += 1
      if (!isDrawn || io.nowMs() - paintedMs < repaintMs) return
      paintedMs = io.nowMs()
      io.stderr.write(`\r  ${done}/${all} trials\u001b[K`)
    },
    end() {
      stop()
      if (isDrawn) io.stderr.write('\r\u001b[K')
    },
  }
}
