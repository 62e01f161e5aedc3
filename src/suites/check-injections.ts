import type { Injections } from '../schema/injections.ts'
import type { World } from '../schema/world.ts'
import { toolOf } from './case-tools.ts'
import { unknownName } from './describe.ts'
import type { Finding } from './problem.ts'

/** Slots in the answers of tools that the world does not have. */
export function checkInjections({ slots }: Injections, world: World): readonly Finding[] {
  return Object.entries(slots).flatMap(([name, slot]): readonly Finding[] => {
    if (!('tool' in slot) || toolOf(world, slot.tool) !== undefined) return []
    const message = unknownName('tool', slot.tool, Object.keys(world.tools))
    return [{ path: ['slots', name, 'tool'], message }]
  })
}
