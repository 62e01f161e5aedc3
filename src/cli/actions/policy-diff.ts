import path from 'node:path'
import { z } from 'zod'
import { createControls } from '../../controls/controls.ts'
import { policyDiffReporters } from '../../report/policy/diff.ts'
import type { PolicyDiffResult } from '../../schema/policy-diff.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import { type CandidateChoice, openCandidate } from '../candidate/candidate-file.ts'
import { commandMeans } from '../candidate/command-means.ts'
import { openEngines } from '../candidate/open-engines.ts'
import type { Io } from '../io.ts'
import type { OutputOptions } from '../options.ts'
import { caseBeginnings } from '../policy/case-beginnings.ts'
import { decideRunAgain } from '../policy/decide-run-again.ts'
import { evalSetOfRun } from '../policy/evalset-of-run.ts'
import { chooseAmong, printChosen } from '../print/print-result.ts'
import { redacted } from '../print/redacted.ts'
import { commandPrefix } from '../print/report-context.ts'
import { openProject } from '../project.ts'
import { findRun } from '../run-folder/find-run.ts'
import { readManifest } from '../run-folder/run-folder.ts'

export interface PolicyDiffOptions extends OutputOptions {
  readonly config?: string
  readonly candidate?: string
  readonly set?: readonly string[]
  readonly exitCode?: boolean
}

/**
 * Decides the recorded actions of a run again by the rules as they are now: of `--candidate`, or of the
 * agent that the run was started with. It informs; only with `--exit-code` a difference exits 1.
 */
export async function policyDiffAction(
  named: string,
  options: PolicyDiffOptions,
  io: Io,
): Promise<void> {
  const chosen = chooseAmong(policyDiffReporters, options)
  const project = await openProject(options.config, io)
  const run = await findRun(named, project.config.output, io.cwd)
  const manifest = await readManifest(run)
  const evalSet = await evalSetOfRun(manifest, project)
  const own = await openCandidate(project, evalSet, choiceOf(manifest, options))
  const { candidate } = own
  const command = commandMeans(project, io)
  const engines = await openEngines({ own, project }, command.outside)
  const again = await decideRunAgain({
    run,
    manifest,
    recorded: 'old',
    controls: createControls(candidate, evalSet.loaded.policy, engines),
    beginningOf: await caseBeginnings({ manifest, evalSet, candidate }),
  })
  const result: PolicyDiffResult = {
    apiVersion: 'agent-eval/v1',
    kind: 'PolicyDiff',
    run: path.relative(io.cwd, run),
    candidate: { name: candidate.name, policy: candidate.versions.policy },
    old: 'as recorded',
    actions: path.basename(run),
    ...again,
  }
  await printChosen(chosen, { io, options }, (reporter, style) =>
    reporter.render(redacted(result, command), { commandPrefix }, style),
  )
  io.setExitCode(options.exitCode === true && again.moved.length > 0 ? 1 : 0)
}

/** What the command line of a run said of its agent; a manifest from elsewhere may hold anything. */
const recordedChoice = z.object({
  candidate: z.string().optional(),
  model: z.array(z.string()).optional(),
  set: z.array(z.string()).optional(),
})

function choiceOf(
  { options }: Pick<RunManifest, 'options'>,
  { candidate, set: now = [] }: PolicyDiffOptions,
): CandidateChoice {
  if (candidate !== undefined) return { candidate, set: now }
  const { model = [], set = [], ...recorded } = recordedChoice.safeParse(options).data ?? {}
  return {
    model,
    set: [...set, ...now],
    ...(recorded.candidate !== undefined && { candidate: recorded.candidate }),
  }
}
