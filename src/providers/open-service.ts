import { AgentEvalError } from '../errors.ts'
import type { Outside } from '../ports.ts'
import { anthropicService } from './anthropic/anthropic-service.ts'
import { connectionSettings } from './connection-settings.ts'
import type { LiveService } from './live-service.ts'
import { moduleService } from './module/module-service.ts'
import { openaiService } from './openai/openai-service.ts'
import type { ResolvedModel } from './registry.ts'

interface Opening {
  readonly outside: Outside
  /** The project's folder; `module:` files are relative to it. */
  readonly root: string
}

/**
 * The service that answers for a model. Nothing is loaded and nothing is sent before the first
 * request, and no key is missed before it: what is answered from a recording needs neither.
 *
 * @throws AgentEvalError (usage) for a model that nothing outside answers for, or a provider that
 * names no key
 */
export function openService(resolved: ResolvedModel, { outside, root }: Opening): LiveService {
  const { kind, model, reference } = resolved
  if (kind === 'module') return moduleService(model, outside, root)
  if (kind !== 'openai' && kind !== 'anthropic') {
    throw new AgentEvalError(`"${reference}" is not a service`, 'usage')
  }
  const { clock, env, fetch } = outside
  const connection = { ...connectionSettings(resolved, env), fetch, clock }
  return kind === 'openai' ? openaiService(connection) : anthropicService(connection)
}
