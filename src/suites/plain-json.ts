import type { JsonValue } from '../schema/json.ts'
import { isForbiddenKey } from './forbidden-keys.ts'
import { limits } from './limits.ts'

/** What no text editor writes and YAML forbids; as an escape in double quotes it is fine. */
export const control = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ufffd]/

/**
 * Reads JSON fast, or not at all: `undefined` where anything is wrong or doubtful, for the YAML
 * reader to say what and where.
 *
 * `JSON.parse` alone would take the last of two equal keys, round long numbers and keep
 * `__proto__`; the result is checked for these.
 */
export function readPlainJson(text: string): JsonValue | undefined {
  if (!/^\s*[[{]/.test(text) || control.test(text)) return undefined
  let value: JsonValue
  try {
    value = JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
  const keys = countKeys(value, 0)
  return keys === countWrittenKeys(text) ? value : undefined
}

/** How many members all objects have together; NaN where a key, a number or the depth is not allowed. */
function countKeys(value: JsonValue, depth: number): number {
  if (typeof value === 'number') return isDoubtful(value) ? Number.NaN : 0
  if (typeof value !== 'object' || value === null) return 0
  if (depth >= limits.depth) return Number.NaN
  if (Array.isArray(value)) {
    return (value as readonly JsonValue[]).reduce<number>(
      (sum, item) => sum + countKeys(item, depth + 1),
      0,
    )
  }
  let keys = 0
  for (const [key, member] of Object.entries(value)) {
    if (isForbiddenKey(key)) return Number.NaN
    keys += 1 + countKeys(member, depth + 1)
  }
  return keys
}

function isDoubtful(value: number): boolean {
  return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))
}

/** How many strings of a valid JSON text have a colon behind them. */
function countWrittenKeys(text: string): number {
  let keys = 0
  let start = text.indexOf('"')
  while (start !== -1) {
    let next = endOfString(text, start) + 1
    while (isSpace(text.charCodeAt(next))) next += 1
    if (text[next] === ':') keys += 1
    start = text.indexOf('"', next)
  }
  return keys
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0
  while (text[quote - 1 - backslashes] === '\\') backslashes += 1
  return backslashes % 2 === 1
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}
