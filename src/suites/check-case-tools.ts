import type { WrittenCase } from '../schema/case.ts'
import type { World } from '../schema/world.ts'
import { namedTools, toolOf } from './case-tools.ts'
import { quote, unknownName } from './describe.ts'
import { limits } from './limits.ts'
import type { Finding } from './problem.ts'

/** Tools that the world does not have, or that cannot do what a case wants of them. */
export function checkCaseTools(written: WrittenCase, world: World): readonly Finding[] {
  return [
    ...checkNames(written, world),
    ...checkTold(written, world),
    ...checkStaleness(written, world),
  ]
}

function checkNames(written: WrittenCase, world: World): readonly Finding[] {
  return namedTools(written)
    .filter(({ tool }) => toolOf(world, tool) === undefined)
    .slice(0, limits.faults)
    .map(({ tool, path }) => ({
      path,
      message: unknownName('tool', tool, Object.keys(world.tools)),
    }))
}

/** `bind` ties words to what was done, `cites` to what was looked up. */
function checkTold({ expect }: WrittenCase, world: World): readonly Finding[] {
  return (expect.says ?? []).flatMap(({ bind, cites }, index): readonly Finding[] => {
    const path = ['expect', 'says', index]
    const bound = bind && toolOf(world, bind.tool)?.effect
    const cited = cites && toolOf(world, cites.tool)?.effect
    return [
      ...(bind !== undefined && bound === 'read'
        ? [
            {
              path: [...path, 'bind', 'tool'],
              message: `${quote(bind.tool)} only reads, so there is no effect to tell of`,
              hint: 'write `cites` for a value that was looked up',
            },
          ]
        : []),
      ...(cites !== undefined && cited !== undefined && cited !== 'read'
        ? [
            {
              path: [...path, 'cites', 'tool'],
              message: `${quote(cites.tool)} is no read`,
              hint: 'write `bind` for a value of something that was done',
            },
          ]
        : []),
    ]
  })
}

/**
 * Any answer can be lost, cut or garbled, that of a write too: it took effect all the same, and
 * whether the agent finds that out is worth a case. Only an old answer of a write is none: when the
 * trial began there was nothing for it to answer.
 */
function checkStaleness({ world: { faults } }: WrittenCase, world: World): readonly Finding[] {
  return faults.flatMap(({ fault, tool }, index): readonly Finding[] => {
    const effect = toolOf(world, tool)?.effect
    if (fault !== 'stale' || effect === undefined || effect === 'read') return []
    const message = `only a read has an old answer, and ${quote(tool)} is none`
    return [{ path: ['world', 'faults', index, 'fault'], message }]
  })
}
