import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { AgentFunction } from '../../replay/targets/agent-function.ts'
import { withoutFolder } from '../../replay/targets/without-folder.ts'

/** What node runs by itself; the rest is TypeScript. */
const plainScript = /\.[cm]?js$/

/** Loads the user's function. Throws, with a message that says what is missing. */
export async function loadAgent(file: string, name: string): Promise<AgentFunction> {
  const module = await importModule(path.resolve(file))
  const found = module[name]
  if (typeof found === 'function') return found as AgentFunction
  throw new Error(`exports no function "${name}"`)
}

async function importModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    if (plainScript.test(file)) {
      return (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>
    }
    const { createJiti } = await import('jiti')
    return await createJiti(file).import(file)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`cannot be loaded: ${inItsFolder(why)}`, { cause })
  }
}

/** Without our own file, which asked for it, and the folder that the host is started in. */
function inItsFolder(why: string): string {
  const [what = ''] = why.split('\nRequire stack:')
  const asked = ` imported from ${fileURLToPath(import.meta.url)}`
  return withoutFolder(what.replace(asked, ''), path.resolve())
}
