import type { Io } from '../io.ts'
import { failureLines } from './failure-lines.ts'
import { liveProgress } from './live-progress.ts'
import { logLines } from './log-lines.ts'
import type { Progress, ProgressGround } from './progress.ts'
import { progressMode } from './progress-mode.ts'

const silent: Progress = { finished: () => undefined, end: () => undefined }

/** Shows it as suits who is looking on. */
export function showProgress(io: Io, ground: ProgressGround): Progress {
  switch (progressMode(io, ground.quiet)) {
    case 'silent':
      return silent
    case 'failures':
      return failureLines(io, ground)
    case 'lines':
      return logLines(io, ground)
    case 'live':
      return liveProgress(io, ground)
  }
}
