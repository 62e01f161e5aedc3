import { runResultOf } from '../../run-evalset/summarise-run.ts'
import { type RunResult, runResult } from '../../schema/run-result.ts'
import { isRunFolder, pathOfRun } from '../baseline-source.ts'
import { isUnfinished } from '../find-run.ts'
import type { Io } from '../io.ts'
import type { OutputOptions } from '../options.ts'
import { chooseReporters, printResult } from '../print-result.ts'
import { readRun } from '../read-run.ts'
import { reportContext } from '../report-context.ts'
import { readDocument, readManifest, readResult } from '../run-folder.ts'

export type ReportOptions = OutputOptions

/** Renders a finished run again, or what there is of an unfinished one. */
export async function reportAction(named: string, options: ReportOptions, io: Io): Promise<void> {
  const chosen = chooseReporters(options)
  const file = await pathOfRun(named, io.cwd)
  const result = await readResultOf(file)
  const run = (await isRunFolder(file)) ? { path: named, manifest: await readManifest(file) } : {}
  await printResult({ result, context: reportContext(result, run) }, chosen, { io, options })
}

/** The result of a run folder or of a `result.json`. */
export async function readResultOf(file: string): Promise<RunResult> {
  if (!(await isRunFolder(file))) return readDocument(file, runResult)
  if (!(await isUnfinished(file))) return readResult(file)
  const { manifest, summary } = await readRun(file)
  return runResultOf(manifest, summary)
}
