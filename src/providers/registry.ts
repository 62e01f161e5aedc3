import { AgentEvalError } from '../errors.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import type { Provider } from './provider.ts'
import { parseReferenceParameters } from './reference/parameters.ts'
import { createReferenceProvider, type ScriptOf } from './reference/reference.ts'

/** What a provider may need to be made. */
interface ProviderContext {
  readonly scriptOf: ScriptOf
}

interface ProviderEntry {
  readonly id: string
  /** What stands behind the agent, for every report. */
  readonly behind: 'model' | 'reference'
  /** Refuses a model that this provider cannot understand, before anything is spent. */
  readonly check: (model: string) => void
  readonly create: (context: ProviderContext) => Provider
}

/** Every provider, one line each. */
const all: readonly ProviderEntry[] = [
  {
    id: 'reference',
    behind: 'reference',
    check: parseReferenceParameters,
    create: ({ scriptOf }) => createReferenceProvider(scriptOf),
  },
]

const byId = new Map(all.map((entry) => [entry.id, entry]))

/** A model reference taken apart: `reference:?mute=0.1` is provider `reference`, model `?mute=0.1`. */
export interface ResolvedModel {
  readonly provider: ProviderEntry
  readonly model: string
}

/**
 * Finds the provider of a model reference.
 *
 * @throws AgentEvalError for a provider that does not exist, or a model that it does not understand
 */
export function resolveModel(reference: string): ResolvedModel {
  const colon = reference.indexOf(':')
  const id = colon === -1 ? reference : reference.slice(0, colon)
  const provider = byId.get(id)
  if (provider !== undefined && colon !== -1) {
    const model = reference.slice(colon + 1)
    provider.check(model)
    return { provider, model }
  }
  const known = [...byId.keys()]
  const close = didYouMean(id, known)
  throw new AgentEvalError(`unknown provider "${id}" in model "${reference}"`, 'usage', {
    hint: close === undefined ? `known: ${known.join(', ')}` : `did you mean "${close}:"?`,
  })
}
