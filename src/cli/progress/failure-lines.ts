import { sanitiseCiLog } from '../../text/sanitise-ci-log.ts'
import type { Io } from '../io.ts'
import { cappedList, isNews } from './capped-list.ts'
import { tallyCases } from './case-tally.ts'
import type { Progress, ProgressGround } from './progress.ts'
import { wordCounts } from './word-counts.ts'

/** Whoever pays for each line needs to know that it is bad, and not every time how. */
const mostLines = 20

/**
 * Progress for a coding agent: no sign of life, and of the cases that did not go well in every trial
 * those that did worse than in the baseline, where there is one; the rest is counted.
 */
export function failureLines(
  io: Pick<Io, 'stderr'>,
  { open }: Pick<ProgressGround, 'open'>,
): Progress {
  const tally = tallyCases(open)
  const say = (text: string): void => {
    io.stderr.write(sanitiseCiLog(`${text}\n`))
  }
  const list = cappedList(say, mostLines)
  const known = wordCounts()
  let hasEnded = false
  return {
    finished({ name }, line) {
      const ended = tally.add(name, line)
      if (ended === undefined || ended.word === 'ok') return
      if (isNews(ended)) list.tell(ended)
      else known.add(ended)
    },
    end() {
      if (hasEnded) return
      hasEnded = true
      list.end()
      if (known.total() > 0) say(`not listed: ${known.inWords()}`)
    },
  }
}
