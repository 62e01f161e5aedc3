import { z } from 'zod'
import type { AgentChoice, ReportContext, ReportedCase } from '../../report/reporter.ts'
import type { CaseStats } from '../../schema/case-stats.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import type { Comparison, RunResult } from '../../schema/run-result.ts'
import type { CiContext } from '../ci/ci-context.ts'

/** What reports suggest to type. */
export const commandPrefix = 'npx agent-eval'

/** The candidate's run, as far as it is known. */
export interface ReportedRun {
  /** As the user would type it. */
  readonly path?: string | undefined
  readonly manifest?: ReportedManifest | undefined
  /** What the CI host tells, where there is one. */
  readonly ci?: CiContext | undefined
  /** Its cases, for a document that has none. */
  readonly cases?: readonly CaseStats[] | undefined
}

type ReportedManifest = Pick<RunManifest, 'options'> &
  Partial<Pick<RunManifest, 'cases' | 'gate' | 'notSelected' | 'shard'>>

/** What a report needs besides the document: how the user reaches it again. */
export function reportContext(
  result: RunResult | Comparison,
  { cases, ci, manifest, path }: ReportedRun = {},
): ReportContext {
  const { provenance } = result.kind === 'RunResult' ? result : result.candidate
  const agent = manifest === undefined ? undefined : agentOf(manifest)
  return {
    ...ci,
    evalSetName: provenance.evalSet.id,
    commandPrefix,
    runPath: path,
    agent,
    ...(manifest !== undefined && standingOf(manifest)),
    baselineTrials: manifest === undefined ? undefined : baselineTrialsOf(manifest),
    ...(cases !== undefined && { cases: placedCases(cases, manifest?.cases ?? []) }),
  }
}

/** What keeps a run from being decided on, compared or taken for a baseline like any other. */
function standingOf({
  notSelected = [],
  options,
  shard,
}: ReportedManifest): Pick<ReportContext, 'isPartial' | 'isUncompared' | 'shard'> {
  return {
    ...(shard !== undefined && { shard: { index: shard.index, total: shard.total } }),
    ...(notSelected.length > 0 && { isPartial: true }),
    ...(options['baseline'] === 'none' && { isUncompared: true }),
  }
}

/** What the gate advises for runs like this one; `undefined` where `--trials` made it unlike the usual. */
function baselineTrialsOf({ cases = [], gate, options }: ReportedManifest): number | undefined {
  if (gate === undefined || options['trials'] !== undefined || cases.length === 0) return undefined
  return Math.ceil(gate.baseline.trials_factor * Math.max(...cases.map(({ trials }) => trials)))
}

/** With the lines at which the run's manifest says they stand. */
function placedCases(
  cases: readonly CaseStats[],
  planned: RunManifest['cases'],
): readonly ReportedCase[] {
  const places = new Map(planned.map(({ file, id, line }) => [id, { file, line }]))
  return cases.map((one) => ({ ...one, ...places.get(one.id) }))
}

const agentChoice = z.object({
  candidate: z.string().optional(),
  model: z.array(z.string()).optional(),
  set: z.array(z.string()).optional(),
})

/** Which agent the command line named; a manifest from elsewhere may hold anything there. */
export function agentOf({ options }: Pick<RunManifest, 'options'>): AgentChoice | undefined {
  return agentChoice.safeParse(options).data
}
