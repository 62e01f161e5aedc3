import { connectionSettings } from '../../providers/connection-settings.ts'
import { type ResolvedModel, resolveModel } from '../../providers/registry.ts'
import type { EffectiveValue, ValueSource } from '../../schema/effective-config.ts'
import type { AskedModels } from '../candidate/live-models.ts'
import type { Io } from '../io.ts'
import type { Project } from '../project.ts'
import { fileOrDefault } from './held-values.ts'
import type { PlacedFile } from './placed-file.ts'

interface ServicesAsked {
  readonly asked: AskedModels
  readonly project: Project
  readonly placed: PlacedFile
  readonly env: Io['env']
}

/** Variables that move a maker's own service elsewhere, as for the maker's SDK. */
const baseUrlVariables = { openai: 'OPENAI_BASE_URL', anthropic: 'ANTHROPIC_BASE_URL' } as const

/**
 * Where each service that may be asked is, and by which variable it gets its key.
 *
 * @throws AgentEvalError (usage) for a service that nobody knows, or that names no key
 */
export function serviceValues(ground: ServicesAsked): readonly EffectiveValue[] {
  const { asked, project } = ground
  const resolved = [...asked.ofTask, ...asked.beside].map((reference) =>
    resolveModel(reference, project.config.providers),
  )
  const byName = new Map(resolved.map((one) => [one.name, one]))
  return [...byName.keys()].sort().flatMap((name) => {
    const model = byName.get(name)
    return model === undefined ? [] : valuesOf(model, ground)
  })
}

function valuesOf(model: ResolvedModel, ground: ServicesAsked): readonly EffectiveValue[] {
  const { kind, name } = model
  if (kind !== 'openai' && kind !== 'anthropic') return []
  const { env, placed } = ground
  const { baseUrl, key, keyEnv } = connectionSettings(model, env)
  const variable: EffectiveValue = {
    key: `${name}.key`,
    value: keyEnv ?? 'none',
    source: fileOrDefault(placed, ['providers', name, 'api_key_env']),
    ...(keyEnv !== undefined && { note: key === undefined ? 'it is not set' : 'it is set' }),
  }
  return [
    { key: `${name}.base_url`, value: baseUrl, source: addressSource(model, ground) },
    variable,
  ]
}

function addressSource({ kind, name }: ResolvedModel, { env, placed }: ServicesAsked): ValueSource {
  const own = fileOrDefault(placed, ['providers', name, 'base_url'])
  if (own.from !== 'default' || (kind !== 'openai' && kind !== 'anthropic') || name !== kind)
    return own
  const variable = baseUrlVariables[kind]
  return (env[variable]?.trim() ?? '') === '' ? own : { from: 'environment', variable }
}
