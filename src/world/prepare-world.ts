import { AgentEvalError } from '../errors.ts'
import { type ExprMap, toExprValue } from '../expr/value.ts'
import type { World } from '../schema/world.ts'
import type { ModuleTool } from './module-tool.ts'
import { type PreparedTool, prepareTool } from './prepare-tool.ts'
import type { WorldProblem } from './problem.ts'
import { parseRfc3339 } from './rfc3339.ts'

/** A world with everything compiled: made once per run, shared by all its trials. */
export interface PreparedWorld {
  readonly tools: ReadonlyMap<string, PreparedTool>
  readonly state: ExprMap
  /** Where the virtual clock starts, in ms since 1970. */
  readonly clockMs: number
}

/** Modules by what `module:` says in the world, for example `./tools.ts#refund`. */
export type ModuleTools = ReadonlyMap<string, ModuleTool>

/**
 * Compiles a world. Asynchronous for one reason: the JSON Schema validator is loaded here.
 *
 * @throws AgentEvalError (input) with the first problem that `checkWorld` finds, or when a module
 *   that the world names is not among `modules`
 */
export async function prepareWorld(world: World, modules: ModuleTools): Promise<PreparedWorld> {
  const { prepared, problems } = await compileWorld(world, modules)
  const missing = Object.entries(world.tools).find(
    ([, { module }]) => module !== undefined && !modules.has(module),
  )
  if (missing !== undefined) {
    const [name, { module }] = missing
    throw new AgentEvalError(`tools.${name}: its module "${module ?? ''}" is not loaded`, 'input')
  }
  const [first] = problems
  if (first === undefined) return prepared
  const more = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`
  throw new AgentEvalError(`${first.path.join('.')}: ${first.message}${more}`, 'input')
}

/** Everything in a world that does not compile, with its place in the document. */
export async function checkWorld(world: World): Promise<readonly WorldProblem[]> {
  return (await compileWorld(world, new Map())).problems
}

async function compileWorld(
  world: World,
  modules: ModuleTools,
): Promise<{ readonly prepared: PreparedWorld; readonly problems: readonly WorldProblem[] }> {
  const problems: WorldProblem[] = []
  const clockMs = parseRfc3339(world.clock)
  if (clockMs === undefined) problems.push({ path: ['clock'], message: 'there is no such moment' })

  const tools = new Map<string, PreparedTool>()
  for (const [name, tool] of Object.entries(world.tools)) {
    const module = tool.module === undefined ? undefined : modules.get(tool.module)
    const place = { path: ['tools', name], problems }
    tools.set(name, await prepareTool(place, { ...tool, name }, module))
  }
  return { prepared: { tools, state: toExprValue(world.state), clockMs: clockMs ?? 0 }, problems }
}
