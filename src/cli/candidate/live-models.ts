import { splitReference } from '../../providers/prices/price-list.ts'
import type { Candidate } from '../../schema/candidate.ts'
import type { LoadedEvalSet } from '../../suites/load-evalset.ts'

/** Models of a run that may really be asked. */
export interface AskedModels {
  /** By the candidate: the tiers that may run a task, and the router. Sorted. */
  readonly ofTask: readonly string[]
  /** By our own measuring: the simulated user and the judge. Sorted. */
  readonly beside: readonly string[]
}

/** Which live models a run may ask; none of the reference provider and no stored judge. */
export function liveModels(
  candidate: Candidate,
  { cases, file, judge }: LoadedEvalSet,
): AskedModels {
  const { executor, router, routes } = candidate.model_tier
  const tiers =
    router === undefined
      ? [executor]
      : [executor, router, ...Object.keys(routes ?? candidate.models)]
  const ofTask =
    candidate.target === undefined ? tiers.flatMap((tier) => candidate.models[tier] ?? []) : []
  const beside = [
    ...(cases.some(({ user }) => user !== undefined) ? [file.user_simulator.model] : []),
    ...(judge !== undefined && cases.some(({ expect }) => expect.judge !== undefined)
      ? [judge.settings.model]
      : []),
  ]
  return { ofTask: live(ofTask), beside: live(beside) }
}

function live(references: readonly string[]): readonly string[] {
  const asked = references.filter((one) => {
    const { provider } = splitReference(one)
    return provider !== 'reference' && provider !== 'stored'
  })
  return [...new Set(asked)].sort()
}
