import type { CedarValueJson } from '@cedar-policy/cedar-wasm/nodejs'
import { failure, type Result, success } from '../../../expr/result.ts'
import { type ExprMap, type ExprValue, isExprList, isExprMap } from '../../../expr/value.ts'
import { cedarDatetime } from './iso-time.ts'
import type { RecordShape, Scalar, Shape } from './shape.ts'

export type CedarRecord = Record<string, CedarValueJson>

/**
 * What of an object a schema declares, in the form in which Cedar takes it.
 *
 * Cedar refuses attributes that are not declared, and no policy could name them: they stay behind. A
 * value whose type does not fit, and a required one that is missing or null, is an error: nothing is
 * guessed, and what is not there is never taken for something that is.
 *
 * Only the schema makes entities and extension values. An object with a member `__entity` or `__extn`
 * is an object, whoever sends it.
 *
 * @param at - how the object is called in errors
 */
export function projectRecord(
  values: ExprMap,
  { attributes }: RecordShape,
  at: string,
): Result<CedarRecord> {
  const members: [string, CedarValueJson][] = []
  for (const [name, { required, shape }] of attributes) {
    const value = values.get(name) ?? null
    if (value === null) {
      if (required) return failure(`${at}.${name} is missing`)
      continue
    }
    const projected = project(value, shape, `${at}.${name}`)
    if (!projected.ok) return projected
    members.push([name, projected.value])
  }
  return success(Object.fromEntries(members))
}

function project(value: ExprValue, shape: Shape, at: string): Result<CedarValueJson> {
  switch (shape.kind) {
    case 'record':
      return isExprMap(value) ? projectRecord(value, shape, at) : misfit(value, 'an object', at)
    case 'set':
      return isExprList(value) ? projectSet(value, shape.element, at) : misfit(value, 'a list', at)
    case 'entity':
      return projectEntity(value, shape.type, at)
    case 'scalar':
      return projectScalar(value, shape.type, at)
    case 'unknown':
      return failure(`${at} is of the type ${shape.name}, which is not known here`)
  }
}

function projectEntity(value: ExprValue, type: string, at: string): Result<CedarValueJson> {
  return typeof value === 'string' || typeof value === 'bigint'
    ? success({ __entity: { type, id: String(value) } })
    : misfit(value, `the id of a ${type}`, at)
}

function projectScalar(value: ExprValue, type: Scalar, at: string): Result<CedarValueJson> {
  const { convert, needs } = scalars[type]
  const converted = convert(value)
  return converted === undefined ? misfit(value, needs, at) : success(converted)
}

function projectSet(
  values: readonly ExprValue[],
  element: Shape,
  at: string,
): Result<CedarValueJson[]> {
  const items: CedarValueJson[] = []
  for (const [index, value] of values.entries()) {
    const projected = project(value, element, `${at}[${index}]`)
    if (!projected.ok) return projected
    items.push(projected.value)
  }
  return success(items)
}

interface Conversion {
  readonly needs: string
  readonly convert: (value: ExprValue) => CedarValueJson | undefined
}

const scalars: Record<Scalar, Conversion> = {
  string: { needs: 'a text', convert: (value) => (typeof value === 'string' ? value : undefined) },
  bool: {
    needs: 'true or false',
    convert: (value) => (typeof value === 'boolean' ? value : undefined),
  },
  long: {
    needs: 'a whole number',
    convert: (value) => (typeof value === 'bigint' ? Number(value) : undefined),
  },
  decimal: { needs: 'a number with at most four decimals', convert: toDecimal },
  datetime: {
    needs: 'a date, or a date and time with its offset, as in ISO 8601',
    convert: (value) =>
      extension('datetime', typeof value === 'string' ? cedarDatetime(value) : undefined),
  },
  duration: {
    needs: 'a duration such as 1h30m',
    convert: (value) => extension('duration', typeof value === 'string' ? value : undefined),
  },
  ipaddr: {
    needs: 'an IP address',
    convert: (value) => extension('ip', typeof value === 'string' ? value : undefined),
  },
}

/** Cedar's decimals have one to four digits after the point; a JSON number can have more, or none. */
function toDecimal(value: ExprValue): CedarValueJson | undefined {
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined
  const digits = String(value)
  if (/^-?\d+$/.test(digits)) return extension('decimal', `${digits}.0`)
  return extension('decimal', /^-?\d+\.\d{1,4}$/.test(digits) ? digits : undefined)
}

function extension(fn: string, arg: string | undefined): CedarValueJson | undefined {
  return arg === undefined ? undefined : { __extn: { fn, arg } }
}

function misfit(value: ExprValue, needs: string, at: string): Result<never> {
  return failure(`${at} is ${describe(value)}, and the schema wants ${needs}`)
}

function describe(value: ExprValue): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (typeof value === 'string') return 'a text'
  if (typeof value === 'boolean') return String(value)
  return isExprList(value) ? 'a list' : 'an object'
}
