import type { JsonObject, JsonValue } from '../schema/json.ts'

/** Deeper than any schema that a person reads; circles end here as well. */
const maxDepth = 12
/** A document that refers to itself in many places grows with every step. */
const maxValues = 20_000

/**
 * A value with its references (`$ref: '#/…'`) replaced by what they mean.
 *
 * Only references inside the document are followed. One that leads nowhere, elsewhere, into a
 * circle or too deep becomes `{}`, which allows anything.
 */
export function resolveRefs(value: JsonValue, root: JsonObject): JsonValue {
  return resolve(value, { root, depth: 0, open: new Set(), count: { left: maxValues } })
}

interface Resolving {
  readonly root: JsonObject
  readonly depth: number
  readonly open: ReadonlySet<string>
  readonly count: { left: number }
}

function resolve(value: JsonValue, state: Resolving): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  state.count.left -= 1
  if (state.depth > maxDepth || state.count.left < 0) return {}
  const deeper = { ...state, depth: state.depth + 1 }
  if (Array.isArray(value)) {
    return (value as readonly JsonValue[]).map((item) => resolve(item, deeper))
  }
  const members = value as JsonObject
  const { $ref } = members
  if (typeof $ref === 'string') return follow($ref, deeper)
  return Object.fromEntries(
    Object.entries(members).map(([key, member]) => [key, resolve(member, deeper)]),
  )
}

function follow(ref: string, state: Resolving): JsonValue {
  if (!ref.startsWith('#/') || state.open.has(ref)) return {}
  const target = ref
    .slice(2)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<JsonValue | undefined>(member, state.root)
  return target === undefined
    ? {}
    : resolve(target, { ...state, open: new Set([...state.open, ref]) })
}

function member(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.hasOwn(value, key) ? (value as Readonly<Record<string, JsonValue>>)[key] : undefined
}
