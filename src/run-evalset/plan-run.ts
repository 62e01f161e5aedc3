import { uncalibratedCriteria } from '../judge/tally-judge.ts'
import { behindOf } from '../providers/registry.ts'
import type { Candidate } from '../schema/candidate.ts'
import type { EvalCase } from '../schema/case.ts'
import { byStanding } from '../schema/deciding-cases.ts'
import { asJson, type JsonObject } from '../schema/json.ts'
import type { PlannedCase, Provenance, RunManifest } from '../schema/run-manifest.ts'
import type { RunMode } from '../schema/trial-key.ts'
import type { LoadedEvalSet } from '../suites/load-evalset.ts'
import { type PlannedTrial, planTrials } from '../suites/plan-trials.ts'
import { hashOf } from '../text/hash.ts'
import { planSampling } from './plan-sampling.ts'

/** What a run is asked to do. */
export interface RunRequest {
  readonly run: string
  readonly createdAt: string
  readonly toolVersion: string
  readonly evalSet: LoadedEvalSet
  readonly cases: readonly EvalCase[]
  readonly candidate: Candidate
  /**
   * Trials of each case, as the command line asks; it beats the case's own number. In a run that may
   * end early, those before the first look.
   */
  readonly trials: number | undefined
  /** Rounds at most, as the command line asks; absent: as the gate of the eval set says. */
  readonly maxTrials?: number | undefined
  /** Whether a verdict is asked for. Without one nothing can end a run early. */
  readonly isGated?: boolean
  /** What the project asks for where neither the command line nor a case does. */
  readonly projectTrials?: number | undefined
  readonly seed: number
  readonly mode: RunMode
  readonly baselineFile?: string
  /** Whose prices are used; absent where nothing that is asked has a price. */
  readonly prices?: string | undefined
  /** Addresses of model services that are not the makers' own, by provider. */
  readonly services?: Readonly<Record<string, string>> | undefined
  /** What the project says of money, for the report. */
  readonly money?: RunManifest['money']
  readonly options: JsonObject
}

export interface PlannedRun {
  readonly manifest: RunManifest
  readonly trials: readonly PlannedTrial[]
}

/**
 * Everything that a run will do, before it does any of it.
 *
 * @throws AgentEvalError (usage) for numbers of trials that contradict each other
 */
export function planRun(request: RunRequest): PlannedRun {
  const { cases, evalSet, mode, seed } = request
  const { weights } = evalSet.file
  const sampling = planSampling(request, evalSet.file.gate.max_trials)
  const { planned, trials } = planTrials(cases, {
    // All cases go through all rounds: more trials of some cases alone would favour these.
    trials: sampling?.maxTrials ?? request.trials,
    defaultTrials: request.projectTrials ?? evalSet.file.defaults.trials,
    seed,
    mode,
    evalSet,
  })
  const manifest: RunManifest = {
    apiVersion: 'agent-eval/v1',
    kind: 'RunManifest',
    run: request.run,
    createdAt: request.createdAt,
    provenance: provenanceOf(request),
    gate: evalSet.file.gate,
    severeTier: evalSet.policy.severe_tier,
    ...(request.baselineFile !== undefined && { baselineFile: request.baselineFile }),
    cases: [...planned],
    ...(sampling !== undefined && { sampling }),
    notSelected: notSelected(evalSet, planned),
    ...(Object.keys(weights).length > 0 && { weights }),
    ...(request.money !== undefined && { money: request.money }),
    ...judgedBy(evalSet, planned),
    options: { ...request.options, mode },
  }
  return { manifest, trials }
}

/**
 * Cases of the split that is decided on which the selection left out. One that was moved to another
 * split is not among them: it is gone from this one, and the gate must see that.
 */
function notSelected(evalSet: LoadedEvalSet, planned: readonly PlannedCase[]): string[] {
  const { split = 'gate' } = byStanding(planned)
  const selected = new Set(planned.map((one) => one.id))
  return evalSet.cases
    .filter((one) => one.split === split && !selected.has(one.id))
    .map((one) => one.id)
}

type ProvenanceParts = Pick<
  RunRequest,
  'candidate' | 'evalSet' | 'prices' | 'seed' | 'services' | 'toolVersion'
>

/** Who judges, where some case asks a judge. */
function judgeOf({ cases, judge }: LoadedEvalSet): Pick<Provenance, 'judge'> {
  if (judge === undefined || !cases.some(({ expect }) => expect.judge !== undefined)) return {}
  const { criteria, model, votes } = judge.yardstick
  const hashes = [...criteria.values()].map(({ hash, id }) => [id, hash])
  return { judge: { model, rubricHash: hashOf(asJson({ votes, hashes })) } }
}

/**
 * Who judges this run. What the judge has earned stands in the definitions of its cases as well; here it
 * is for reports, which know nothing but the run.
 */
function judgedBy(
  { cases, judge }: LoadedEvalSet,
  planned: readonly PlannedCase[],
): Pick<RunManifest, 'judge'> {
  const runs = new Set(planned.map(({ id }) => id))
  const isAsked = cases.some(({ expect, id }) => expect.judge !== undefined && runs.has(id))
  if (judge === undefined || !isAsked) return {}
  const { model } = judge.yardstick
  return { judge: { model, uncalibrated: [...uncalibratedCriteria(judge.yardstick)] } }
}

/** Of all that decides about the agent's actions: rules, engines, approvals, identity, fallback. */
function policyHashOf({ approvals, fallback, identity, policy, versions }: Candidate): string {
  const files = versions.policyFiles
  return hashOf(asJson({ policy, approvals, identity, fallback, files }))
}

/** What a run is made of, by content. No time and no place: equal inputs give equal bytes. */
export function provenanceOf({
  candidate,
  evalSet,
  prices,
  seed,
  services = {},
  toolVersion,
}: ProvenanceParts): Provenance {
  const { budgets, model_tier, models, prompt, target, tools, versions } = candidate
  const executor = models[model_tier.executor] ?? ''
  return {
    tool: toolVersion,
    evalSet: { id: evalSet.file.id, version: evalSet.file.version, hash: evalSet.hash },
    candidate: {
      name: candidate.name,
      hash: candidateHash(candidate),
      promptHash: hashOf(prompt),
      policyHash: policyHashOf(candidate),
      toolsHash: hashOf(asJson(tools)),
      budgetsHash: hashOf(asJson(budgets)),
      ...(versions.code !== undefined && { codeHash: versions.code }),
      models: { ...models },
    },
    agentBehind: target === undefined ? behindOf(executor) : 'program',
    seed,
    ...(prices !== undefined && { prices }),
    ...(Object.keys(services).length > 0 && { services: { ...services } }),
    ...judgeOf(evalSet),
  }
}

/**
 * What a candidate is, as one fingerprint: everything of its resolved configuration, its prompt's text and,
 * of an agent of one's own, its code. A deployment of the same hash is what was measured.
 */
export function candidateHash(candidate: Candidate): string {
  return hashOf(asJson(candidate))
}
