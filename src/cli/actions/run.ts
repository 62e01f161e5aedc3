import path from 'node:path'
import { decide } from '../../gate/decide.ts'
import { decideWithFigures } from '../../gate/decide-with-figures.ts'
import { keepGoing } from '../../gate/keep-going.ts'
import { runResultOf } from '../../run-evalset/summarise-run.ts'
import type { RunResult } from '../../schema/run-result.ts'
import type { Verdict } from '../../schema/verdict.ts'
import { commandMeans } from '../candidate/command-means.ts'
import { withCassette } from '../candidate/with-cassette.ts'
import { ciContext } from '../ci/ci-context.ts'
import type { Io } from '../io.ts'
import { policyDiffOf } from '../policy/diff-of-run.ts'
import {
  type ChosenReporter,
  chooseReporters,
  printResult,
  requireFilePerSet,
  requirePageInFile,
} from '../print/print-result.ts'
import { reportContext } from '../print/report-context.ts'
import { tellRun } from '../progress/run-heading.ts'
import { evalSetFolders, openProject, type Project } from '../project.ts'
import { confirmIfAlarmed } from '../run/confirm.ts'
import { type FreshArms, prepareArms } from '../run/confirm-arms.ts'
import { gateInputOf } from '../run/decide-run.ts'
import type { Deferred } from '../run/defer-interrupt.ts'
import { type Execution, executeRuns } from '../run/execute-runs.ts'
import { type PreparedRun, prepareCommand, type Shell } from '../run/prepare-run.ts'
import { recordHistory, requireHistories } from '../run/record-history.ts'
import { looksOnly, requireVerdict } from '../run/require-verdict.ts'
import type { RunOptions } from '../run/run-options.ts'
import { tellFork } from '../run/skip-fork.ts'
import { skipUnchanged } from '../run/skip-unchanged.ts'
import { mayStart, printDryRun, purseFor } from '../run/start-spending.ts'
import { warnOfUnusedPrices } from '../run/unused-prices.ts'
import { worstExitCode } from '../run/worst-exit-code.ts'
import { type RunOnDisk, type RunReading, readRun } from '../run-folder/read-run.ts'
import { resumeCommand } from '../run-folder/resume-command.ts'
import { runFiles, writeDocument } from '../run-folder/run-folder.ts'
import type { RunSeals } from '../run-folder/run-seal.ts'
import { askedShard } from '../shards/shard.ts'

/** Runs the eval sets asked for, one after the other, and exits by the worst verdict. */
export async function runAction(
  named: readonly string[],
  asked: RunOptions,
  io: Io,
): Promise<void> {
  const options = { ...asked, gate: isGated(asked) }
  requireVerdict(options)
  const chosen = chooseReporters(options)
  requirePageInFile(chosen, io)
  const project = await openProject(options.config, io)
  const command = commandMeans(project, io, options.budget)
  const folders = evalSetFolders(project, named)
  requireFilePerSet(chosen, folders.length)
  const shard = await askedShard(folders, options, io)
  const shell = { options, io, command, chosen, isTimeUp: startClock(options, io), ...shard }
  const prepared: AskedRun[] = []
  const codes: number[] = []
  try {
    const signal = await prepareAll({ project, folders, named, prepared, codes }, shell)
    if (signal === undefined) await spendAll(prepared, codes, shell)
    else endBy(signal, io)
  } finally {
    for (const { arms } of prepared) await arms?.close()
  }
}

async function spendAll(
  prepared: readonly AskedRun[],
  codesBefore: readonly number[],
  shell: RunShell,
): Promise<void> {
  const runs = prepared.map(({ run }) => run)
  if (!(await mayStart(runs, shell))) return
  await requireHistories(runs, shell)
  await measureAll(prepared, codesBefore, shell)
}

async function measureAll(
  runs: readonly AskedRun[],
  codesBefore: readonly number[],
  shell: RunShell,
): Promise<void> {
  const { io } = shell
  const codes = [...codesBefore]
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

/** A shard is judged in the end, by whoever puts all of them together: the same rules hold as for a verdict. */
function isGated(asked: RunOptions): boolean {
  return asked.shard !== undefined || (asked.gate && !looksOnly(asked))
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
  /** Absolute folders of those that are run. */
  readonly folders: readonly string[]
  /** Takes each run as soon as it is prepared: what is open must be closed also after a mistake. */
  readonly prepared: AskedRun[]
  /** Takes the exit code of each that is not run, though nobody knows what it would have come to. */
  readonly codes: number[]
}

/**
 * All of them are prepared before the first is run: a mistake in the second costs nothing.
 *
 * @returns the signal that cut it off, if one did
 */
async function prepareAll(
  { codes, folders, named, prepared, project }: Preparing,
  shell: RunShell,
): Promise<NodeJS.Signals | undefined> {
  const { options } = shell
  const seen: PreparedRun[] = []
  for (const folder of folders) {
    const run = await prepareCommand(project, folder, shell)
    if (run === undefined) continue
    if ('kind' in run) {
      codes.push(await tellFork(run, shell))
      continue
    }
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
  tellRun(run, shell)
  const seals: RunSeals = new Map()
  const execution = {
    io,
    seals,
    isTimeUp,
    resumeWith,
    quiet: options.quiet === true,
    concurrency: run.concurrency,
    redactor: shell.command.redactor,
    spentUsd: shell.command.purse.spentUsd,
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
  if (!shell.options.gate || shell.shard !== undefined) {
    return { signal: undefined, value: undefined }
  }
  const verdict = decideWithFigures(gateInputOf(run, ended, shell))
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
  const ci = await ciContext(shell.io)
  const known = reportContext(result, { path: run.shown, manifest, ci })
  const context = { ...known, evalSetName: run.evalSet.shown }
  await printResult({ result, context }, shell.chosen, shell)
  await recordHistory(run, ended, shell)
}

function endBy(signal: NodeJS.Signals, io: Io): void {
  io.setExitCode(signal === 'SIGINT' ? 130 : 143)
}
