import { setMaxListeners } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { openJournal } from '../../replay/journal.ts'
import { usd } from '../../report/format.ts'
import type { JudgeStart } from '../../run-evalset/open-judge.ts'
import type { EarlyStop, TrialPurse } from '../../run-evalset/run-rounds.ts'
import { sealJournal } from '../../run-evalset/seal-journal.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import type { Redactor } from '../../text/redact.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import type { Io } from '../io.ts'
import { isHoldoutRun, openCases, startedTrials } from '../progress/open-cases.ts'
import type { Progress } from '../progress/progress.ts'
import { showProgress } from '../progress/show-progress.ts'
import { tellStarts } from '../progress/tell-starts.ts'
import { openFileSink } from '../run-folder/file-sink.ts'
import { recordHoldoutLook } from '../run-folder/holdout-ledger.ts'
import { runFiles, writeDocument } from '../run-folder/run-folder.ts'
import { type RunSeals, sealRun } from '../run-folder/run-seal.ts'
import type { PreparedRun } from './prepare-run.ts'

/** What of a prepared run is needed to run it. */
export interface ExecutableRun
  extends Pick<PreparedRun, 'before' | 'evalSet' | 'folder' | 'plan' | 'ready'> {
  /** What progress sets it beside; absent for a fresh arm, which is compared with the other one. */
  readonly baseline?: PreparedRun['baseline']
}

/** How runs are run. */
export interface Execution {
  readonly io: Io
  readonly quiet: boolean
  /** What to type to go on with what is cut off. */
  readonly resumeWith: string
  /** For all that is written. */
  readonly redactor: Redactor
  /** Trials in flight at once, of all runs together. */
  readonly concurrency: number
  readonly isTimeUp: () => boolean
  /** Whether there is money for one more trial; absent: there is no budget. */
  readonly purseOf?: (run: ExecutableRun) => TrialPurse
  /** US dollars paid for models so far. */
  readonly spentUsd: () => number
  /** Takes the seal of each run that is run, for whoever reads it. */
  readonly seals: RunSeals
  /** Whether a run that may end early goes on after so many rounds; absent: it always does. */
  readonly goesOn?: (rounds: number) => Promise<boolean>
}

/**
 * Runs what is open, several runs side by side: arms that are measured at the same time see the same
 * surroundings. A run that has ended early is not gone on with.
 *
 * Whatever ends a run before its last trial is written into its manifest, so that what was not started
 * is told from what was lost.
 *
 * @returns the signal that cut it off, if one did
 */
export async function executeRuns(
  runs: readonly ExecutableRun[],
  execution: Execution,
): Promise<NodeJS.Signals | undefined> {
  const { io } = execution
  const open = runs.filter((run) => endOf(run) === undefined)
  for (const run of open) await openFolder(run, io)
  const abort = new AbortController()
  // Every trial in flight listens; there are as many as were asked for.
  setMaxListeners(0, abort.signal)
  let signal: NodeJS.Signals | undefined
  const progress = showProgress(io, {
    open: openCases(open),
    quiet: execution.quiet,
    spentUsd: execution.spentUsd,
  })
  const stopListening = io.onInterrupt((received) => {
    signal = received
    abort.abort()
    progress.end()
    io.stderr.write(interruptText(received, execution.resumeWith))
  })
  const ends = runs.flatMap((run) => endOf(run) ?? [])
  try {
    await together(open, { execution, abort }, async (run, concurrency) => {
      const end = await execute(run, { ...execution, concurrency, abort, progress })
      if (end !== undefined) ends.push(end)
    })
  } finally {
    progress.end()
    stopListening()
  }
  if (!execution.quiet) for (const text of new Set(ends.map(endText))) io.stderr.write(text)
  return signal
}

/** In flight may be an agent that does not end when it is told to; nobody has to wait for it. */
function interruptText(signal: NodeJS.Signals, resumeWith: string): string {
  const again = signal === 'SIGINT' ? 'Ctrl-C again' : 'a second signal'
  return (
    `\n${signal}: finished trials are kept; go on with: ${resumeWith}\n` +
    `ending the trials in flight; ${again} ends at once\n`
  )
}

function endOf({ plan }: ExecutableRun): EarlyStop | undefined {
  return plan.manifest.sampling?.stopped
}

async function openFolder({ before, evalSet, folder, plan }: ExecutableRun, io: Io): Promise<void> {
  // Going on with a killed run is the same look.
  if (isHoldoutRun(plan.manifest) && before.size === 0) {
    const looks = await recordHoldoutLook(evalSet, plan.manifest, io.today().slice(0, 10))
    io.stderr.write(`${terminalLine(`look ${looks} at the holdout of ${evalSet.shown}`)}\n`)
  }
  await mkdir(folder, { recursive: true })
  // Of a run whose money had run out: until it ends again, it has none.
  await rm(path.join(folder, runFiles.result), { force: true })
  await writeDocument(path.join(folder, runFiles.manifest), plan.manifest)
}

interface Together {
  readonly execution: Execution
  readonly abort: AbortController
}

/** Each run gets its share of the trials in flight; where there is less than one for each, one by one. */
async function together(
  runs: readonly ExecutableRun[],
  { abort, execution: { concurrency } }: Together,
  work: (run: ExecutableRun, concurrency: number) => Promise<void>,
): Promise<void> {
  if (runs.length > concurrency) {
    for (const run of runs) await work(run, concurrency)
    return
  }
  const share = Math.floor(concurrency / Math.max(1, runs.length))
  const ends = await Promise.allSettled(
    runs.map((run) =>
      work(run, share).catch((fault: unknown) => {
        // What the others measure is of no use without this one.
        abort.abort()
        throw fault
      }),
    ),
  )
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

interface OneExecution extends Execution {
  readonly abort: AbortController
  readonly progress: Progress
}

async function execute(
  run: ExecutableRun,
  execution: OneExecution,
): Promise<EarlyStop | undefined> {
  const { abort, concurrency, goesOn, io, isTimeUp, progress, purseOf, redactor, seals } = execution
  const { before, folder, plan, ready } = run
  const { manifest } = plan
  const seal = await sealRun(folder, manifest)
  seals.set(folder, seal)
  const sink = openFileSink(folder, seal)
  const written = sealJournal(openJournal(manifest.run, sink, redactor), manifest)
  const first = manifest.sampling?.firstLook
  const trialOf = startedTrials(manifest)
  const journal = tellStarts(written, (key) => progress.started?.(trialOf(key)))
  try {
    const stopped = await ready.run({
      journal,
      signal: abort.signal,
      concurrency,
      isFinished: (trial) => before.has(trial),
      onTrial: (line) => {
        progress.finished(trialOf(line), line)
      },
      isTimeUp,
      resumeWith: execution.resumeWith,
      onJudge: (start) => {
        io.stderr.write(judgeStartText(start))
      },
      ...(purseOf !== undefined && { purse: purseOf(run) }),
      ...(first !== undefined && goesOn !== undefined && { looks: { first, goesOn } }),
    })
    if (stopped === undefined || abort.signal.aborted) return undefined
    const ended = endedEarly(manifest, stopped)
    await writeDocument(path.join(folder, runFiles.manifest), ended)
    seal.setManifest(ended)
    return stopped
  } finally {
    sink.close()
  }
}

/** What asking about canaries cost stands in no trial, so that it is said here. */
function judgeStartText({ canaries, costUsd, stopped }: JudgeStart): string {
  const cost = costUsd === undefined ? 'at an unknown cost' : `for ${usd(costUsd)}`
  const lines = [
    ...(canaries === 0 ? [] : [`the judge was asked again about ${canaries} canaries, ${cost}`]),
    ...(stopped === undefined ? [] : [`the judge is not asked: ${stopped}`]),
  ]
  return lines.map((line) => `${terminalLine(line)}\n`).join('')
}

function endedEarly(manifest: RunManifest, stopped: EarlyStop): RunManifest {
  const rounds = Math.max(1, ...manifest.cases.map((one) => one.trials))
  const { firstLook, maxTrials } = manifest.sampling ?? { firstLook: rounds, maxTrials: rounds }
  return { ...manifest, sampling: { firstLook, maxTrials, stopped } }
}

function endText({ rounds, why }: EarlyStop): string {
  const done = `${rounds} ${rounds === 1 ? 'trial' : 'trials'} of every case`
  const words = { decided: 'decided', time: 'time was up', budget: 'the budget was spent' }
  return `${words[why]} after ${done}\n`
}
