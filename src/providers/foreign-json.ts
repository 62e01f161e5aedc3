import type { JsonObject, JsonValue } from '../schema/json.ts'
import { truncate } from '../text/truncate.ts'

/** Nothing that a service answers has more; what claims so is not believed. */
const maxTokens = 1_000_000_000

/** Longer names are cut. */
const maxName = 200

/** A member of something foreign, where that is an object with this member of its own. */
export function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** A text that says something. */
export function words(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A name that somebody else gave, in bounds. */
export function foreignName(value: unknown): string | undefined {
  const name = words(value)
  return name === undefined ? undefined : truncate(name, maxName)
}

/** A count of tokens as a service tells it: a whole number from 0, or nothing. */
export function tokenCount(value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined
  return value >= 0 && value <= maxTokens ? value : undefined
}

/** Such a count where it is part of another one and worth telling. */
export function partialCount(value: unknown, whole: number): number | undefined {
  const tokens = tokenCount(value)
  return tokens !== undefined && tokens > 0 && tokens <= whole ? tokens : undefined
}

/** Arguments of a tool: the object that a text holds, or the text itself. */
export function readArguments(value: unknown): JsonObject | string {
  // Some servers send the object instead of its text; nothing at all is a call without arguments.
  if (isJsonObject(value)) return value
  if (value === undefined || value === null || value === '') return {}
  if (typeof value !== 'string') return JSON.stringify(value)
  const parsed = parseJson(value)
  return isJsonObject(parsed) ? parsed : value
}

/** `undefined` where a text is no JSON. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const fenced = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?\s*```\s*$/i

/** A structured answer without the fence that services write around it which know no schemas. */
export function withoutFence(text: string): string {
  return fenced.exec(text)?.[1] ?? text
}
