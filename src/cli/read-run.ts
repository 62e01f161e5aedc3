import { collectTrials } from '../metrics/trial-rows.ts'
import { type RunSummary, summariseRun } from '../run-evalset/summarise-run.ts'
import type { RunManifest } from '../schema/run-manifest.ts'
import { readManifest, readTrials } from './run-folder.ts'

/** A run on disk, reduced from its trial lines: never from a result that somebody wrote. */
export async function readRun(
  folder: string,
): Promise<{ readonly manifest: RunManifest; readonly summary: RunSummary }> {
  const manifest = await readManifest(folder)
  const collector = collectTrials()
  for await (const line of readTrials(folder)) collector.add(line)
  return { manifest, summary: summariseRun(manifest, collector.finish()) }
}
