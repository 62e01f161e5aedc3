import type { JsonValue } from '../schema/json.ts'
import { canonicalJson } from '../text/canonical-json.ts'

/** One value that a case runs with, and where it comes from. */
export interface ExplainedValue {
  /** As one would write it, for example `world.faults` or `expect.calls.0.count`. */
  readonly key: string
  readonly value: JsonValue
  readonly from: 'written' | 'default' | 'derived'
  /** In words, to be read behind the value. */
  readonly why: string
}

/** A value that the case says itself. */
export function written(key: string, value: unknown): ExplainedValue {
  return { key, value: json(value), from: 'written', why: 'the case says so' }
}

/** A value of a key with a default. Written out, the default is the default all the same. */
export function orDefault(
  key: string,
  value: unknown,
  fallback: { readonly is: JsonValue; readonly why: string },
): ExplainedValue {
  const isDefault = canonicalJson(json(value)) === canonicalJson(fallback.is)
  if (!isDefault) return written(key, value)
  return { key, value: fallback.is, from: 'default', why: fallback.why }
}

/** A value that follows from something else unless the case says it. */
export function orDerived(
  key: string,
  value: JsonValue,
  { own, why }: { readonly own: unknown; readonly why: string },
): ExplainedValue {
  return own === undefined ? { key, value, from: 'derived', why } : written(key, value)
}

/** Parts of a checked case are JSON. */
function json(value: unknown): JsonValue {
  return value as JsonValue
}
