import path from 'node:path'
import { createControls } from '../../controls/controls.ts'
import { AgentEvalError } from '../../errors.ts'
import type { PolicyDiff } from '../../schema/policy-diff.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import { type FoundBaseline, isRunFolder, pathOfRun } from '../at-base/baseline-source.ts'
import { openEngines } from '../candidate/open-engines.ts'
import { redacted } from '../print/redacted.ts'
import { candidateOfBaseline } from '../run/confirm-baseline.ts'
import { deferInterrupt } from '../run/defer-interrupt.ts'
import type { PreparedRun, Shell } from '../run/prepare-run.ts'
import { caseBeginnings } from './case-beginnings.ts'
import { decideRunAgain } from './decide-run-again.ts'
import { rulesChanges } from './rules-changes.ts'

/** A run that is about to be reported, and how it was recorded. */
interface Reported {
  readonly run: PreparedRun
  readonly manifest: RunManifest
}

/**
 * What it means that the candidate's rules are not the baseline's: actions of this run decided by the
 * rules that the baseline's commit has, or, where the baseline is a run, that run's by the new ones.
 *
 * It informs, and never stops a run from being reported: what keeps it from being known is said instead.
 *
 * @returns nothing where there is no baseline, or where the rules are the same
 */
export async function policyDiffOf(
  reported: Reported,
  shell: Shell,
): Promise<{ readonly policyDiff?: PolicyDiff }> {
  const { manifest, run } = reported
  const { baseline } = run
  if (baseline === undefined || hasSameRules(baseline, manifest)) return {}
  try {
    const policyDiff =
      baseline.manifest === undefined
        ? await byOldRules({ ...reported, baseline }, shell)
        : await byNewRules({ ...run, baseline }, baseline.manifest, shell)
    return policyDiff === undefined ? {} : { policyDiff: redacted(policyDiff, shell.command) }
  } catch (error) {
    if (error instanceof AgentEvalError) return { policyDiff: notKnown(baseline, error) }
    throw error
  }
}

function hasSameRules({ arm }: FoundBaseline, { provenance }: RunManifest): boolean {
  return arm.provenance.candidate.policyHash === provenance.candidate.policyHash
}

function notKnown({ from }: FoundBaseline, { hint, message }: AgentEvalError): PolicyDiff {
  // Nobody asked for `--confirm` here, which finds the agent of a baseline in the same way.
  const why = message.replace(/^--confirm [^:]*: /, '')
  const unknown = hint === undefined ? why : `${why}; ${hint}`
  return { old: from, actions: '', unknown, decided: 0, undecided: 0, moved: [] }
}

type OldGround = Reported & { readonly baseline: FoundBaseline }

/** Cleaned up after also where a signal arrives: the trials are done, and the report follows. */
async function byOldRules(ground: OldGround, shell: Shell): Promise<PolicyDiff | undefined> {
  const { evalSet } = ground.run
  const ended = await deferInterrupt(shell.io, async () => {
    const old = await candidateOfBaseline({ evalSet, baseline: ground.baseline }, shell)
    try {
      return await decideByOld(ground, old, shell)
    } finally {
      await old.close()
    }
  })
  return ended.signal === undefined ? ended.value : undefined
}

async function decideByOld(
  { baseline, manifest, run }: OldGround,
  old: Awaited<ReturnType<typeof candidateOfBaseline>>,
  { command }: Shell,
): Promise<PolicyDiff> {
  const { candidate } = old
  const { evalSet, project, subject } = run
  if (candidate.policy.opa?.url !== undefined) {
    throw new AgentEvalError('the old rules are on a server, which may have others by now', 'input')
  }
  const engines = await openEngines({ own: old, project }, command.outside)
  const again = await decideRunAgain({
    run: run.folder,
    manifest,
    recorded: 'new',
    controls: createControls(candidate, evalSet.loaded.policy, engines),
    beginningOf: await caseBeginnings({ manifest, evalSet, candidate }),
  })
  const changes = rulesChanges(candidate, subject.candidate)
  return { old: `baseline ${baseline.from}`, actions: run.shown, ...again, changes }
}

async function byNewRules(
  { baseline, evalSet, subject }: PreparedRun & { readonly baseline: FoundBaseline },
  manifest: RunManifest,
  { io }: Shell,
): Promise<PolicyDiff | undefined> {
  const folder = await pathOfRun(baseline.from, io.cwd)
  if (!(await isRunFolder(folder))) return undefined
  const { candidate, engines } = subject
  const again = await decideRunAgain({
    run: folder,
    manifest,
    recorded: 'old',
    controls: createControls(candidate, evalSet.loaded.policy, engines),
    beginningOf: await caseBeginnings({ manifest, evalSet, candidate }),
  })
  return { old: `run ${path.basename(folder)}, as recorded`, actions: baseline.from, ...again }
}
