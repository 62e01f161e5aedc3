import path from 'node:path'
import type { FinishedRun } from '../gate/pool-runs.ts'
import { judgeTally } from '../judge/tally-judge.ts'
import { collectTrials } from '../metrics/trial-rows.ts'
import { type RunSummary, summariseRun } from '../run-evalset/summarise-run.ts'
import type { RunManifest } from '../schema/run-manifest.ts'
import type { TrialLine } from '../schema/trial.ts'
import { plannedLines } from './planned-lines.ts'
import { readManifest, readTrials, runFiles } from './run-folder.ts'

/** A run on disk, as its manifest planned it and what its trials came to. */
export interface RunOnDisk {
  readonly manifest: RunManifest
  readonly summary: RunSummary
}

/**
 * A run on disk, reduced from its trial lines: never from a result that somebody wrote.
 *
 * @param rounds - as if it had ended after so many rounds, the last of them just finished
 */
export async function readRun(folder: string, rounds?: number): Promise<RunOnDisk> {
  const judged = judgeTally()
  const { manifest: planned, rows } = await readRows(folder, judged.add)
  const manifest = endedAfter(planned, rounds)
  return { manifest, summary: summariseRun(manifest, rows, judged) }
}

/**
 * The same with every trial of it, for what is made of trials and not of sums.
 *
 * @param onLine - told every line, as it is read
 */
export async function readRows(
  folder: string,
  onLine: (line: TrialLine) => void = () => undefined,
): Promise<FinishedRun> {
  const manifest = await readManifest(folder)
  const collector = collectTrials()
  const check = plannedLines(manifest, path.join(folder, runFiles.trials))
  for await (const line of readTrials(folder)) {
    check(line)
    collector.add(line)
    onLine(line)
  }
  return { manifest, rows: collector.finish() }
}

function endedAfter(manifest: RunManifest, rounds: number | undefined): RunManifest {
  if (rounds === undefined || manifest.sampling === undefined) return manifest
  return { ...manifest, sampling: { ...manifest.sampling, stopped: { why: 'decided', rounds } } }
}
