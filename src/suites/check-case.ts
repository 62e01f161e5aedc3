import type { ExprMap } from '../expr/value.ts'
import type { WrittenCase } from '../schema/case.ts'
import type { Injections } from '../schema/injections.ts'
import type { World } from '../schema/world.ts'
import { checkApprovers } from './check-approvers.ts'
import { checkArgumentLists } from './check-arguments.ts'
import { checkAttack } from './check-attack.ts'
import { checkCaseTools } from './check-case-tools.ts'
import { checkExpectation } from './check-expectation.ts'
import { checkInput, type InputCheck } from './check-input.ts'
import { checkJudged, type KnownCriteria } from './check-judge.ts'
import { checkLabels } from './check-labels.ts'
import { checkReferences } from './check-oracle.ts'
import { checkPatch } from './check-patch.ts'
import { checkTalk } from './check-talk.ts'
import { limits } from './limits.ts'
import { below, type Finding } from './problem.ts'

/** The rest of the eval set, as far as it could be read. */
export interface Surroundings {
  readonly world: { readonly document: World; readonly state: ExprMap } | undefined
  readonly injections: Injections | undefined
  readonly input: InputCheck
  readonly criteria: KnownCriteria
  /** Ids of all cases; absent where not all could be read. */
  readonly ids: ReadonlySet<string> | undefined
  /** ISO date; without it nothing expires. */
  readonly today: string | undefined
}

/**
 * What a case gets wrong about itself and the world it runs in. Without a world or injections,
 * which then have problems of their own, what depends on them is left out.
 */
export function checkCase(written: WrittenCase, around: Surroundings): readonly Finding[] {
  return [
    ...checkLabels(written, around),
    ...checkTalk(written),
    ...checkApprovers(written),
    ...checkInput(written, around.input),
    ...checkReferences(written),
    ...checkExpectation(written),
    ...checkJudged(written, around.criteria),
    ...checkArgumentLists(['world', 'faults'], written.world.faults),
    ...(around.world === undefined ? [] : checkInWorld(written, around.world, around.injections)),
  ].slice(0, limits.faults)
}

function checkInWorld(
  written: WrittenCase,
  world: NonNullable<Surroundings['world']>,
  injections: Injections | undefined,
): readonly Finding[] {
  const { attack, conversation } = written
  const { state, findings } = checkPatch(world.state, written.world.patch)
  // What a simulated user says after the opening is not there yet when the attack is placed.
  const turns = conversation?.length ?? 1
  return [
    ...checkCaseTools(written, world.document),
    ...below(['world', 'patch'], findings),
    ...(attack === undefined || injections === undefined
      ? []
      : below(['attack'], checkAttack(attack, injections, { state, turns }))),
  ]
}
