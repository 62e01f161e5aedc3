import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { decide } from '../../gate/decide.ts'
import { openJournal } from '../../replay/journal.ts'
import type { PlannedRun } from '../../run-evalset/plan-run.ts'
import { sealJournal } from '../../run-evalset/seal-journal.ts'
import { runResultOf } from '../../run-evalset/summarise-run.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import type { RunResult } from '../../schema/run-result.ts'
import { formatTrialKey } from '../../schema/trial-key.ts'
import type { Verdict } from '../../schema/verdict.ts'
import { createRedactor } from '../../text/redact.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import { openFileSink } from '../file-sink.ts'
import { recordHoldoutLook } from '../holdout-ledger.ts'
import type { Io } from '../io.ts'
import { type PreparedRun, prepareCommand, type RunOptions, type Shell } from '../prepare-run.ts'
import { type ChosenReporter, chooseReporters, printResult } from '../print-result.ts'
import { showProgress } from '../progress.ts'
import { evalSetFolders, openProject } from '../project.ts'
import { readRun } from '../read-run.ts'
import { reportContext } from '../report-context.ts'
import type { FinishedBefore } from '../resume-run.ts'
import { runFiles, writeDocument } from '../run-folder.ts'
import { secretValues } from '../secret-values.ts'

/** Runs the eval sets asked for, one after the other, and exits by the worst verdict. */
export async function runAction(
  named: readonly string[],
  asked: RunOptions,
  io: Io,
): Promise<void> {
  const options = looksOnly(asked) ? { ...asked, gate: false } : asked
  const chosen = chooseReporters(options)
  const project = await openProject(options.config, io)
  const verdicts: (Verdict | undefined)[] = []
  // All of them are prepared before the first is run: a mistake in the second costs nothing.
  const prepared: PreparedRun[] = []
  for (const folder of evalSetFolders(project, named)) {
    const ready = await prepareCommand(project, folder, { options, io })
    if (ready !== undefined) prepared.push(ready)
  }
  for (const run of prepared) {
    const interrupted = await execute(run, { options, io })
    if (interrupted !== undefined) {
      io.setExitCode(interrupted === 'SIGINT' ? 130 : 143)
      return
    }
    verdicts.push(await conclude(run, chosen, { options, io }))
  }
  io.setExitCode(worstExitCode(verdicts))
}

/**
 * Cases that were chosen because they failed say nothing about the whole set, and those that have
 * changed are another yardstick than the baseline's: such runs are for looking.
 */
function looksOnly({ changedSince, lastFailed }: RunOptions): boolean {
  return lastFailed === true || changedSince !== undefined
}

/** Runs what is open. Tells which signal cut it off, if one did. */
async function execute(
  run: PreparedRun,
  { io, options }: Shell,
): Promise<NodeJS.Signals | undefined> {
  const { before, folder, plan, ready } = run
  // Going on with a killed run is the same look.
  if (isHoldoutRun(plan.manifest) && before.size === 0) await countLook(run, io)
  await mkdir(folder, { recursive: true })
  await writeDocument(path.join(folder, runFiles.manifest), plan.manifest)
  const sink = openFileSink(folder)
  const redactor = createRedactor({ values: secretValues(io.env) })
  const abort = new AbortController()
  let signal: NodeJS.Signals | undefined
  const stopListening = io.onInterrupt((received) => {
    signal = received
    abort.abort()
    io.stderr.write(
      `\n${received}: finished trials are kept; go on with: agent-eval run --resume\n`,
    )
  })
  const progress = showProgress(io, openTrials(plan, before), options.quiet === true)
  const isHoldout = isHoldoutRun(plan.manifest)
  const journal = openJournal(plan.manifest.run, sink, redactor)
  try {
    await ready({
      journal: sealJournal(journal, plan.manifest),
      signal: abort.signal,
      concurrency: run.concurrency,
      isFinished: (trial) => before.has(trial),
      onTrial: (line) => {
        progress.trial(isHoldout ? { ...line, case: 'holdout' } : line)
      },
    })
  } finally {
    progress.end()
    stopListening()
    sink.close()
  }
  return signal
}

function openTrials(plan: PlannedRun, before: FinishedBefore): ReadonlyMap<string, number> {
  const open = new Map<string, number>()
  const isHoldout = isHoldoutRun(plan.manifest)
  for (const { key } of plan.trials) {
    if (before.has(formatTrialKey(key))) continue
    const name = isHoldout ? 'holdout' : key.case
    open.set(name, (open.get(name) ?? 0) + 1)
  }
  return open
}

/** Decides from the trial rows on disk, writes the result and prints it. */
async function conclude(
  run: PreparedRun,
  chosen: readonly ChosenReporter[],
  { io, options }: Shell,
): Promise<Verdict | undefined> {
  const { manifest, summary } = await readRun(run.folder)
  const gate =
    options.strict === true ? { ...manifest.gate, preset: 'release' as const } : manifest.gate
  const verdict = options.gate
    ? decide({
        candidate: summary,
        ...(run.baseline !== undefined && { baseline: run.baseline }),
        gate,
        today: io.today().slice(0, 10),
        notSelected: new Set(manifest.notSelected),
      })
    : undefined
  const result: RunResult = runResultOf(manifest, summary, verdict)
  await writeDocument(path.join(run.folder, runFiles.result), result)
  const context = { ...reportContext(result, run.shown), evalSetName: run.evalSet.shown }
  await printResult({ result, context }, chosen, { io, options })
  return verdict
}

/** Selection sees to it that a run is all holdout or none of it. */
function isHoldoutRun({ cases }: RunManifest): boolean {
  return cases.some((one) => one.split === 'holdout')
}

async function countLook({ evalSet, plan }: PreparedRun, io: Io): Promise<void> {
  const looks = await recordHoldoutLook(evalSet, plan.manifest, io.today().slice(0, 10))
  io.stderr.write(`${terminalLine(`look ${looks} at the holdout of ${evalSet.shown}`)}\n`)
}

/** A regression in one eval set is a regression; else missing evidence; else inconclusive. */
function worstExitCode(verdicts: readonly (Verdict | undefined)[]): number {
  const codes = verdicts.map((verdict) => verdict?.exitCode ?? 0)
  return [1, 4, 3].find((code) => codes.some((one) => one === code)) ?? 0
}
