import type { JsonValue } from '../schema/json.ts'
import type { Path } from './problem.ts'

/** A `{{name}}` in the text of a template, and where. */
export interface Placeholder {
  readonly name: string
  readonly path: Path
  /** How far into the text, in UTF-16 code units. */
  readonly offset: number
  /** It is all of the text, so the value that replaces it keeps its type. */
  readonly whole: boolean
}

/** Names may have spaces around them. Inside one there are no braces, so none nests in another. */
const placeholder = /\{\{([^{}]*)\}\}/g
const wholePlaceholder = /^\{\{([^{}]*)\}\}$/

/** Every placeholder of a value, in the order of the document; keys have none. */
export function findPlaceholders(value: JsonValue, path: Path = []): readonly Placeholder[] {
  if (typeof value === 'string') return placeholdersIn(value, path)
  if (typeof value !== 'object' || value === null) return []
  const isList = Array.isArray(value)
  return Object.entries<JsonValue>(value).flatMap(([key, member]) =>
    findPlaceholders(member, [...path, isList ? Number(key) : key]),
  )
}

function placeholdersIn(text: string, path: Path): readonly Placeholder[] {
  if (!text.includes('{{')) return []
  const whole = wholePlaceholder.test(text)
  return [...text.matchAll(placeholder)].map(({ 1: name = '', index }) => ({
    name: name.trim(),
    path,
    offset: index,
    whole,
  }))
}

/**
 * Replaces the placeholders of a value. What is inserted is not looked at again: a `{{…}}` in it
 * stays as it is.
 *
 * @param values - has a value for every placeholder, and a text, number or boolean for one that
 *   stands inside a longer text
 */
export function fillPlaceholders(
  value: JsonValue,
  values: ReadonlyMap<string, JsonValue>,
): JsonValue {
  if (typeof value === 'string') return fillText(value, values)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    return (value as readonly JsonValue[]).map((item) => fillPlaceholders(item, values))
  }
  return Object.fromEntries(
    Object.entries<JsonValue>(value).map(([key, member]) => [
      key,
      fillPlaceholders(member, values),
    ]),
  )
}

function fillText(text: string, values: ReadonlyMap<string, JsonValue>): JsonValue {
  if (!text.includes('{{')) return text
  const [, name] = wholePlaceholder.exec(text) ?? []
  if (name !== undefined) return values.get(name.trim()) ?? null
  return text.replaceAll(placeholder, (_, each: string) => inWords(values.get(each.trim())))
}

function inWords(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}
