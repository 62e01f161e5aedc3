import { AgentEvalError } from '../errors.ts'
import type { Outside } from '../ports.ts'
import { connectionSettings } from './connection-settings.ts'
import type { ResolvedModel } from './registry.ts'

/**
 * Refuses a model that could not answer, before anything is spent: no key, an address that is none.
 * For models that are to be asked live; a recording needs no key.
 *
 * @throws AgentEvalError (usage)
 */
export function checkModel(resolved: ResolvedModel, env: Outside['env']): void {
  const { kind, name, reference } = resolved
  if (kind === 'stored') throw onlyJudges(reference)
  if (kind !== 'openai' && kind !== 'anthropic') return
  const { baseUrl, key, keyEnv } = connectionSettings(resolved, env)
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  if (
    url === undefined ||
    !/^https?:$/.test(url.protocol) ||
    `${url.username}${url.password}` !== ''
  ) {
    throw new AgentEvalError(`the base URL of "${name}:" cannot be used`, 'usage', {
      hint: 'write http:// or https://, and the key into the environment variable api_key_env names',
    })
  }
  if (keyEnv === undefined || key !== undefined) return
  throw new AgentEvalError(`no key for "${reference}": ${keyEnv} is not set`, 'usage', {
    hint:
      `export ${keyEnv}=…, or name the variable that holds the key as providers.${name}.api_key_env ` +
      'in agent-eval.yaml (none: the service needs no key)',
  })
}

/** @throws AgentEvalError (usage) for stored votes where a model has to answer */
function onlyJudges(reference: string): AgentEvalError {
  return new AgentEvalError(`"${reference}" holds the stored votes of a judge`, 'usage', {
    hint: 'it can judge, and nothing else: name a model here, such as openai:gpt-4o',
  })
}
