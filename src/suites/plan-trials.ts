import type { EvalCase } from '../schema/case.ts'
import type { EvalSetFile } from '../schema/evalset.ts'
import type { PlannedCase } from '../schema/run-manifest.ts'
import type { RunMode, TrialKey, TrialMode } from '../schema/trial-key.ts'
import { sha256 } from '../text/hash.ts'
import type { LoadedEvalSet } from './load-evalset.ts'
import { slicesOf } from './slices-of.ts'

export interface PlanOptions {
  /** Trials of each case, from the command line: whoever typed a number means it. */
  readonly trials: number | undefined
  /** Where neither the command line nor the case says so. */
  readonly defaultTrials: number
  readonly seed: number
  readonly mode: RunMode
  readonly evalSet: Pick<LoadedEvalSet, 'definitions'> & {
    readonly file: Pick<EvalSetFile, 'weights'>
  }
  /** Which side of a comparison this is, where one run has both: sides do not share seeds. */
  readonly arm?: string
}

export interface PlannedTrial {
  readonly key: TrialKey
  /** 32 bits. */
  readonly seed: number
}

export interface TrialPlan {
  readonly planned: readonly PlannedCase[]
  /** In rounds: the first trial of every case, then the second, …; so an early stop is fair. */
  readonly trials: readonly PlannedTrial[]
}

/**
 * What a run will try. Each attacked case brings its benign twin, `<id>~twin`: the same case with
 * the injection off, tried as often.
 */
export function planTrials(cases: readonly EvalCase[], options: PlanOptions): TrialPlan {
  const planned = cases.flatMap((each) => planCase(each, options))
  return { planned, trials: planRounds(planned, options) }
}

/**
 * All trials of cases that were planned before, with the seeds of this arm. The two halves of a pair
 * stand side by side and share a seed: whatever ends the run early, they are left out together or by one.
 */
export function planRounds(
  planned: readonly PlannedCase[],
  { mode, ...arm }: Pick<PlanOptions, 'seed' | 'mode' | 'arm'>,
): readonly PlannedTrial[] {
  const modes: readonly TrialMode[] = mode === 'both' ? ['enforce', 'observe'] : [mode]
  const rounds = planned.reduce((most, { trials }) => Math.max(most, trials), 0)
  const trials = Array.from({ length: rounds }, (_, round) =>
    planned
      .filter((each) => each.trials > round)
      .flatMap(({ id }) => modes.map((each) => planTrial(id, round + 1, { ...arm, mode: each }))),
  )
  return trials.flat()
}

function planCase(evalCase: EvalCase, options: PlanOptions): readonly PlannedCase[] {
  const { id, layer, cluster, attack } = evalCase
  const { file, line, definitionHash = '' } = options.evalSet.definitions.get(id) ?? {}
  const planned: PlannedCase = {
    id,
    layer,
    cluster,
    trials: options.trials ?? evalCase.trials ?? options.defaultTrials,
    definitionHash,
    tier: evalCase.risk_tier,
    slices: [...slicesOf(evalCase)],
    ...labelsOf(evalCase, options.evalSet.file.weights),
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
  }
  return attack === undefined ? [planned] : [planned, { ...planned, id: `${id}~twin`, twinOf: id }]
}

/** What decides how a case counts; nothing for an active one of the gate in a set without weights. */
function labelsOf(
  { split, status, strata }: EvalCase,
  weights: EvalSetFile['weights'],
): Pick<PlannedCase, 'status' | 'split' | 'strata'> {
  const weighed = Object.entries(strata).filter(([stratum]) => Object.hasOwn(weights, stratum))
  return {
    ...(status !== 'active' && { status: status === 'draft' ? status : 'quarantined' }),
    ...(split !== 'gate' && { split }),
    ...(weighed.length > 0 && { strata: Object.fromEntries(weighed) }),
  }
}

function planTrial(
  id: string,
  trial: number,
  {
    seed,
    mode,
    arm = 'candidate',
  }: Pick<PlanOptions, 'seed' | 'arm'> & {
    readonly mode: TrialMode
  },
): PlannedTrial {
  const digest = sha256(`${seed}/${arm}/${id}/${trial}`)
  return {
    key: { case: id, trial, attempt: 1, mode },
    seed: Number.parseInt(digest.slice(0, 8), 16),
  }
}
