import type { TrialBeginning } from '../../replay/action-scene.ts'
import type { Candidate } from '../../schema/candidate.ts'
import type { EvalCase } from '../../schema/case.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import type { EventOf } from '../../schema/trace.ts'
import type { LoadedEvalSet } from '../../suites/load-evalset.ts'
import { placeInjections } from '../../world/inject.ts'
import { patchState } from '../../world/patch-state.ts'
import { type PreparedWorld, prepareWorld } from '../../world/prepare-world.ts'
import { loadModuleTools } from '../candidate/module-tools.ts'
import type { ProjectEvalSet } from '../project.ts'
import { actingAs } from './acting-as.ts'

/** How a trial of a run began: in whose name it acted, and in which world. */
export type BeginningOf = (id: string, start: EventOf<'trial.start'>) => TrialBeginning

interface Ground {
  readonly manifest: Pick<RunManifest, 'cases'>
  readonly evalSet: ProjectEvalSet
  /** Whose rules are asked. */
  readonly candidate: Candidate
}

/**
 * How the trials of a run began, from the cases as they are now. The world of a case is needed only
 * where a rule reads records of it, and is not known once the case is another one than was recorded.
 */
export async function caseBeginnings({
  candidate,
  evalSet,
  manifest,
}: Ground): Promise<BeginningOf> {
  const { loaded } = evalSet
  const cases = new Map(loaded.cases.map((one) => [one.id, one]))
  const twins = new Map(manifest.cases.map(({ id, twinOf }) => [id, twinOf]))
  const readsState = (candidate.policy.cedar?.world ?? []).length > 0
  const world = readsState
    ? await prepareWorld(loaded.world, await loadModuleTools(evalSet))
    : undefined
  return (id, start) => {
    const twinOf = twins.get(id)
    const evalCase = cases.get(twinOf ?? id)
    const beginning = { agent: actingAs(candidate, evalCase?.identity), readsState }
    const isSame = loaded.definitions.get(twinOf ?? id)?.definitionHash === start.definitionHash
    if (world === undefined || evalCase === undefined || !isSame) return beginning
    const attack = twinOf === undefined ? evalCase.attack : undefined
    const state = stateOf({ ...evalCase, attack }, world, loaded)
    return { ...beginning, state }
  }
}

function stateOf(
  { attack, world: { patch } }: Pick<EvalCase, 'attack' | 'world'>,
  world: PreparedWorld,
  { injections }: Pick<LoadedEvalSet, 'injections'>,
): TrialBeginning['state'] {
  const patched = patchState(world.state, patch)
  if (!patched.ok || attack === undefined) return patched.ok ? patched.state : undefined
  const placed = placeInjections({ state: patched.state, injections, attack })
  return placed.ok ? placed.state : undefined
}
