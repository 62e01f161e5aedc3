import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import { baselineOf, baselineText } from '../../gate/baseline-document.ts'
import { renderBaseline, renderBaselineDiff } from '../../report/baseline-text.ts'
import { type Baseline, baseline } from '../../schema/baseline.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import { findRun, newestRun } from '../find-run.ts'
import type { Io } from '../io.ts'
import { wantsColour } from '../print-result.ts'
import { openProject, type ProjectEvalSet, singleEvalSet } from '../project.ts'
import { readRun } from '../read-run.ts'
import { readDocument, readManifest } from '../run-folder.ts'

export interface BaselineOptions {
  readonly config?: string
  readonly from?: string
  readonly evalset?: string
}

export interface BaselineRequest {
  readonly name: 'show' | 'diff' | 'update'
  readonly run: string | undefined
  readonly options: BaselineOptions
}

/** `baseline show | diff | update`. */
export async function baselineAction(request: BaselineRequest, io: Io): Promise<void> {
  const { name, options } = request
  const project = await openProject(options.config, io)
  const evalSet = await singleEvalSet(project, options.evalset)
  const style = { colour: wantsColour(io, {}) }
  if (name === 'show') {
    io.stdout.write(renderBaseline(await committed(evalSet), style))
    return
  }
  const run = await chooseRun(request, { evalSet, output: project.config.output, io })
  const { manifest, summary } = await readRun(run)
  const next = baselineOf(manifest, summary)
  if (next.provenance.evalSet.id !== evalSet.id) {
    const other = next.provenance.evalSet.id
    throw new AgentEvalError(`the run is of eval set "${other}", not of "${evalSet.id}"`, 'usage')
  }
  if (name === 'diff') {
    io.stdout.write(renderBaselineDiff(await committed(evalSet), next, style))
    return
  }
  await writeFile(evalSet.baselineFile, baselineText(next))
  const shown = path.relative(io.cwd, evalSet.baselineFile)
  const text = `${shown} now stands for ${path.basename(run)}; commit it to accept it`
  io.stdout.write(`${terminalLine(text)}\n`)
}

async function committed(evalSet: ProjectEvalSet): Promise<Baseline> {
  return readDocument(evalSet.baselineFile, baseline)
}

async function chooseRun(
  { run }: BaselineRequest,
  where: { readonly evalSet: ProjectEvalSet; readonly output: string; readonly io: Io },
): Promise<string> {
  const { evalSet, io, output } = where
  if (run !== undefined) return findRun(run, output, io.cwd)
  return newestRun(path.resolve(io.cwd, output), `run of ${evalSet.id}`, async (folder) => {
    const manifest = await readManifest(folder)
    return manifest.provenance.evalSet.id === evalSet.id
  })
}
