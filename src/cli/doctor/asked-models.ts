import { type ResolvedModel, resolveModel } from '../../providers/registry.ts'
import type { Candidate } from '../../schema/candidate.ts'
import type { ProjectConfig } from '../../schema/project.ts'
import type { LoadedEvalSet } from '../../suites/load-evalset.ts'
import { liveModels } from '../candidate/live-models.ts'
import type { UsableSet } from './context.ts'

/** A live model that a run of this project may ask. */
export interface AskedModel {
  /** `provider:model`. */
  readonly reference: string
  /** What it is asked as, such as `frontier`, `judge` or `simulated user`; sorted. */
  readonly roles: readonly string[]
}

/** The live models of all these sets, each once, sorted. No model: the reference provider plays all. */
export function askedModels(sets: readonly UsableSet[]): readonly AskedModel[] {
  const roles = new Map<string, Set<string>>()
  for (const { agent, evalSet } of sets) {
    const { beside, ofTask } = liveModels(agent.candidate, evalSet.loaded)
    for (const reference of ofTask) add(roles, reference, tiersOf(reference, agent.candidate))
    for (const reference of beside) add(roles, reference, dutiesOf(reference, evalSet.loaded))
  }
  return [...roles]
    .map(([reference, names]) => ({ reference, roles: [...names].sort() }))
    .sort((a, b) => (a.reference < b.reference ? -1 : 1))
}

function add(roles: Map<string, Set<string>>, reference: string, names: readonly string[]): void {
  const known = roles.get(reference) ?? new Set()
  for (const name of names) known.add(name)
  roles.set(reference, known)
}

function tiersOf(reference: string, { models }: Candidate): readonly string[] {
  return Object.entries(models).flatMap(([tier, model]) => (model === reference ? [tier] : []))
}

function dutiesOf(reference: string, { file, judge }: LoadedEvalSet): readonly string[] {
  return [
    ...(judge?.settings.model === reference ? ['judge'] : []),
    ...(file.user_simulator.model === reference ? ['simulated user'] : []),
  ]
}

/** A model as messages name it: `openai:gpt-4o (frontier, judge)`. */
export function modelWords({ reference, roles }: AskedModel): string {
  return `${reference} (${roles.join(', ')})`
}

/** One service and the models that are asked of it. */
export interface AskedService {
  /** What stands before the colon. */
  readonly name: string
  readonly models: readonly (AskedModel & { readonly resolved: ResolvedModel })[]
}

/**
 * Services that models are asked of, sorted by name.
 *
 * @throws AgentEvalError (usage) for a model of a provider that nobody knows
 */
export function servicesOf(
  models: readonly AskedModel[],
  providers: ProjectConfig['providers'],
): readonly AskedService[] {
  const byName = new Map<string, (AskedModel & { readonly resolved: ResolvedModel })[]>()
  for (const model of models) {
    const resolved = resolveModel(model.reference, providers)
    const known = byName.get(resolved.name) ?? []
    known.push({ ...model, resolved })
    byName.set(resolved.name, known)
  }
  return [...byName].map(([name, asked]) => ({ name, models: asked }))
}
