import type { JudgeYardstick } from '../graders/judge/yardstick.ts'
import type { EvalCase } from '../schema/case.ts'
import type { EvalSetFile } from '../schema/evalset.ts'
import type { Injections } from '../schema/injections.ts'
import { asJson, type JsonObject, type JsonValue } from '../schema/json.ts'
import type { JudgeCalibration, StoredVote } from '../schema/judge.ts'
import type { JudgingPolicy } from '../schema/policy.ts'
import type { World } from '../schema/world.ts'
import { hashOf } from '../text/hash.ts'
import { attackCatalog } from './attack-catalog.ts'

export interface HashedParts {
  readonly file: EvalSetFile
  readonly world: World
  readonly policy: JudgingPolicy
  readonly injections: Injections
  readonly cases: readonly EvalCase[]
  /** Text of the world's modules by path. What they import in turn is not covered. */
  readonly modules: ReadonlyMap<string, string>
  /** Of the files of the judging policy's engines. */
  readonly engineFiles?: string | undefined
  readonly judge?: HashedJudge
}

/** Of a judge what makes a difference: to its cases by the yardstick, to the set by its votes as well. */
interface HashedJudge {
  readonly yardstick: JudgeYardstick
  readonly votes: readonly StoredVote[]
  readonly calibration?: JudgeCalibration
}

export interface EvalSetHashes {
  /** Of everything resolved: file layout, comments and order of keys make no difference. */
  readonly hash: string
  /** By case id, what makes its trials comparable with those of another run. */
  readonly definitions: ReadonlyMap<string, string>
}

/**
 * How a case is called, sorted, sampled and counted, and how sharp it was shown to be, makes no
 * difference to what a trial of it shows.
 */
const labels: ReadonlySet<string> = new Set([
  'accept_mutants',
  'cluster',
  'equivalents',
  'permitted_twin',
  'provenance',
  'split',
  'status',
  'strata',
  'tags',
  'title',
  'trials',
])

/** Hashes an eval set and the definition of each case; the world, which is large, only once. */
export function hashEvalSet(parts: HashedParts): EvalSetHashes {
  const { file, world, policy, injections, cases } = parts
  const yardstick = {
    world: hashOf(plain(world)),
    modules: hashOf(Object.fromEntries(parts.modules)),
    policy: hashOf(plain(policy)),
    ...(parts.engineFiles !== undefined && { engineFiles: parts.engineFiles }),
    budgets: asJson(file.defaults.budgets),
  }
  const definitions = new Map<string, string>()
  const cards: JsonValue[] = []
  for (const each of cases) {
    const [named, judged] = split(each)
    const placed = placedTexts(each, injections)
    const simulator = each.user === undefined ? null : file.user_simulator
    const asked = each.expect.judge && askedOf(each.expect.judge, parts.judge)
    const definition = hashOf({
      yardstick,
      case: judged,
      placed,
      simulator,
      ...(asked !== undefined && { judge: asked }),
    })
    definitions.set(each.id, definition)
    cards.push([definition, named])
  }
  const rest = {
    ...asJson(settings(file)),
    injections: ownInjections(injections),
    ...(parts.judge !== undefined && { judge: judgeCard(parts.judge) }),
  }
  return { hash: hashOf({ ...rest, cases: cards }), definitions }
}

/** What of `evalset.yaml` is more than a path. */
function settings({
  id,
  version,
  defaults,
  gate,
  task,
  user_simulator,
  weights,
}: EvalSetFile): object {
  return { id, version, defaults, gate, task, user_simulator, weights }
}

/**
 * How a case is judged by a judge. What the judge has earned decides what it may fail, so trials from
 * before and after it was calibrated are not comparable. How often it agreed in numbers is not in it:
 * with every new label all of its cases would begin anew.
 */
function askedOf(criteria: readonly string[], judge: HashedJudge | undefined): JsonObject {
  return {
    model: judge?.yardstick.model ?? null,
    votes: judge?.yardstick.votes ?? null,
    criteria: Object.fromEntries(
      criteria.map((id) => {
        const { hash, standing } = judge?.yardstick.criteria.get(id) ?? {}
        return [id, { hash: hash ?? null, standing: standing ?? null }]
      }),
    ),
  }
}

/** New votes are for new transcripts and change no case; but votes that are edited must be seen. */
function judgeCard(judge: HashedJudge): JsonObject {
  const { calibration, votes, yardstick } = judge
  return {
    ...askedOf([...yardstick.criteria.keys()], judge),
    stored: hashOf(votes.map(asJson)),
    calibration: calibration === undefined ? null : hashOf(asJson(calibration)),
  }
}

/** Without what the catalog brings: used, it is in the definition of a case; else it is nothing. */
function ownInjections({ slots, templates }: Injections): JsonObject {
  const own = Object.entries(templates).filter(([id, text]) => text !== attackCatalog[id])
  return asJson({ slots, templates: Object.fromEntries(own) })
}

/** What a case is called and sampled by, and what the agent meets and is judged by. */
function split(evalCase: EvalCase): readonly [JsonObject, JsonObject] {
  const named: Record<string, JsonValue> = {}
  const judged: Record<string, JsonValue> = {}
  for (const [key, value] of Object.entries(asJson(evalCase))) {
    if (labels.has(key)) named[key] = value
    else judged[key] = value
  }
  return [named, judged]
}

/** What an attack puts where. Slots and templates that it does not use may change. */
function placedTexts({ attack }: EvalCase, { slots, templates }: Injections): JsonValue {
  return [attack?.inject ?? []].flat().map(({ slot, template }) => {
    const text = templates[template] ?? ''
    return {
      place: asJson({ ...slots[slot], description: undefined }),
      ...(typeof text === 'string' ? { text, encode: 'plain' } : text),
    }
  })
}

/** A document without what only says what it is. */
function plain(document: object): JsonObject {
  return asJson({ ...document, apiVersion: undefined, kind: undefined })
}
