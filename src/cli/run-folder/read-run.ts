import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import type { FinishedRun } from '../../gate/pool-runs.ts'
import { judgeTally } from '../../judge/tally-judge.ts'
import { collectHalves, standsBeside } from '../../metrics/collect-halves.ts'
import { type RunSummary, summariseRun } from '../../run-evalset/summarise-run.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import type { TrialLine } from '../../schema/trial.ts'
import { plannedLines } from './planned-lines.ts'
import { linesOf, readManifest, readTrials, runFiles } from './run-folder.ts'
import { type RunSeal, wasChanged } from './run-seal.ts'

/** A run on disk, as its manifest planned it and what its trials came to. */
export interface RunOnDisk {
  readonly manifest: RunManifest
  readonly summary: RunSummary
}

/** How a run is read. */
export interface RunReading {
  /** As if it had ended after so many rounds, the last of them just finished. */
  readonly rounds?: number
  /** Of a run of this process: what it must still be. */
  readonly seal?: RunSeal | undefined
}

/**
 * A run on disk, reduced from its trial lines: never from a result that somebody wrote.
 *
 * @throws AgentEvalError (evidence) where somebody wrote into a sealed run
 */
export async function readRun(
  folder: string,
  { rounds, seal }: RunReading = {},
): Promise<RunOnDisk> {
  const judged = judgeTally()
  const run = await readSealed(folder, { seal, onLine: judged.add })
  const manifest = endedAfter(run.manifest, rounds)
  const { observed } = run
  return { manifest, summary: summariseRun(manifest, run.rows, { judged, observed }) }
}

interface RowReader {
  readonly onLine?: (line: TrialLine) => void
  readonly onText?: (text: string) => void
}

/** What this process wrote itself is in order; where it is not, somebody else wrote there, or the fault is ours. */
async function readSealed(
  folder: string,
  { onLine, seal }: RowReader & Pick<RunReading, 'seal'>,
): Promise<FinishedRun> {
  const reader = { ...(onLine !== undefined && { onLine }) }
  if (seal === undefined) return readRows(folder, reader)
  const check = seal.check()
  let run: FinishedRun
  try {
    run = await readRows(folder, { ...reader, onText: check.line })
  } catch (cause) {
    if (!(cause instanceof AgentEvalError)) throw cause
    throw (await isAsWritten(folder, seal)) ? cause : wasChanged(folder, 'trials', cause)
  }
  check.end(run.manifest)
  return run
}

/** Nobody is blamed for a line that is, byte for byte, what was written. */
async function isAsWritten(folder: string, seal: RunSeal): Promise<boolean> {
  const check = seal.check()
  try {
    for await (const text of linesOf(path.join(folder, runFiles.trials))) check.line(text)
    check.end(await readManifest(folder))
    return true
  } catch (error) {
    if (error instanceof AgentEvalError) return false
    throw error
  }
}

/**
 * The same with every trial of it, for what is made of trials and not of sums.
 *
 * @param reader - told every line that decides, as it is read, and the text of all
 */
export async function readRows(
  folder: string,
  { onLine, onText }: RowReader = {},
): Promise<FinishedRun> {
  const manifest = await readManifest(folder)
  const mode = manifest.options['mode']
  const collector = collectHalves(mode)
  const check = plannedLines(manifest, path.join(folder, runFiles.trials))
  for await (const line of readTrials(folder, { ...(onText !== undefined && { onText }) })) {
    check(line)
    collector.add(line)
    if (!standsBeside(line, mode)) onLine?.(line)
  }
  return { manifest, ...collector.finish() }
}

function endedAfter(manifest: RunManifest, rounds: number | undefined): RunManifest {
  if (rounds === undefined || manifest.sampling === undefined) return manifest
  return { ...manifest, sampling: { ...manifest.sampling, stopped: { why: 'decided', rounds } } }
}
