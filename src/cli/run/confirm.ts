import path from 'node:path'
import { confirmVerdict, needsConfirmation } from '../../gate/confirm-verdict.ts'
import { decideWithFigures } from '../../gate/decide-with-figures.ts'
import { samplingOfArms } from '../../gate/sampling-of-run.ts'
import { runResultOf } from '../../run-evalset/summarise-run.ts'
import type { Verdict } from '../../schema/verdict.ts'
import { type RunOnDisk, readRun } from '../run-folder/read-run.ts'
import { runFiles, writeDocument } from '../run-folder/run-folder.ts'
import type { FreshArms, FreshRun } from './confirm-arms.ts'
import { gateInputOf } from './decide-run.ts'
import type { Deferred } from './defer-interrupt.ts'
import { type Execution, executeRuns } from './execute-runs.ts'
import type { PreparedRun, Shell } from './prepare-run.ts'

/** A first verdict, and what could take it back. */
export interface Alarm {
  readonly run: PreparedRun
  readonly verdict: Verdict
  readonly arms: FreshArms
}

/**
 * Measures both arms again where a verdict is an alarm that only numbers raised, and decides anew from
 * the fresh trials. Any other verdict stands as it is, and costs nothing more.
 */
export async function confirmIfAlarmed(
  { arms, run, verdict }: Alarm,
  shell: Shell,
  execution: Execution,
): Promise<Deferred<Verdict>> {
  if (!needsConfirmation(verdict)) return { signal: undefined, value: verdict }
  const { baseline, candidate } = arms
  if (!execution.quiet) {
    const trials = baseline.plan.trials.length + candidate.plan.trials.length
    execution.io.stderr.write(`an alarm: both arms are measured again, ${trials} trials\n`)
  }
  const signal = await executeRuns([baseline, candidate], execution)
  if (signal !== undefined) return { signal }
  const fresh = await readRun(candidate.folder, { seal: execution.seals.get(candidate.folder) })
  const freshBaseline = await readRun(baseline.folder, {
    seal: execution.seals.get(baseline.folder),
  })
  await writeNumbers(candidate, fresh)
  await writeNumbers(baseline, freshBaseline)
  const sampling = samplingOfArms([
    gateInputOf(run, fresh, shell).sampling,
    gateInputOf(run, freshBaseline, shell).sampling,
  ])
  const second = decideWithFigures({
    ...gateInputOf(run, fresh, shell),
    baseline: { arm: freshBaseline.summary, from: baseline.shown },
    ...(sampling !== undefined && { sampling }),
  })
  const runs = { baseline: baseline.shown, candidate: candidate.shown }
  return { signal: undefined, value: confirmVerdict({ first: verdict, second, runs }) }
}

/** A fresh arm by itself decides nothing. */
async function writeNumbers({ folder }: FreshRun, { manifest, summary }: RunOnDisk): Promise<void> {
  await writeDocument(path.join(folder, runFiles.result), runResultOf(manifest, summary))
}
