import { AgentEvalError } from '../../errors.ts'
import type { PageArm } from '../../report/page/page-material.ts'
import { byStanding } from '../../schema/deciding-cases.ts'
import { asJson } from '../../schema/json.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import type { TrialLine } from '../../schema/trial.ts'
import type { Verdict } from '../../schema/verdict.ts'
import { hashOf } from '../../text/hash.ts'
import {
  baselineAt,
  type FoundBaseline,
  isRunFolder,
  pathOfRun,
  readArm,
} from '../at-base/baseline-source.ts'
import { readManifest, readTrials } from '../run-folder/run-folder.ts'
import { type EventIndex, eventIndex } from './event-index.ts'

/** One arm of a page, and where the traces of its trials can be read. */
export interface ArmSource {
  readonly arm: PageArm
  readonly events?: EventIndex
}

/** Whoever looks at a run again and again keeps what is known of its events. */
export type OpenIndex = (run: string) => EventIndex

export interface ArmPlace {
  readonly cwd: string
  readonly openIndex?: OpenIndex | undefined
}

/**
 * The trials of a run, finished or not. Of a holdout there are none.
 *
 * @param shown - the run as the user would type it
 */
export async function runSource(
  folder: string,
  shown: string,
  openIndex: OpenIndex = eventIndex,
): Promise<ArmSource> {
  const manifest = await readManifest(folder)
  if (isSealed(manifest)) return { arm: { shown } }
  const trials: TrialLine[] = []
  for await (const line of readTrials(folder)) trials.push(line)
  const events = openIndex(folder)
  await events.refresh()
  return { arm: { shown, trials }, events }
}

function isSealed({ cases }: RunManifest): boolean {
  return byStanding(cases).split === 'holdout'
}

/**
 * What a verdict compared with: the trials of a run, or the cases of a file.
 *
 * @throws AgentEvalError (input) where it is not there any more, or is another one by now
 */
export async function baselineSource(
  { from, hash }: NonNullable<Verdict['baseline']>,
  place: ArmPlace,
): Promise<ArmSource> {
  const found = await baselineFrom(from, place.cwd)
  if (hashOf(asJson(found.arm.provenance)) !== hash) {
    throw new AgentEvalError('is not what was compared with any more', 'input', {
      source: { file: from },
    })
  }
  return sourceOf(found, from, place)
}

/** The same for a run or a baseline that somebody names. */
export async function namedSource(named: string, place: ArmPlace): Promise<ArmSource> {
  return sourceOf(await readArm(named, place.cwd), named, place)
}

const atCommit = /^git:([0-9a-f]{7,40}):(.+)$/

async function baselineFrom(from: string, cwd: string): Promise<FoundBaseline> {
  const [, commit, file] = atCommit.exec(from) ?? []
  if (commit === undefined || file === undefined) return readArm(from, cwd)
  const found = await baselineAt(cwd, commit, file)
  if (found !== undefined) return found
  throw new AgentEvalError('this commit is not here', 'input', { source: { file: from } })
}

async function sourceOf(
  { arm }: FoundBaseline,
  shown: string,
  { cwd, openIndex }: ArmPlace,
): Promise<ArmSource> {
  const folder = await pathOfRun(shown, cwd)
  const source = (await isRunFolder(folder))
    ? await runSource(folder, shown, openIndex)
    : { arm: { shown } }
  if (byStanding(arm.cases).split === 'holdout') return source
  return { ...source, arm: { ...source.arm, cases: arm.cases } }
}
