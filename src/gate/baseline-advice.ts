import type { GateConfig } from '../schema/gate-config.ts'
import type { Provenance } from '../schema/run-manifest.ts'
import type { Arm } from './arm.ts'

/** What is known of a baseline and of the run that it is compared with. */
export interface BaselineAge {
  readonly baseline: Arm
  /** The candidate's cases, with how often each is tried. */
  readonly candidate: readonly { readonly id: string; readonly trials: number }[]
  /** The program that runs now. */
  readonly tool: Provenance['tool']
  readonly rules: GateConfig['baseline']
  /** Whole days since the file was committed; absent where nobody knows. */
  readonly ageDays?: number | undefined
}

/**
 * What a reader should know of a baseline that is compared all the same: thin, old, or of another
 * version of this program. It warns and never blocks.
 *
 * - **Thin**: the baseline's own luck is in every comparison with it, the same luck each time; with
 *   three times the candidate's trials it adds a third to the variance instead of doubling it.
 * - **Old**: a model behind a name that stays the same is not the same model for long.
 * - **Other version**: what a grader counts may have changed.
 */
export function baselineAdvice(known: BaselineAge): readonly string[] {
  return [...thin(known), ...old(known), ...otherVersion(known)]
}

function thin({ baseline, candidate, rules }: BaselineAge): readonly string[] {
  const factor = rules.trials_factor
  const scored = new Map(baseline.cases.map((one) => [one.id, one.scored]))
  const compared = candidate.flatMap(({ id, trials }) => {
    const has = scored.get(id)
    return has === undefined ? [] : [{ has, wanted: Math.ceil(factor * trials) }]
  })
  const few = compared.filter(({ has, wanted }) => has < wanted)
  if (few.length === 0) return []
  const least = Math.min(...few.map(({ has }) => has))
  const wanted = Math.max(...few.map((one) => one.wanted))
  const where =
    few.length === compared.length ? '' : ` in ${few.length} of ${compared.length} cases`
  return [
    `the baseline is thin${where}: ${least} trials of a case where ${wanted} are advised, ` +
      `${factor} times the candidate's; its luck is in every comparison`,
  ]
}

function old({ ageDays, rules }: BaselineAge): readonly string[] {
  if (ageDays === undefined || ageDays <= rules.max_age_days) return []
  return [
    `the baseline was committed ${ageDays} days ago, more than ${rules.max_age_days}: ` +
      'measure it again and commit it with: npx agent-eval baseline update',
  ]
}

function otherVersion({ baseline, tool }: BaselineAge): readonly string[] {
  const { tool: then } = baseline.provenance
  if (then === tool) return []
  return [`the baseline was measured by agent-eval ${then}, this is ${tool}: measure it again`]
}
