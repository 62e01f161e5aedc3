import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import { asJson } from '../../schema/json.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import { formatTrialKey } from '../../schema/trial-key.ts'
import { canonicalJson } from '../../text/canonical-json.ts'
import { hashOf } from '../../text/hash.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import type { Io } from '../io.ts'
import { isMissing } from '../outside/node-folder.ts'
import { findRun, isUnfinished, newestRun, wasCutShort } from './find-run.ts'
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
  /**
   * `true`: the newest unfinished run of this eval set, or a new one where only runs of others are
   * unfinished; a name: that one.
   */
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
  if (resume === undefined) return startRun(planned, output)
  if (resume !== true) return continueRun(await findRun(resume, output, io.cwd), planned, io)
  const { id } = planned.provenance.evalSet
  // A command with several eval sets that was cut off may have begun the first of them only.
  const newest = await newestRun(output, `unfinished run of ${id}`, isOpen)
  const own = await newestOf(id, output)
  if (own !== undefined) return continueRun(own, planned, io)
  const begun = terminalLine(path.basename(newest))
  io.stderr.write(`${id}: no run of it is unfinished, unlike ${begun}: a new one is started\n`)
  return startRun(planned, output)
}

async function startRun(planned: RunManifest, output: string): Promise<OpenedRun> {
  const folder = path.join(output, planned.run)
  await refuseExisting(folder)
  return { folder, manifest: planned, before: new Set() }
}

/** The newest unfinished run of an eval set, where there is one. */
async function newestOf(id: string, output: string): Promise<string | undefined> {
  try {
    return await newestRun(output, 'unfinished run', (run) => isUnfinishedRunOf(run, id))
  } catch (error) {
    if (error instanceof AgentEvalError && error.code === 'usage') return undefined
    throw error
  }
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
  const difference = moreTrials(manifest, planned) ?? firstDifference(manifest, planned)
  if (difference !== undefined) {
    throw new AgentEvalError(
      `run "${manifest.run}" was made with other inputs: ${difference}`,
      'usage',
      { hint: 'start a new run, or call it as that run was called' },
    )
  }
  return { folder, manifest: goingOn(manifest, planned), before: await finishedTrials(folder, io) }
}

async function isUnfinishedRunOf(run: string, id: string): Promise<boolean> {
  const manifest = await readManifest(run)
  return manifest.provenance.evalSet.id === id && isOpen(run)
}

async function isOpen(run: string): Promise<boolean> {
  return wasCutShort(await readManifest(run)) || isUnfinished(run)
}

/** Whoever goes on has more time or more money: what was cut off for want of it is open again. */
function goingOn(before: RunManifest, { sampling }: RunManifest): RunManifest {
  if (!wasCutShort(before)) return before
  const open = { ...before }
  delete open.sampling
  return sampling === undefined ? open : { ...open, sampling }
}

/** In words, where only the number of trials is another one; else `undefined`. */
function moreTrials(before: RunManifest, now: RunManifest): string | undefined {
  const uncounted = ({ cases }: RunManifest): string =>
    canonicalJson(asJson(cases.map((one) => ({ ...one, trials: 0 }))))
  const [then, wanted] = [trialsOf(before), trialsOf(now)]
  if (then === wanted || uncounted(before) !== uncounted(now)) return undefined
  return `it was planned with ${then} trials of each case, and this call asks for ${wanted}`
}

/** `5`, or `1 to 5` where cases have their own. */
function trialsOf({ cases }: RunManifest): string {
  const counts = cases.map(({ trials }) => trials)
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  return least === most ? `${most}` : `${least} to ${most}`
}

/** What of two plans is not the same; names and times may differ, and how a run has ended. */
function firstDifference(before: RunManifest, now: RunManifest): string | undefined {
  const [then, wanted] = [comparedOf(before), comparedOf(now)]
  const key = Object.keys(then).find((name) => then[name] !== wanted[name])
  return key === undefined ? undefined : `${key} differs`
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
  for await (const line of readTrials(folder, { onEnd: (end) => (tail = end) })) {
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
