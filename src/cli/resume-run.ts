import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../errors.ts'
import { asJson } from '../schema/json.ts'
import type { RunManifest } from '../schema/run-manifest.ts'
import { formatTrialKey } from '../schema/trial-key.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import { hashOf } from '../text/hash.ts'
import { findRun, isUnfinished, newestRun } from './find-run.ts'
import type { Io } from './io.ts'
import { isMissing } from './node-folder.ts'
import { mendTail, readManifest, readTrials } from './run-folder.ts'

/** Trials that an earlier process has finished, by their key as text. */
export type FinishedBefore = ReadonlySet<string>

/** A run's name: what, when, and enough of a hash that two started together differ. */
export function newRun(evalSetId: string, createdAt: string): string {
  const stamp = createdAt.replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15)
  const hash = hashOf(`${evalSetId} ${createdAt}`).slice(-4)
  return `${evalSetId}-${stamp}-${hash}`
}

export interface ResumeRequest {
  /** Absolute. */
  readonly output: string
  /** `true`: the newest unfinished run of this eval set; a name: that one. */
  readonly resume: string | true | undefined
  readonly io: Io
}

export interface OpenedRun {
  readonly folder: string
  readonly manifest: RunManifest
  readonly before: FinishedBefore
}

/**
 * Opens the folder of a new run, or of the one to go on with.
 *
 * @throws AgentEvalError (usage) when the run to go on with was planned differently: its trials
 *   would be mixed with trials of something else
 */
export async function resumeRun(planned: RunManifest, request: ResumeRequest): Promise<OpenedRun> {
  const { io, output, resume } = request
  if (resume === undefined) {
    const folder = path.join(output, planned.run)
    await refuseExisting(folder)
    return { folder, manifest: planned, before: new Set() }
  }
  const { id } = planned.provenance.evalSet
  const folder =
    resume === true
      ? await newestRun(output, `unfinished run of ${id}`, (run) => isUnfinishedRunOf(run, id))
      : await findRun(resume, output, io.cwd)
  return continueRun(folder, planned, io)
}

/**
 * Opens the folder of a run that was begun.
 *
 * @throws AgentEvalError (usage) when it was planned differently
 */
export async function continueRun(
  folder: string,
  planned: RunManifest,
  io: Io,
): Promise<OpenedRun> {
  const manifest = await readManifest(folder)
  const difference = firstDifference(manifest, planned)
  if (difference !== undefined) {
    throw new AgentEvalError(
      `run "${manifest.run}" was made with other inputs: ${difference} differs`,
      'usage',
      { hint: 'start a new run, or call it as that run was called' },
    )
  }
  return { folder, manifest, before: await finishedTrials(folder, io) }
}

async function isUnfinishedRunOf(run: string, id: string): Promise<boolean> {
  if (!(await isUnfinished(run))) return false
  return (await readManifest(run)).provenance.evalSet.id === id
}

/** What of two plans is not the same; names and times may differ, and how a run has ended. */
function firstDifference(before: RunManifest, now: RunManifest): string | undefined {
  const [then, wanted] = [comparedOf(before), comparedOf(now)]
  return Object.keys(then).find((key) => then[key] !== wanted[key])
}

function comparedOf({ provenance, gate, cases, options, sampling }: RunManifest): Compared {
  // Whoever goes on may have other time, and more money.
  const lasting = { ...options }
  delete lasting['maxDuration']
  delete lasting['budget']
  // A run that only time can end is looked at once, like one that nothing can end.
  const looks = sampling === undefined ? 1 : sampling.maxTrials - sampling.firstLook + 1
  const parts = asJson({ provenance, gate, cases, options: lasting, looks })
  return Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, canonicalJson(part)]),
  )
}

type Compared = Readonly<Record<string, string>>

async function finishedTrials(folder: string, io: Io): Promise<FinishedBefore> {
  const finished = new Set<string>()
  let tail = { wholeBytes: 0, torn: false }
  for await (const line of readTrials(folder, (end) => (tail = end))) {
    finished.add(formatTrialKey(line))
  }
  if (tail.torn) io.stderr.write('the last trial line was torn and is run again\n')
  await mendTail(folder, tail)
  return finished
}

async function refuseExisting(folder: string): Promise<void> {
  try {
    await readdir(folder)
  } catch (error) {
    if (isMissing(error)) return
    throw error
  }
  throw new AgentEvalError(`${path.basename(folder)} exists already`, 'usage', {
    hint: 'go on with it by --resume, or start again in a second',
  })
}
