import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import type { ModuleTool } from '../../world/module-tool.ts'
import type { ProjectEvalSet } from '../project.ts'

/**
 * Loads the functions that `module: ./tools.ts#name` names. They are code of the eval set and run in
 * this process, like the tests of a pull request do.
 *
 * @throws AgentEvalError (input) when a module cannot be loaded or has no such function
 */
export async function loadModuleTools(
  evalSet: ProjectEvalSet,
): Promise<ReadonlyMap<string, ModuleTool>> {
  const named = Object.values(evalSet.loaded.world.tools).flatMap((tool) => tool.module ?? [])
  const tools = new Map<string, ModuleTool>()
  if (named.length === 0) return tools
  const { createJiti } = await import('jiti')
  const jiti = createJiti(path.join(evalSet.folder, 'evalset.yaml'))
  for (const reference of new Set(named)) {
    const [file = '', name = 'default'] = reference.split('#')
    tools.set(reference, await functionOf(jiti, { evalSet, file, name }))
  }
  return tools
}

async function functionOf(
  jiti: { readonly import: (id: string) => Promise<unknown> },
  wanted: { readonly evalSet: ProjectEvalSet; readonly file: string; readonly name: string },
): Promise<ModuleTool> {
  const { evalSet, file, name } = wanted
  const source = { file: path.join(evalSet.shown, file) }
  let module: unknown
  try {
    module = await jiti.import(path.resolve(evalSet.folder, file))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new AgentEvalError(`cannot be loaded: ${why}`, 'input', { source, cause })
  }
  const found = (module as Readonly<Record<string, unknown>>)[name]
  if (typeof found === 'function') return found as ModuleTool
  throw new AgentEvalError(`exports no function "${name}"`, 'input', { source })
}
