import type { EntityUidJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs'

/** An entity's type with its namespace, and its id. */
export type EntityUid = Readonly<TypeAndId>

export function uidOf(written: EntityUidJson): EntityUid {
  return '__entity' in written ? written.__entity : written
}

/** One text for each entity. */
export function uidKey({ type, id }: EntityUid): string {
  return `${type}::${JSON.stringify(id)}`
}

/**
 * Every entity that a value of Cedar's JSON names, at any depth, in either way of writing.
 *
 * A record that happens to look like one is taken for one as well: an entity too many does no harm.
 */
export function uidsIn(value: unknown): readonly EntityUid[] {
  if (typeof value !== 'object' || value === null) return []
  const { type, id } = value as Partial<Record<string, unknown>>
  if (typeof type === 'string' && typeof id === 'string') return [{ type, id }]
  return Object.values(value).flatMap(uidsIn)
}
