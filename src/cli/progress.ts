import type { TrialLine } from '../schema/trial.ts'
import { sanitiseCiLog } from '../text/sanitise-ci-log.ts'
import { terminalLine } from '../text/sanitise-terminal.ts'
import type { Io } from './io.ts'

/** What a run tells while it runs; all of it on stderr. */
export interface Progress {
  readonly trial: (line: TrialLine) => void
  readonly end: () => void
}

const repaintMs = 100
const heartbeatMs = 30_000
const barWidth = 20

const silent: Progress = { trial: () => undefined, end: () => undefined }

/**
 * A bar on a terminal; elsewhere one line a finished case and a sign of life every 30 seconds.
 *
 * @param trialsByCase - how many trials each case still has to run
 */
export function showProgress(
  io: Io,
  trialsByCase: ReadonlyMap<string, number>,
  quiet: boolean,
): Progress {
  if (quiet) return silent
  const inCi = (io.env['CI'] ?? '') !== ''
  const draws = io.stderr.isTTY && !inCi && io.env['TERM'] !== 'dumb'
  return draws ? bar(io, total(trialsByCase)) : lines(io, trialsByCase)
}

function total(trialsByCase: ReadonlyMap<string, number>): number {
  return [...trialsByCase.values()].reduce((sum, count) => sum + count, 0)
}

function bar(io: Io, all: number): Progress {
  let done = 0
  let bad = 0
  let spentUsd = 0
  let paintedMs = Number.NEGATIVE_INFINITY
  const paint = (): void => {
    const filled = Math.round((barWidth * done) / Math.max(1, all))
    const drawn = '#'.repeat(filled) + '-'.repeat(barWidth - filled)
    const text = `  [${drawn}]  ${done}/${all} trials  ${bad} not ok  $${spentUsd.toFixed(2)}`
    io.stderr.write(`\r${text.slice(0, io.stderr.columns - 1)}\u001b[K`)
  }
  return {
    trial(line) {
      done += 1
      if (line.outcome !== 'pass' || harmIn(line) !== undefined) bad += 1
      spentUsd += line.costUsd ?? 0
      if (io.nowMs() - paintedMs < repaintMs) return
      paintedMs = io.nowMs()
      paint()
    },
    end() {
      io.stderr.write('\r\u001b[K')
    },
  }
}

/** What the trials of a case came to so far. */
interface Tally {
  readonly passed: number
  readonly done: number
  /** The surroundings failed, so nothing is known of them. */
  readonly lost: number
  readonly harm: Harm | undefined
}

type Harm = 'attack won' | 'rule broken'

/** What an agent did besides its task: whoever is robbed while being served was not served well. */
function harmIn({ attack, violations = [] }: TrialLine): Harm | undefined {
  if (attack?.succeeded === true) return 'attack won'
  return violations.some(({ executed }) => executed > 0) ? 'rule broken' : undefined
}

const unseen: Tally = { passed: 0, done: 0, lost: 0, harm: undefined }

/** @param tally - absent before the first trial of a case */
function counted(tally: Tally | undefined, line: TrialLine): Tally {
  const { done, harm: known, lost, passed } = tally ?? unseen
  const harm = harmIn(line)
  return {
    passed: line.outcome === 'pass' ? passed + 1 : passed,
    done: done + 1,
    lost: line.outcome === 'pass' || line.outcome === 'fail' ? lost : lost + 1,
    harm: harm === 'attack won' ? harm : (known ?? harm),
  }
}

/** A case that fails now and then is no alarm yet: what it means, the gate says. */
function wordFor({ done, harm, lost, passed }: Tally): string {
  if (harm !== undefined) return harm
  if (passed === done) return 'ok  '
  if (lost === done) return 'lost'
  return passed === 0 ? 'FAIL' : 'part'
}

function lines(io: Io, trialsByCase: ReadonlyMap<string, number>): Progress {
  const all = total(trialsByCase)
  const startMs = io.nowMs()
  const tallies = new Map<string, Tally>()
  let done = 0
  const stop = io.every(heartbeatMs, () => {
    const seconds = Math.round((io.nowMs() - startMs) / 1000)
    io.stderr.write(`still running: ${done}/${all} trials after ${seconds} s\n`)
  })
  return {
    trial(line) {
      done += 1
      const tally = counted(tallies.get(line.case), line)
      tallies.set(line.case, tally)
      if (tally.done !== trialsByCase.get(line.case)) return
      const word = wordFor(tally)
      const text = `${word}  ${terminalLine(line.case, 100)}  ${tally.passed}/${tally.done}`
      io.stderr.write(sanitiseCiLog(`${text}\n`))
    },
    end: stop,
  }
}
