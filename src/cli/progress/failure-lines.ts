import { sanitiseCiLog } from '../../text/sanitise-ci-log.ts'
import type { Io } from '../io.ts'
import { cappedList } from './capped-list.ts'
import { tallyCases } from './case-tally.ts'
import type { Progress, ProgressGround } from './progress.ts'

/** Whoever pays for each line needs to know that it is bad, and not every time how. */
const mostLines = 20

/** Progress for a coding agent: only cases that did not go well in every trial, and no sign of life. */
export function failureLines(
  io: Pick<Io, 'stderr'>,
  { open }: Pick<ProgressGround, 'open'>,
): Progress {
  const tally = tallyCases(open)
  const list = cappedList((text) => {
    io.stderr.write(sanitiseCiLog(`${text}\n`))
  }, mostLines)
  let hasEnded = false
  return {
    finished({ name }, line) {
      const ended = tally.add(name, line)
      if (ended !== undefined && ended.word !== 'ok') list.tell(ended)
    },
    end() {
      if (!hasEnded) list.end()
      hasEnded = true
    },
  }
}
