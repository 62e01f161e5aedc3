import type { Expectation } from '../../schema/expect.ts'
import type { JsonValue } from '../../schema/json.ts'
import type { Matcher, Operators } from '../../schema/matcher.ts'
import { canonicalJson } from '../../text/canonical-json.ts'

/**
 * Whether a case grants a value to an argument by listing it (`in`) or by both bounds of a range.
 *
 * Whoever writes that has decided that such a value is as good; to show it as a mutant that
 * survives would tell nothing new. A pattern that matches it, or half a range, decides nothing.
 */
export function isGranted(
  { calls = [], effects }: Expectation,
  {
    tool,
    argument,
    value,
  }: { readonly tool: string; readonly argument: string; readonly value: JsonValue },
): boolean {
  return [...calls, ...(effects?.required ?? []), ...(effects?.allowed ?? [])]
    .filter((pattern) => pattern.tool === tool)
    .some(({ args = {} }) => {
      const matcher = Object.hasOwn(args, argument) ? args[argument] : undefined
      return matcher !== undefined && grants(matcher, value)
    })
}

function grants(matcher: Matcher, value: JsonValue): boolean {
  if (!isOperators(matcher)) return false
  const { in: listed, max, min } = matcher
  if (listed !== undefined) {
    return listed.some((one) => canonicalJson(one) === canonicalJson(value))
  }
  if (max === undefined || min === undefined || typeof value !== 'number') return false
  return value >= min && value <= max
}

function isOperators(matcher: Matcher): matcher is Operators {
  return typeof matcher === 'object' && matcher !== null && !Array.isArray(matcher)
}
