import type { Candidate } from '../schema/candidate.ts'
import type { RunManifest } from '../schema/run-manifest.ts'
import { trialMode } from '../schema/trial-key.ts'
import type { LoadedEvalSet } from '../suites/load-evalset.ts'
import { planRounds } from '../suites/plan-trials.ts'
import { sha256 } from '../text/hash.ts'
import { type PlannedRun, provenanceOf } from './plan-run.ts'

/** One side of a comparison that is measured anew. */
export interface FreshArm {
  readonly name: 'baseline' | 'candidate'
  readonly evalSet: LoadedEvalSet
  readonly candidate: Candidate
}

/**
 * The cases of a run once more, as often as it may try them, with seeds that neither the run nor the
 * other arm has. All trials run and are looked at once, so the whole error budget is theirs. Of a run
 * that also observed, only the half is measured anew that decides.
 */
export function planFreshArm(run: RunManifest, arm: FreshArm): PlannedRun {
  const same = { ...run }
  delete same.sampling
  const seed = freshSeed(run.provenance.seed)
  const asked = run.options['mode']
  const mode = asked === 'both' ? 'enforce' : trialMode.parse(asked)
  const { prices, services, tool: toolVersion } = run.provenance
  return {
    manifest: {
      ...same,
      run: `${run.run}-confirm-${arm.name}`,
      provenance: provenanceOf({ ...arm, seed, toolVersion, prices, services }),
      options: { ...run.options, mode, confirms: run.run, arm: arm.name },
    },
    trials: planRounds(run.cases, { seed, mode, arm: `confirm-${arm.name}` }),
  }
}

/** 32 bits that follow from the seed of the run, so that a rerun asks for the same trials. */
function freshSeed(seed: number): number {
  return Number.parseInt(sha256(`${seed}/confirm`).slice(0, 8), 16)
}
