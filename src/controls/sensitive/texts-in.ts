import type { JsonValue } from '../../schema/json.ts'

/**
 * Every text and whole number in a value, keys too, each once.
 *
 * One by one and not its JSON: there a line break before a number is the letter `n`, and the number
 * no longer stands alone. Fractions are left out, because their digits are no number of anything.
 */
export function textsIn(value: JsonValue): ReadonlySet<string> {
  const texts = new Set<string>()
  // A list of what is still to do and no recursion: values from outside nest as deep as they like.
  const open: JsonValue[] = [value]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const text = textOf(next)
    if (text !== undefined) texts.add(text)
    if (typeof next !== 'object' || next === null) continue
    if (!Array.isArray(next)) for (const key of Object.keys(next)) texts.add(key)
    for (const member of Object.values<JsonValue>(next)) open.push(member)
  }
  return texts
}

/** How a single value reads; `undefined` where it has nothing to read, or is made of others. */
export function textOf(value: JsonValue): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' && Number.isInteger(value) ? String(value) : undefined
}
