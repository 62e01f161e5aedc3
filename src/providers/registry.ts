import { AgentEvalError } from '../errors.ts'
import { type ProviderSettings, providerSettings } from '../schema/project.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { modelFamily } from './model-family.ts'
import { parseModulePlace } from './module/module-place.ts'
import { parseReferenceParameters } from './reference/parameters.ts'

/** The protocol that a provider speaks, or what it is where it speaks none. */
type ProviderKind = 'openai' | 'anthropic' | 'module' | 'reference' | 'stored'

interface ProviderEntry {
  readonly kind: ProviderKind
  /** What stands behind an agent of this provider, for every report. */
  readonly behind: 'model' | 'reference'
  /** Refuses a model that this provider cannot understand, before anything is spent. */
  readonly check: (model: string, reference: string) => void
}

/** Every kind of provider, one line each. A project gives `openai` and `anthropic` further names. */
const all: readonly ProviderEntry[] = [
  { kind: 'openai', behind: 'model', check: needsName },
  { kind: 'anthropic', behind: 'model', check: needsName },
  { kind: 'module', behind: 'model', check: parseModulePlace },
  { kind: 'reference', behind: 'reference', check: parseReferenceParameters },
  { kind: 'stored', behind: 'model', check: needsName },
]

const byKind = new Map<string, ProviderEntry>(all.map((entry) => [entry.kind, entry]))

/** A model reference taken apart: `reference:?mute=0.1` is provider `reference`, model `?mute=0.1`. */
export interface ResolvedModel {
  readonly reference: string
  /** The provider, as it is called before the colon. */
  readonly name: string
  readonly kind: ProviderKind
  /** What stands behind the colon. */
  readonly model: string
  readonly behind: ProviderEntry['behind']
  /** Whose model it is, read off its name. */
  readonly family: string
  /** How its service is reached, with every default filled in. */
  readonly settings: ProviderSettings
}

/** Providers of a project by their names, as `agent-eval.yaml` has them. */
export type NamedProviders = Readonly<Record<string, ProviderSettings>>

/**
 * Finds the provider of a model reference. Whether it has its key is for `checkModel`.
 *
 * @throws AgentEvalError (usage) for a provider that does not exist or contradicts itself, or a model
 * that it does not understand
 */
export function resolveModel(reference: string, named: NamedProviders = {}): ResolvedModel {
  const colon = reference.indexOf(':')
  const name = colon === -1 ? reference : reference.slice(0, colon)
  const entry = colon === -1 ? undefined : entryOf(name, named)
  if (entry === undefined) throw unknownProvider(name, reference, named)
  const model = reference.slice(colon + 1)
  entry.check(model, reference)
  const { behind, kind } = entry
  const settings = settingsOf(name, named) ?? providerSettings.parse({})
  return { reference, name, kind, model, behind, family: familyOf(kind, model), settings }
}

/** What stands behind an agent with this model, by its reference alone. */
export function behindOf(reference: string): ResolvedModel['behind'] {
  return byKind.get(reference.split(':', 1)[0] ?? '')?.behind ?? 'model'
}

function entryOf(name: string, named: NamedProviders): ProviderEntry | undefined {
  const settings = settingsOf(name, named)
  const own = byKind.get(name)
  if (settings === undefined) return own
  const { base_url, kind } = settings
  if (own === undefined) {
    if (kind !== undefined) return byKind.get(kind)
    throw new AgentEvalError(`providers.${name} has no kind`, 'usage', {
      hint: 'write which protocol it speaks: kind: openai or kind: anthropic',
    })
  }
  const isService = name === 'openai' || name === 'anthropic'
  if (kind === undefined ? isService || base_url === undefined : kind === name) return own
  throw new AgentEvalError(`providers.${name} contradicts what "${name}:" means here`, 'usage', {
    hint: 'give the provider a name of its own',
  })
}

function settingsOf(name: string, named: NamedProviders): ProviderSettings | undefined {
  return Object.hasOwn(named, name) ? named[name] : undefined
}

function familyOf(kind: ProviderKind, model: string): string {
  if (kind === 'reference') return 'reference'
  // A function may hide any model; it is certainly akin to itself.
  return kind === 'module' ? `module:${model}` : modelFamily(model)
}

function needsName(model: string, reference: string): void {
  if (model.trim() !== '') return
  throw new AgentEvalError(`"${reference}" names no model`, 'usage', {
    hint: 'write the name of the model behind the colon',
  })
}

function unknownProvider(name: string, reference: string, named: NamedProviders): AgentEvalError {
  const known = [...new Set([...byKind.keys(), ...Object.keys(named).sort()])]
  const close = didYouMean(name, known)
  const list = `known: ${known.join(', ')}; others can be named under providers in agent-eval.yaml`
  return new AgentEvalError(`unknown provider "${name}" in model "${reference}"`, 'usage', {
    hint: close === undefined ? list : `did you mean "${close}:"?`,
  })
}
