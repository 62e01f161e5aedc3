import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import { baselineOf, baselineText } from '../../gate/baseline-document.ts'
import { movedRows } from '../../gate/moved-rows.ts'
import { type FinishedRun, poolRuns } from '../../gate/pool-runs.ts'
import { replaceRows } from '../../gate/replace-rows.ts'
import { renderBaselineDiff } from '../../report/baseline-diff.ts'
import {
  renderBaseline,
  renderBaselineUpdate,
  renderMovedRows,
} from '../../report/baseline-text.ts'
import { summariseRun } from '../../run-evalset/summarise-run.ts'
import { type Baseline, baseline } from '../../schema/baseline.ts'
import type { Fact } from '../../schema/verdict.ts'
import { notAccepted, thinnedOut } from '../at-base/baseline-warnings.ts'
import type { Io } from '../io.ts'
import { isThere } from '../outside/node-folder.ts'
import { wantsColour } from '../print/print-result.ts'
import { writeText } from '../print/write-text.ts'
import { openProject, type ProjectEvalSet, singleEvalSet } from '../project.ts'
import { findRun, newestRun } from '../run-folder/find-run.ts'
import { readRows } from '../run-folder/read-run.ts'
import { readDocument, readManifest, readResult, runFiles } from '../run-folder/run-folder.ts'

export interface BaselineOptions {
  readonly config?: string
  readonly from?: string
  readonly evalset?: string
  readonly case?: readonly string[]
}

export interface BaselineRequest {
  readonly name: 'show' | 'diff' | 'update'
  /** As typed; the newest run where there is none. */
  readonly runs: readonly string[]
  readonly options: BaselineOptions
}

/** `baseline show | diff | update`. */
export async function baselineAction(request: BaselineRequest, io: Io): Promise<void> {
  const { name, options } = request
  const project = await openProject(options.config, io)
  const evalSet = await singleEvalSet(project, options.evalset)
  const style = { colour: wantsColour(io, {}) }
  if (name === 'show') {
    writeText(io, renderBaseline(await committed(evalSet), style))
    return
  }
  const runs = await chooseRuns(request, { evalSet, output: project.config.output, io })
  const next = await nextBaseline(runs, evalSet, options.case ?? [])
  if (name === 'diff') {
    const now = runs.map((run) => path.basename(run)).join(', ')
    const then = path.relative(io.cwd, evalSet.baselineFile)
    writeText(io, renderBaselineDiff(await committed(evalSet), next, { ...style, now, then }))
    return
  }
  const before = await readable(evalSet)
  await writeFile(evalSet.baselineFile, baselineText(next))
  const shown = path.relative(io.cwd, evalSet.baselineFile)
  writeText(
    io,
    renderBaselineUpdate(
      shown,
      runs.map((run) => path.basename(run)),
    ),
  )
  if (before !== undefined) writeText(io, renderMovedRows(movedRows(before, next)))
  for (const warning of await warnings(runs, { before, evalSet, next })) {
    io.stderr.write(`${warning}\n`)
  }
}

interface Update {
  readonly before: Baseline | undefined
  readonly next: Baseline
  readonly evalSet: ProjectEvalSet
}

/** What whoever commits the new baseline should know before. */
async function warnings(
  runs: readonly string[],
  { before, evalSet, next }: Update,
): Promise<readonly string[]> {
  const [first = ''] = runs
  const facts: Fact[] = []
  for (const run of runs) {
    // A run that was stopped has all its trials and no result.
    if (!(await isThere(path.join(run, runFiles.result)))) continue
    const { verdict } = await readResult(run)
    facts.push(...(verdict?.facts ?? []))
  }
  const manifest = await readManifest(first)
  const thin =
    before === undefined ? [] : thinnedOut({ before, next, manifest, evalSet: evalSet.shown })
  return [...thin, ...notAccepted(facts)]
}

async function committed(evalSet: ProjectEvalSet): Promise<Baseline> {
  return readDocument(evalSet.baselineFile, baseline)
}

/** What is replaced need not be readable: replacing it is how it is mended. */
async function readable(evalSet: ProjectEvalSet): Promise<Baseline | undefined> {
  if (!(await isThere(evalSet.baselineFile))) return undefined
  try {
    return await committed(evalSet)
  } catch (error) {
    if (error instanceof AgentEvalError) return undefined
    throw error
  }
}

/**
 * The baseline that these runs make: one of them as it is, several as one; of the cases that are named
 * only these, and all others as they are committed.
 */
async function nextBaseline(
  folders: readonly string[],
  evalSet: ProjectEvalSet,
  cases: readonly string[],
): Promise<Baseline> {
  const only = cases.length === 0 ? undefined : new Set(cases)
  const runs: FinishedRun[] = []
  for (const folder of folders) {
    const run = await readRows(folder)
    requireOwn(run, evalSet)
    // Each by itself: together, what one of them left out would not show.
    asBaseline(run, only)
    runs.push(run)
  }
  const next = asBaseline(poolRuns(runs), only)
  return only === undefined ? next : replaceRows(await committed(evalSet), next, cases)
}

function asBaseline(
  { manifest, rows }: FinishedRun,
  only: ReadonlySet<string> | undefined,
): Baseline {
  return baselineOf(manifest, summariseRun(manifest, rows), only)
}

function requireOwn({ manifest }: FinishedRun, { id }: ProjectEvalSet): void {
  const other = manifest.provenance.evalSet.id
  if (other === id) return
  throw new AgentEvalError(`the run is of eval set "${other}", not of "${id}"`, 'usage')
}

async function chooseRuns(
  { runs, options: { from } }: BaselineRequest,
  where: { readonly evalSet: ProjectEvalSet; readonly output: string; readonly io: Io },
): Promise<readonly string[]> {
  const { evalSet, io, output } = where
  const named = [...runs, ...(from === undefined ? [] : [from])]
  if (named.length > 0) return Promise.all(named.map((run) => findRun(run, output, io.cwd)))
  const newest = await newestRun(
    path.resolve(io.cwd, output),
    `run of ${evalSet.id}`,
    async (folder) => {
      const manifest = await readManifest(folder)
      return manifest.provenance.evalSet.id === evalSet.id
    },
  )
  return [newest]
}
