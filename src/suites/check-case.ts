import type { WrittenCase } from '../schema/case.ts'
import type { Injections } from '../schema/injections.ts'
import type { World } from '../schema/world.ts'
import { namedTools, toolOf } from './case-tools.ts'
import { checkAttack } from './check-attack.ts'
import { checkExpectation } from './check-expectation.ts'
import { checkReferences } from './check-oracle.ts'
import { unknownName } from './describe.ts'
import { limits } from './limits.ts'
import { below, type Finding } from './problem.ts'
import { patchState } from './state-patch.ts'

export interface Surroundings {
  readonly world: World | undefined
  readonly injections: Injections | undefined
}

/**
 * What a case gets wrong about itself and the world it runs in. Without a world or injections,
 * which then have problems of their own, what depends on them is left out.
 */
export function checkCase(
  written: WrittenCase,
  { world, injections }: Surroundings,
): readonly Finding[] {
  const alone = [...checkReferences(written), ...checkExpectation(written)]
  if (world === undefined) return alone.slice(0, limits.faults)

  const patched = patchState(world.state, written.world.patch)
  const { attack } = written
  const attacked =
    attack === undefined || injections === undefined ? [] : checkAttack(attack, injections, patched)
  return [
    ...alone,
    ...checkTools(written, world),
    ...below(['world', 'patch'], patched.findings),
    ...below(['attack'], attacked),
  ].slice(0, limits.faults)
}

function checkTools(written: WrittenCase, world: World): readonly Finding[] {
  return namedTools(written)
    .filter(({ tool }) => toolOf(world, tool) === undefined)
    .slice(0, limits.faults)
    .map(({ tool, path }) => ({
      path,
      message: unknownName('tool', tool, Object.keys(world.tools)),
    }))
}
