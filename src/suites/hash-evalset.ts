import { type EvalCase } from '../schema/case.ts'
import { type EvalSetFile } from '../schema/evalset.ts'
import { type Injections } from '../schema/injections.ts'
import { asJson, type JsonObject } from '../schema/json.ts'
import { type JudgingPolicy } from '../schema/policy.ts'
import { type World } from '../schema/world.ts'
import { hashOf } from '../text/hash.ts'

export interface HashedParts {
  readonly file: EvalSetFile
  readonly world: World
  readonly policy: JudgingPolicy
  readonly injections: Injections
  readonly cases: readonly EvalCase[]
  /** Text of the world's modules by path. What they import in turn is not covered. */
  readonly modules: ReadonlyMap<string, string>
}

export interface EvalSetHashes {
  /** Of everything resolved: file layout, comments and order of keys make no difference. */
  readonly hash: string
  /** By case id, see `definition`. */
  readonly definitions: ReadonlyMap<string, string>
}

/** Hashes an eval set and the definition of each case; the world, which is large, only once. */
export function hashEvalSet(parts: HashedParts): EvalSetHashes {
  const { file, world, policy, injections, cases } = parts
  const { budgets } = file.defaults
  const yardstick = {
    world: hashOf(plain(world)),
    modules: hashOf(Object.fromEntries(parts.modules)),
    policy: hashOf(plain(policy)),
    budgets: asJson(budgets),
  }
  const definitions = cases.map(
    (each) => [each.id, hashOf({ ...yardstick, ...definition(each, injections) })] as const,
  )
  const hash = hashOf({
    ...yardstick,
    id: file.id,
    version: file.version,
    defaults: asJson(file.defaults),
    gate: asJson(file.gate),
    injections: hashOf(plain(injections)),
    cases: cases.map((each) => hashOf(asJson(each))),
  })
  return { hash, definitions: new Map(definitions) }
}

/** How a case is called, sorted and sampled makes no difference to what a trial of it shows. */
const labels = ['title', 'tags', 'provenance', 'strata', 'trials']

/** What makes a trial comparable with one of another run: all that the agent meets and all that judges it. */
function definition(evalCase: EvalCase, injections: Injections): JsonObject {
  const placed = [evalCase.attack?.inject ?? []].flat().map(({ slot, template }) => ({
    path: injections.slots[slot]?.path ?? '',
    text: injections.templates[template] ?? '',
  }))
  return { case: without(labels, evalCase), placed }
}

/** A document without what only says what it is. */
function plain(document: object): JsonObject {
  return without(['apiVersion', 'kind'], document)
}

function without(keys: readonly string[], document: object): JsonObject {
  return Object.fromEntries(Object.entries(asJson(document)).filter(([key]) => !keys.includes(key)))
}
