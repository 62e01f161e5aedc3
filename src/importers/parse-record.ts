import type { z } from 'zod'
import type { JsonObject } from '../schema/json.ts'
import { terminalLine } from '../text/sanitise-terminal.ts'
import { jsonTokens } from './json-tokens.ts'
import { inputError, type Place, quoted } from './place.ts'

/** Deeper than any recorded run, and shallow enough for every walk over it. */
const maxDepth = 200

/**
 * One recorded run, checked: JSON, finite numbers, not too deep, and of the foreign format as far
 * as we read it. Keys that we do not read are ignored.
 *
 * @throws AgentEvalError `input` naming the place and what was expected
 */
export function parseRecord<T>(schema: z.ZodType<T>, text: string, place: Place): T {
  const value = parseJson(text, place)
  const flaw = flawOf(value)
  if (flaw !== undefined) throw inputError(place, `${where(flaw.path)}${flaw.what}`)

  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [first, ...more] = result.error.issues
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`
  throw inputError(place, `${where(first?.path ?? [])}${first?.message ?? 'invalid'}${others}`)
}

/** Arguments as a model wrote them: an object, or the text where they are no plain JSON object. */
export function parseArguments(text: string): JsonObject | string {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) && flawOf(value) === undefined ? value : text
  } catch {
    return text
  }
}

/** Whether a parsed JSON value is an object; its members are JSON because it was parsed. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseJson(text: string, place: Place): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const number = nonFiniteLiteral(text)
    if (number !== undefined) {
      throw inputError(
        place,
        `${number} is no JSON number`,
        'Python writes it for an unknown value',
      )
    }
    const reason = cause instanceof Error ? cause.message : ''
    const hint = place.index === undefined ? 'every line must hold one whole record' : undefined
    throw inputError(place, `no valid JSON: ${terminalLine(reason, 160)}`, hint)
  }
}

/** `"reward": NaN` where JSON text holds what Python writes for a float that is no number. */
function nonFiniteLiteral(text: string): string | undefined {
  let key = ''
  let last = ''
  for (const { kind, start, end } of jsonTokens(text)) {
    if (kind === 'word' && end - start < 10) {
      const word = text.slice(start, end)
      if (/^-?(NaN|Infinity)$/.test(word)) return last === ':' ? `${key}: ${word}` : word
    }
    if (kind === 'string') key = quoted(text.slice(start + 1, end - 1))
    last = kind === 'mark' ? text.charAt(start) : ''
  }
  return undefined
}

interface Flaw {
  readonly path: readonly string[]
  readonly what: string
}

/** What makes a parsed value unfit for our documents: a number beyond floats, or its depth. */
function flawOf(value: unknown, depth = 0): Flaw | undefined {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? undefined : { path: [], what: `${value} is no JSON number` }
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (depth === maxDepth) return { path: [], what: `nested deeper than ${maxDepth} levels` }
  for (const [key, member] of Object.entries(value)) {
    const flaw = flawOf(member, depth + 1)
    if (flaw !== undefined) return { ...flaw, path: [key, ...flaw.path] }
  }
  return undefined
}

function where(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '' : `${terminalLine(path.map(String).join('.'), 120)}: `
}
