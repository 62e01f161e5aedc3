/**
 * A JSON value in the form that expressions read without conversion: objects as Maps, whole
 * numbers as bigint. Immutable: whoever changes one makes a new one and shares the rest.
 *
 * Each value is the image of exactly one JSON value, so a state that went through a trace
 * and back behaves as before. Maps also make a key called `__proto__` a key like any other.
 */
export type ExprValue = string | number | bigint | boolean | null | readonly ExprValue[] | ExprMap

export type ExprMap = ReadonlyMap<string, ExprValue>

/** The variables of an expression by name. */
export type ExprVariables = Readonly<Record<string, ExprValue>>

/** Anything that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | JsonMembers
export interface JsonMembers {
  readonly [key: string]: Json
}

/**
 * JSON to the form of expressions.
 *
 * Whole numbers up to 2^53 become integers, also `40.0`: JSON does not tell them apart.
 */
export function toExprValue(json: JsonMembers): ExprMap
export function toExprValue(json: Json): ExprValue
export function toExprValue(json: Json): ExprValue {
  if (typeof json === 'number') return exprNumber(json)
  if (typeof json !== 'object' || json === null) return json
  if (isList(json)) return json.map((item) => toExprValue(item))
  const map = new Map<string, ExprValue>()
  for (const key of Object.keys(json)) {
    const member = json[key]
    if (member !== undefined) map.set(key, toExprValue(member))
  }
  return map
}

/** A number in its one form: an integer where it is whole and exact. */
export function exprNumber(value: number): bigint | number {
  return Number.isSafeInteger(value) ? BigInt(value) : value
}

/** Back to JSON. Objects are made of own properties, so `__proto__` as a key does no harm. */
export function fromExprValue(value: ExprMap): JsonMembers
export function fromExprValue(value: ExprValue): Json
export function fromExprValue(value: ExprValue): Json {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object' || value === null) return value
  if (isExprList(value)) return value.map((item) => fromExprValue(item))
  return Object.fromEntries([...value].map(([key, member]) => [key, fromExprValue(member)]))
}

export function isExprMap(value: ExprValue | undefined): value is ExprMap {
  return value instanceof Map
}

export function isExprList(value: ExprValue | undefined): value is readonly ExprValue[] {
  return Array.isArray(value)
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json)
}
