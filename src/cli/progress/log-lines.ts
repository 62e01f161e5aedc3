import { sanitiseCiLog } from '../../text/sanitise-ci-log.ts'
import type { Io } from '../io.ts'
import { cappedList, isNews } from './capped-list.ts'
import { type FinishedCase, isNotOk, tallyCases } from './case-tally.ts'
import { clockTime } from './clock-time.ts'
import type { Progress, ProgressGround } from './progress.ts'
import { countSpent } from './spent.ts'
import { wordCounts } from './word-counts.ts'

/** With more cases than this, those that went well are only counted. */
const mostCasesOneByOne = 40
/** Of a long run; whoever has more alarms than this reads the report. */
const mostAlarms = 20

/**
 * Progress as lines of a log: each finished case of a short run; of a long one a line every tenth, and
 * the cases that did worse than in the baseline or, where there is none, with nothing good about them.
 * After half a minute of silence there is a sign of life.
 */
export function logLines(io: Io, { open, spentUsd }: ProgressGround): Progress {
  const all = [...open.values()].reduce((sum, { trials }) => sum + trials, 0)
  const isLong = open.size > mostCasesOneByOne
  const [tally, counts, spent] = [tallyCases(open), wordCounts(), countSpent(spentUsd)]
  let [done, notOk, hasEnded] = [0, 0, false]
  const standing = (): string => {
    const bad = notOk === 0 ? [] : [`${notOk} not ok`]
    return [`${done}/${all} trials`, ...bad, spent.inWords() ?? []].flat().join('  ')
  }
  const { say, stop } = sayingAlive(
    io,
    (elapsed) => `still running  ${standing()}  after ${elapsed}`,
  )
  const list = cappedList(say, isLong ? mostAlarms : Number.POSITIVE_INFINITY)
  const tellCase = (ended: ReturnType<typeof tally.add>): void => {
    if (ended === undefined) return
    counts.add(ended)
    if (!isLong || isAlarm(ended)) list.tell(ended)
  }
  return {
    finished({ name }, line) {
      const before = tenthsOf(done, all)
      done += 1
      if (isNotOk(line)) notOk += 1
      spent.add(line)
      tellCase(tally.add(name, line))
      const now = tenthsOf(done, all)
      if (isLong && now > before) say(`${String(10 * now).padStart(3)} %  ${standing()}`)
    },
    end() {
      stop()
      if (hasEnded) return
      hasEnded = true
      list.end()
      if (isLong && counts.total() > 0) say(`finished cases: ${counts.inWords()}`)
    },
  }
}

/** A case without a baseline that fails now and then is no news in a long run. */
function isAlarm(ended: FinishedCase): boolean {
  return isNews(ended) && !(ended.word === 'part' && ended.standing === 'alone')
}

function tenthsOf(done: number, all: number): number {
  return Math.floor((10 * done) / all)
}

const tickMs = 5_000

/**
 * Says lines, and after a silence that it is alive, since CI ends jobs that say nothing. In the hours
 * of a long run that comes less often, so that the log of a night stays readable.
 */
function sayingAlive(
  io: Io,
  signOfLife: (elapsed: string) => string,
): { readonly say: (text: string) => void; readonly stop: () => void } {
  const startMs = io.nowMs()
  let saidMs = startMs
  const say = (text: string): void => {
    saidMs = io.nowMs()
    io.stderr.write(sanitiseCiLog(`${text}\n`))
  }
  const stop = io.every(tickMs, () => {
    const elapsedMs = io.nowMs() - startMs
    if (io.nowMs() - saidMs >= silenceMs(elapsedMs)) say(signOfLife(clockTime(elapsedMs)))
  })
  return { say, stop }
}

/** A tenth of the time so far, between half a minute and five minutes. */
function silenceMs(elapsedMs: number): number {
  return Math.min(Math.max(elapsedMs / 10, 30_000), 300_000)
}
