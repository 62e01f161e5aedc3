import type { EntityJson } from '@cedar-policy/cedar-wasm/nodejs'
import { type Result, success } from '../../../expr/result.ts'
import type { ExprMap } from '../../../expr/value.ts'
import { type EntityUid, uidKey, uidsIn } from './entity-uid.ts'
import { projectRecord } from './project.ts'
import { type Attribute, noAttributes, type RecordShape } from './shape.ts'

/** What is known of an entity; `undefined`: nothing. */
export type KnownAs = (uid: EntityUid) => Result<EntityJson | undefined>

/**
 * The entities that a decision can depend on: those that the request and the policies name, and
 * whatever these refer to, over any number of steps.
 *
 * A policy has no other way to an entity, so the rest of the world can stay where it is, which is
 * what keeps a decision short in a large one.
 */
export function reachable(
  roots: readonly EntityUid[],
  knownAs: KnownAs,
): Result<readonly EntityJson[]> {
  const found: EntityJson[] = []
  const seen = new Set<string>()
  const waiting = [...roots]
  for (let uid = waiting.pop(); uid !== undefined; uid = waiting.pop()) {
    const key = uidKey(uid)
    if (seen.has(key)) continue
    seen.add(key)
    const known = knownAs(uid)
    if (!known.ok) return known
    if (known.value === undefined) continue
    found.push(known.value)
    const { attrs, parents, tags } = known.value
    for (const named of uidsIn([attrs, parents, tags])) waiting.push(named)
  }
  return success(found)
}

/** What is declared and filed of an entity besides what we know. */
interface Elsewhere {
  readonly shape: RecordShape | undefined
  readonly filed: EntityJson | undefined
}

/**
 * An entity from what we know of it and what the file of entities says.
 *
 * Ours comes first, as the newer of the two. The file adds what we cannot know: parents, tags, and
 * attributes that we have no value for.
 */
export function entityOf(
  uid: EntityUid,
  ours: ExprMap,
  { filed, shape = noAttributes }: Elsewhere,
): Result<EntityJson> {
  const isOurs = ([name]: readonly [string, Attribute]): boolean =>
    (ours.get(name) ?? null) !== null || !Object.hasOwn(filed?.attrs ?? {}, name)
  const attributes = new Map([...shape.attributes].filter(isOurs))
  const projected = projectRecord(ours, { kind: 'record', attributes }, uidKey(uid))
  if (!projected.ok) return projected
  const { type, id } = uid
  const own = { uid: { type, id }, attrs: projected.value, parents: [] }
  if (filed === undefined) return success(own)
  return success({
    ...filed,
    ...own,
    attrs: { ...filed.attrs, ...own.attrs },
    parents: filed.parents,
  })
}
