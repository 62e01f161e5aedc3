import { AgentEvalError } from '../../errors.ts'

/** Where a module's function stands, as `./file.ts#name` says. */
interface ModulePlace {
  readonly file: string
  readonly name: string
}

/**
 * Reads `./file.ts#name`; without a name it is the default export.
 *
 * @throws AgentEvalError (usage) for a reference without a file
 */
export function parseModulePlace(model: string): ModulePlace {
  const hash = model.indexOf('#')
  const file = hash === -1 ? model : model.slice(0, hash)
  const name = hash === -1 ? 'default' : model.slice(hash + 1)
  if (file !== '' && name !== '') return { file, name }
  throw new AgentEvalError(`"module:${model}" names no function`, 'usage', {
    hint: 'write module:./file.ts#name, relative to agent-eval.yaml',
  })
}
