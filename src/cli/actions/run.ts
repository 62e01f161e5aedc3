import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import { decide } from '../../gate/decide.ts'
import { keepGoing } from '../../gate/keep-going.ts'
import { runResultOf } from '../../run-evalset/summarise-run.ts'
import type { RunResult } from '../../schema/run-result.ts'
import type { Verdict } from '../../schema/verdict.ts'
import { commandMeans } from '../command-means.ts'
import { confirmIfAlarmed } from '../confirm.ts'
import { type FreshArms, prepareArms } from '../confirm-arms.ts'
import { gateInputOf } from '../decide-run.ts'
import type { Deferred } from '../defer-interrupt.ts'
import { type Execution, executeRuns } from '../execute-runs.ts'
import type { Io } from '../io.ts'
import { policyDiffOf } from '../policy/diff-of-run.ts'
import { type PreparedRun, prepareCommand, type Shell } from '../prepare-run.ts'
import { type ChosenReporter, chooseReporters, printResult } from '../print-result.ts'
import { evalSetFolders, openProject, type Project } from '../project.ts'
import { type RunOnDisk, type RunReading, readRun } from '../read-run.ts'
import { recordHistory, requireHistories } from '../record-history.ts'
import { reportContext } from '../report-context.ts'
import { resumeCommand } from '../resume-command.ts'
import { runFiles, writeDocument } from '../run-folder.ts'
import type { RunOptions } from '../run-options.ts'
import type { RunSeals } from '../run-seal.ts'
import { skipUnchanged } from '../skip-unchanged.ts'
import { mayStart, printDryRun, purseFor } from '../start-spending.ts'
import { warnOfUnusedPrices } from '../unused-prices.ts'
import { withCassette } from '../with-cassette.ts'

/** Runs the eval sets asked for, one after the other, and exits by the worst verdict. */
export async function runAction(
  named: readonly string[],
  asked: RunOptions,
  io: Io,
): Promise<void> {
  const options = looksOnly(asked) ? { ...asked, gate: false } : asked
  requireVerdict(options)
  const chosen = chooseReporters(options)
  const project = await openProject(options.config, io)
  const command = commandMeans(project, io, options.budget)
  const shell = { options, io, command, chosen, isTimeUp: startClock(options, io) }
  const prepared: AskedRun[] = []
  try {
    const signal = await prepareAll({ project, named, prepared }, shell)
    if (signal === undefined) await spendAll(prepared, shell)
    else endBy(signal, io)
  } finally {
    for (const { arms } of prepared) await arms?.close()
  }
}

async function spendAll(prepared: readonly AskedRun[], shell: RunShell): Promise<void> {
  const runs = prepared.map(({ run }) => run)
  if (!(await mayStart(runs, shell))) return
  await requireHistories(runs, shell)
  await measureAll(prepared, shell)
}

async function measureAll(runs: readonly AskedRun[], shell: RunShell): Promise<void> {
  const { io } = shell
  const codes: number[] = []
  for (const one of runs) {
    const ended = await measure(one, shell)
    if (ended.signal !== undefined) {
      endBy(ended.signal, io)
      return
    }
    codes.push(ended.value)
  }
  io.setExitCode(worstExitCode(codes))
}

/**
 * Cases that were chosen because they failed say nothing about the whole set, those that have changed
 * are another yardstick than the baseline's, and an agent whose controls only observe is another one
 * than production has: such runs are for looking.
 */
function looksOnly({ changedSince, lastFailed, mode }: RunOptions): boolean {
  return lastFailed === true || changedSince !== undefined || mode === 'observe'
}

/** Whoever asks for these believes that the run decides. */
function requireVerdict(options: RunOptions): void {
  const { cassette, confirm, gate, maxTrials, skipUnchanged: skips } = options
  if (confirm === true && cassette !== 'off') {
    throw new AgentEvalError('--confirm measures anew, and a cassette answers as before', 'usage', {
      hint: 'leave out one of them',
    })
  }
  if (gate) return
  const needing = [
    ...(maxTrials === undefined ? [] : ['--max-trials']),
    ...(confirm === true ? ['--confirm'] : []),
    ...(skips === true ? ['--skip-unchanged'] : []),
  ]
  const [first] = needing
  if (first === undefined) return
  throw new AgentEvalError(`${first} needs a verdict, and this run decides nothing`, 'usage', {
    hint: 'leave it out, or --no-gate, --mode observe, --last-failed and --changed-since',
  })
}

function startClock({ maxDuration }: RunOptions, io: Io): () => boolean {
  const start = io.nowMs()
  return () => maxDuration !== undefined && io.nowMs() - start >= maxDuration
}

interface RunShell extends Shell {
  readonly chosen: readonly ChosenReporter[]
  readonly isTimeUp: () => boolean
}

/** A run, and what would confirm an alarm of it, where that was asked for. */
interface AskedRun {
  readonly run: PreparedRun
  readonly arms: FreshArms | undefined
  /** What to type to go on with it, should it be cut off. */
  readonly resumeWith: string
}

interface Preparing {
  readonly project: Project
  /** Folders of eval sets, as the user typed them. */
  readonly named: readonly string[]
  /** Takes each run as soon as it is prepared: what is open must be closed also after a mistake. */
  readonly prepared: AskedRun[]
}

/**
 * All of them are prepared before the first is run: a mistake in the second costs nothing.
 *
 * @returns the signal that cut it off, if one did
 */
async function prepareAll(
  { named, prepared, project }: Preparing,
  shell: RunShell,
): Promise<NodeJS.Signals | undefined> {
  const { options } = shell
  const folders = evalSetFolders(project, named)
  const seen: PreparedRun[] = []
  for (const folder of folders) {
    const run = await prepareCommand(project, folder, shell)
    if (run === undefined) continue
    seen.push(run)
    if (await skipUnchanged(run, shell.chosen, shell)) continue
    if (options.dryRun === true) {
      await printDryRun(run, shell)
      continue
    }
    const arms = options.confirm === true ? await prepareArms(run, shell) : undefined
    if (arms !== undefined && arms.signal !== undefined) return arms.signal
    const resumeWith = resumeWords(run, { named, isAlone: folders.length === 1 }, shell.io)
    prepared.push({ run, arms: arms?.value, resumeWith })
  }
  const isAll = folders.length >= project.config.evalsets.length
  warnOfUnusedPrices(seen, project, { ...shell, isAll })
  return undefined
}

function resumeWords(
  { evalSet, folder }: PreparedRun,
  { isAlone, named }: { readonly named: readonly string[]; readonly isAlone: boolean },
  { argv }: Io,
): string {
  return resumeCommand({ argv, folder, named, ownSet: isAlone ? undefined : evalSet.shown })
}

/**
 * Runs what is open, decides from the trial rows on disk, writes the result and prints it.
 *
 * @returns the exit code of this run
 */
async function measure(
  { arms, resumeWith, run }: AskedRun,
  shell: RunShell,
): Promise<Deferred<number>> {
  const { io, isTimeUp, options } = shell
  const seals: RunSeals = new Map()
  const execution = {
    io,
    seals,
    isTimeUp,
    resumeWith,
    quiet: options.quiet === true,
    concurrency: run.concurrency,
    redactor: shell.command.redactor,
    ...purseFor(run, shell),
  }
  const readHere = (reading: RunReading = {}): Promise<RunOnDisk> =>
    readRun(run.folder, { ...reading, seal: seals.get(run.folder) })
  const goesOn = async (rounds: number): Promise<boolean> =>
    keepGoing(decide(gateInputOf(run, await readHere({ rounds }), shell)))
  const signal = await withCassette(run, shell, () => executeRuns([run], { ...execution, goesOn }))
  if (signal !== undefined) return { signal }
  const ended = await readHere()
  const decided = await decideRun({ run, arms, resumeWith }, ended, { shell, execution })
  if (decided.signal !== undefined) return decided
  await conclude(run, { ...ended, verdict: decided.value }, shell)
  return { signal: undefined, value: decided.value?.exitCode ?? codeWithoutVerdict(ended) }
}

/** Who asks for no verdict is told all the same that the money did not suffice for what was asked. */
function codeWithoutVerdict({ manifest }: RunOnDisk): number {
  return manifest.sampling?.stopped?.why === 'budget' ? 3 : 0
}

async function decideRun(
  { arms, run }: AskedRun,
  ended: RunOnDisk,
  { execution, shell }: { readonly shell: RunShell; readonly execution: Execution },
): Promise<Deferred<Verdict | undefined>> {
  if (!shell.options.gate) return { signal: undefined, value: undefined }
  const verdict = decide(gateInputOf(run, ended, shell))
  if (arms === undefined) return { signal: undefined, value: verdict }
  return confirmIfAlarmed({ run, verdict, arms }, shell, execution)
}

async function conclude(
  run: PreparedRun,
  ended: RunOnDisk & { readonly verdict: Verdict | undefined },
  shell: RunShell,
): Promise<void> {
  const { manifest, summary, verdict } = ended
  const changed = await policyDiffOf({ run, manifest }, shell)
  const result: RunResult = { ...runResultOf(manifest, summary, verdict), ...changed }
  await writeDocument(path.join(run.folder, runFiles.result), result)
  const known = reportContext(result, { path: run.shown, manifest })
  const context = { ...known, evalSetName: run.evalSet.shown }
  await printResult({ result, context }, shell.chosen, shell)
  await recordHistory(run, ended, shell)
}

function endBy(signal: NodeJS.Signals, io: Io): void {
  io.setExitCode(signal === 'SIGINT' ? 130 : 143)
}

/** A regression in one eval set is a regression; else missing evidence; else inconclusive. */
function worstExitCode(codes: readonly number[]): number {
  return [1, 4, 3].find((code) => codes.some((one) => one === code)) ?? 0
}
