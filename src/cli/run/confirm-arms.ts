import path from 'node:path'
import { planFreshArm } from '../../run-evalset/plan-fresh-arm.ts'
import { prepareRun } from '../../run-evalset/run-evalset.ts'
import type { Candidate } from '../../schema/candidate.ts'
import { isRunFolder } from '../at-base/baseline-source.ts'
import { openEngines } from '../candidate/open-engines.ts'
import type { Io } from '../io.ts'
import { nodeOutside } from '../outside/outside.ts'
import { continueRun } from '../run-folder/resume-run.ts'
import { candidateOfBaseline } from './confirm-baseline.ts'
import { type Deferred, deferInterrupt } from './defer-interrupt.ts'
import type { ExecutableRun } from './execute-runs.ts'
import type { PreparedRun, Shell } from './prepare-run.ts'

/** A fresh arm of a run, ready to be measured. */
export interface FreshRun extends ExecutableRun {
  /** As the user would type it. */
  readonly shown: string
}

/** Both arms of a run once more, should it raise an alarm. */
export interface FreshArms {
  readonly baseline: FreshRun
  readonly candidate: FreshRun
  /** To be called in the end, whether the arms were measured or not. */
  readonly close: () => Promise<void>
}

/**
 * Prepares the measurement that confirms an alarm: everything that could make it impossible is found
 * before the first trial is paid.
 *
 * @returns no arms where there is no baseline: only facts can alarm then, and they need no confirmation
 * @throws AgentEvalError (usage) where the baseline cannot be measured again
 */
export async function prepareArms(
  run: PreparedRun,
  shell: Shell,
): Promise<Deferred<FreshArms | undefined>> {
  const { baseline, evalSet, subject } = run
  if (baseline === undefined) return { signal: undefined, value: undefined }
  const before = await deferInterrupt(shell.io, () =>
    candidateOfBaseline({ evalSet, baseline }, shell),
  )
  if (before.signal !== undefined) return before
  return {
    signal: undefined,
    value: {
      baseline: await prepareArm('baseline', { run, agent: before.value }, shell.io),
      candidate: await prepareArm('candidate', { run, agent: subject }, shell.io),
      close: before.value.close,
    },
  }
}

interface ArmSubject {
  readonly run: PreparedRun
  readonly agent: BaselineArm
}

/** The agent of an arm: what it is, and where its file lies. */
interface BaselineArm {
  readonly candidate: Candidate
  readonly folder?: string
  readonly agentFolder?: string
}

async function prepareArm(
  name: 'baseline' | 'candidate',
  { agent: { agentFolder, candidate, folder: place = agentFolder }, run }: ArmSubject,
  io: Io,
): Promise<FreshRun> {
  const subject = {
    ...run.subject,
    candidate,
    engines: await openEngines(
      { own: { candidate, folder: place ?? '' }, evalSet: run.evalSet, project: run.project },
      nodeOutside(io),
    ),
    ...(place !== undefined && { agentFolder: place }),
  }
  const plan = planFreshArm(run.plan.manifest, { ...subject, name })
  const folder = path.join(path.dirname(run.folder), plan.manifest.run)
  const isBegun = await isRunFolder(folder)
  const { before, manifest } = isBegun
    ? await continueRun(folder, plan.manifest, io)
    : { before: new Set<string>(), manifest: plan.manifest }
  return {
    evalSet: run.evalSet,
    plan: { ...plan, manifest },
    ready: await prepareRun(plan, subject),
    before,
    folder,
    shown: path.relative(io.cwd, folder),
  }
}
