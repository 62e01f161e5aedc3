import type { JsonObject, JsonValue } from '../schema/json.ts'
import { quote } from './describe.ts'
import { isForbiddenKey } from './forbidden-keys.ts'
import type { Path } from './problem.ts'
import { readSource } from './source.ts'

/** One `--set path=value`, with its path where the file has that section. */
export interface SetOverride {
  /** The option as it was typed. */
  readonly typed: string
  readonly path: Path
  readonly value: JsonValue
}

export type ParsedOverride =
  | { readonly ok: true; readonly override: SetOverride }
  | { readonly ok: false; readonly typed: string; readonly message: string; readonly hint?: string }

/**
 * Reads `budgets.max_tool_calls=6`, with or without `agent.` before it.
 *
 * The value is a YAML scalar, or a list or mapping in brackets; what is neither is the text as it
 * stands, so that a sentence needs no second pair of quotes.
 *
 * @param file - the candidate file's value; its sections stand under `agent` or beside it
 */
export function parseOverride(typed: string, file: JsonObject): ParsedOverride {
  const equals = typed.indexOf('=')
  const steps = typed.slice(0, Math.max(equals, 0)).split('.')
  const own = steps[0] === 'agent' ? steps.slice(1) : steps
  if (equals === -1 || own.length === 0 || own.includes('')) {
    const hint = 'write it as path=value, for example budgets.max_tool_calls=6'
    return { ok: false, typed, message: `${quote(typed)} sets nothing`, hint }
  }
  const forbidden = own.find(isForbiddenKey)
  if (forbidden !== undefined) {
    return { ok: false, typed, message: `${quote(forbidden)} is not allowed as a key` }
  }
  const [section = '', ...rest] = own
  const path = [...sectionPath(file, section), ...rest]
  return { ok: true, override: { typed, path, value: scalarOf(typed.slice(equals + 1)) } }
}

/** Where a section of a candidate file stands: under `agent`, or beside it. */
export function sectionPath(file: JsonObject, section: string): Path {
  const { agent } = file
  const isInside = typeof agent === 'object' && agent !== null && Object.hasOwn(agent, section)
  return isInside || section === 'name' ? ['agent', section] : [section]
}

/** Why a path leads nowhere in a value: through a text, or beside a list. */
export function setFault(target: JsonValue, path: Path): string | undefined {
  let value: JsonValue | undefined = target
  for (const [depth, step] of path.entries()) {
    if (value === undefined || value === null) return undefined
    const way = path.slice(0, depth).join('.')
    if (typeof value !== 'object') return `${quote(way)} is no mapping or list`
    if (Array.isArray(value) && !isPlace(step, value.length)) {
      return `${quote(way)} is a list of ${value.length}; its places are 0 to ${value.length}`
    }
    value = Object.hasOwn(value, step) ? (value as JsonObject)[step] : undefined
  }
  return undefined
}

/** A copy with the value at a path without fault; what is missing on the way becomes a mapping. */
export function setAt(target: JsonValue | undefined, path: Path, value: JsonValue): JsonValue {
  const [step, ...rest] = path
  if (step === undefined) return value
  if (Array.isArray(target)) {
    const list = target as readonly JsonValue[]
    const index = Number(step)
    return list.toSpliced(index, 1, setAt(list[index], rest, value))
  }
  const object = typeof target === 'object' && target !== null ? (target as JsonObject) : {}
  const member = Object.hasOwn(object, step) ? object[step] : undefined
  return { ...object, [step]: setAt(member, rest, value) }
}

function isPlace(step: string | number, length: number): boolean {
  return /^\d{1,9}$/.test(String(step)) && Number(step) <= length
}

function scalarOf(text: string): JsonValue {
  const read = readSource({ text, file: '--set' })
  if (!read.ok) return text
  const { value } = read.value
  return typeof value !== 'object' || value === null || /^\s*[[{]/.test(text) ? value : text
}
