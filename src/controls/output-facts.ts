import { type ExprValue, toExprValue } from '../expr/value.ts'
import type { JsonValue } from '../schema/json.ts'
import { findPii } from './pii.ts'

/** What a rule about `output` can ask: the text or value itself, and computed facts. */
export function outputFacts(output: JsonValue): ExprValue {
  const text = typeof output === 'string' ? output : JSON.stringify(output)
  const kinds = findPii(textsIn(output).join('\n'))
  return toExprValue({ text, value: output, contains_pii: kinds.length > 0, pii_kinds: [...kinds] })
}

/**
 * Every text and number in a value, keys too. Not its JSON: there a line break before a number is
 * the letter `n`, and the number no longer stands alone.
 */
function textsIn(value: JsonValue): readonly string[] {
  if (typeof value !== 'object' || value === null) return [String(value)]
  const members: readonly (readonly [string, JsonValue])[] = Object.entries(value)
  const keys = Array.isArray(value) ? [] : members.map(([key]) => key)
  return [...keys, ...members.flatMap(([, member]) => textsIn(member))]
}
