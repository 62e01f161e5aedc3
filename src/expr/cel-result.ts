import { type CelValue, isCelList, isCelMap, isCelUint } from '@bufbuild/cel'
import { toJson } from '@bufbuild/protobuf'
import { isReflectMessage } from '@bufbuild/protobuf/reflect'
import {
  type Duration,
  DurationSchema,
  type Timestamp,
  TimestampSchema,
} from '@bufbuild/protobuf/wkt'
import { type ExprMap, type ExprValue, exprNumber } from './value.ts'

/**
 * What an expression evaluated to, as a value of ours. Timestamps become RFC 3339 texts and
 * durations texts such as `90s`.
 *
 * @throws TypeError where the value has no JSON form: an integer beyond 2^53, NaN, bytes, a type,
 *   an object whose keys are not texts
 */
export function fromCelResult(value: CelValue): ExprValue {
  if (typeof value === 'number') return finite(value)
  if (typeof value === 'bigint') return safe(value)
  return typeof value === 'object' && value !== null ? fromObject(value) : value
}

function fromObject(value: CelValue & object): ExprValue {
  if (isCelList(value)) return Array.from(value, fromCelResult)
  if (isCelMap(value)) return fromCelMap(value)
  if (isCelUint(value)) return safe(value.value)
  if (isReflectMessage(value, TimestampSchema))
    return toJson(TimestampSchema, value.message as Timestamp)
  if (isReflectMessage(value, DurationSchema))
    return toJson(DurationSchema, value.message as Duration)
  throw new TypeError('the result has no JSON form')
}

function fromCelMap(map: ReadonlyMap<unknown, CelValue>): ExprMap {
  const members = new Map<string, ExprValue>()
  for (const [key, value] of map) {
    if (typeof key !== 'string') throw new TypeError('the keys of an object must be strings')
    members.set(key, fromCelResult(value))
  }
  return members
}

function finite(value: number): ExprValue {
  if (Number.isFinite(value)) return exprNumber(value)
  throw new TypeError(`${value} has no JSON form`)
}

function safe(value: bigint): bigint {
  if (Number.isSafeInteger(Number(value))) return value
  throw new TypeError(`${String(value)} is beyond 2^53, which JSON cannot hold exactly`)
}
