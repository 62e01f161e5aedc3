import type { World } from '../schema/world.ts'
import { checkExpression } from './check-expression.ts'
import { innerPath } from './inner-path.ts'
import type { Finding } from './problem.ts'
import { worldExpressions } from './world-expressions.ts'

/** What the schema of a world cannot see: expressions that do not compile, modules out of reach. */
export function checkWorld(world: World): readonly Finding[] {
  const modules = Object.entries(world.tools).flatMap(([name, { module }]): readonly Finding[] => {
    if (module === undefined || modulePath(module) !== undefined) return []
    const message = 'a module is a file of this folder and a name, for example ./tools.ts#refund'
    return [{ path: ['tools', name, 'module'], message }]
  })
  return [...worldExpressions(world).flatMap(checkExpression), ...modules]
}

/** The file of `./tools.ts#refund`; `undefined` where it lies outside or the name is missing. */
export function modulePath(module: string): string | undefined {
  const [file = '', name] = module.split('#')
  return name === undefined || name === '' ? undefined : innerPath(file)
}
