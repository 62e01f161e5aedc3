import type { JsonObject, JsonValue } from '../../schema/json.ts'
import { referencesInWords, wholeReference } from '../../schema/oracle.ts'

/** Results of earlier calls by their number in the oracle, from 1. */
export type ResultOf = (callNumber: number) => JsonValue | undefined

/**
 * Replaces `$1.id` in arguments by what the first call returned. A result that never came stands
 * as the text "unknown": the agent goes on with what it does not know, as a model would.
 */
export function resolveArguments(args: JsonObject, resultOf: ResultOf): JsonObject {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, resolve(value, resultOf)]),
  )
}

/** Replaces `{$1.id}` in words likewise. */
export function resolveWords(text: string, resultOf: ResultOf): string {
  return text.replaceAll(referencesInWords, (_, number: string, path: string) => {
    const value = lookUp(Number(number), path, resultOf)
    return typeof value === 'string' ? value : JSON.stringify(value)
  })
}

function resolve(value: JsonValue, resultOf: ResultOf): JsonValue {
  if (typeof value === 'string') {
    const match = wholeReference.exec(value)
    return match === null ? value : lookUp(Number(match[1]), match[2] ?? '', resultOf)
  }
  if (Array.isArray(value)) return value.map((item: JsonValue) => resolve(item, resultOf))
  if (typeof value !== 'object' || value === null) return value
  return resolveArguments(value as JsonObject, resultOf)
}

function lookUp(callNumber: number, path: string, resultOf: ResultOf): JsonValue {
  let value: JsonValue | undefined = resultOf(callNumber)
  for (const key of path.split('.').filter((name) => name !== '')) value = child(value, key)
  return value ?? 'unknown'
}

function child(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (Array.isArray(value)) return (value as readonly JsonValue[])[Number(key)]
  if (typeof value !== 'object' || value === null) return undefined
  return Object.hasOwn(value, key) ? (value as JsonObject)[key] : undefined
}
