import type { EntityJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { Result } from '../../../expr/result.ts'
import type {
  ActionContext,
  PolicyEngine,
  PolicyQuestion,
  ProposedAction,
} from '../../policy-engine.ts'
import { notEvaluated, readAnswer, type Verdict } from './answer.ts'
import type { AskCedar } from './ask-cedar.ts'
import { entityOf, reachable } from './entities.ts'
import { type EntityUid, uidKey, uidsIn } from './entity-uid.ts'
import type { CedarRule } from './read-policies.ts'
import type { CedarTerms } from './read-terms.ts'
import { agentRecord, type CedarRequest, requestOf, toolRecord } from './request.ts'
import { worldRecords } from './world-records.ts'

/** What an engine decides by. */
interface CedarParts {
  readonly ask: AskCedar
  readonly rules: ReadonlyMap<string, CedarRule>
  readonly terms: CedarTerms
  /** Of the file of entities, by `uidKey`. */
  readonly entities: ReadonlyMap<string, EntityJson>
  readonly version: string
}

/** Policies in Cedar as one of our engines. They have something to say of calls only. */
export function cedarEngine(parts: CedarParts): PolicyEngine {
  const { ask, rules, terms, version } = parts
  const entitiesFor = entityFinder(parts)
  const verdictOn = (action: ProposedAction, context: ActionContext): Verdict => {
    const request = requestOf(terms, action, context)
    if (!request.ok) return notEvaluated(request.error)
    const entities = entitiesFor(request.value, action, context)
    if (!entities.ok) return notEvaluated(entities.error)
    return readAnswer(ask(request.value, entities.value), rules)
  }
  const decide = ({ action, context, stage }: PolicyQuestion): Verdict | undefined => {
    if (stage !== 'call' || action === undefined) return undefined
    try {
      return verdictOn(action, context)
    } catch (thrown) {
      // Half a character, for one: Cedar takes whole ones only.
      return notEvaluated(`Cedar: ${String(thrown)}`)
    }
  }
  return {
    name: 'cedar',
    version,
    decide: (question) => {
      const verdict = decide(question)
      return verdict && { source: 'policy', engine: 'cedar', ...verdict, version }
    },
  }
}

type FindEntities = (
  request: CedarRequest,
  action: ProposedAction,
  context: ActionContext,
) => Result<readonly EntityJson[]>

function entityFinder({ entities: filed, rules, terms }: CedarParts): FindEntities {
  const named = [...rules.values()].flatMap(({ uids }) => uids)
  const recordsIn = worldRecords(terms.world)
  return (request, action, context) => {
    const recordOf = recordsIn(context.state)
    const ours = new Map([
      [uidKey(request.principal), agentRecord(context.agent)],
      [uidKey({ type: terms.names.tool, id: action.tool }), toolRecord(action)],
    ])
    const knownAs = (uid: EntityUid): Result<EntityJson | undefined> => {
      const key = uidKey(uid)
      const own = ours.get(key)
      const record =
        own === undefined ? recordOf(uid.type, uid.id) : { ok: true as const, value: own }
      if (!record.ok) return record
      if (record.value === undefined) return { ok: true, value: filed.get(key) }
      const shape = terms.schema.entityTypes.get(uid.type)
      return entityOf(uid, record.value, { shape, filed: filed.get(key) })
    }
    const roots = [request.principal, request.resource, ...uidsIn(request.context), ...named]
    return reachable(roots, knownAs)
  }
}
