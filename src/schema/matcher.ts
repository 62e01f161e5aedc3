import { z } from 'zod'
import { type JsonValue, jsonValue } from './json.ts'
import { count, pattern, toolName } from './names.ts'

const operators = z.strictObject({
  eq: jsonValue.optional(),
  ne: jsonValue.optional(),
  in: z.array(jsonValue).min(1).optional(),
  /** RE2, anywhere in the text. */
  matches: pattern.optional(),
  min: z.number().optional(),
  max: z.number().optional(),
})
export type Operators = z.infer<typeof operators>

/**
 * What one argument must be: a plain value means equal; an object holds operators.
 * To compare with an object, write `{ eq: {…} }`.
 */
const matcher = z.union(
  [z.string(), z.number(), z.boolean(), z.null(), z.array(jsonValue), operators],
  {
    error: 'a plain value, or operators: eq, ne, in, matches, min, max',
  },
)
export type Matcher = JsonValue | Operators

export const argumentMatchers = z.record(z.string(), matcher)
export type ArgumentMatchers = z.infer<typeof argumentMatchers>

/** How often: an exact number, or bounds. */
export const times = z.union([
  count,
  z.strictObject({ min: count.optional(), max: count.optional() }),
])
export type Times = z.infer<typeof times>

export const callPattern = z.strictObject({ tool: toolName, args: argumentMatchers.optional() })
export type CallPattern = z.infer<typeof callPattern>
