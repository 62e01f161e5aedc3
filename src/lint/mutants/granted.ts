import { mostTimes } from '../../graders/describe.ts'
import { compileArguments } from '../../graders/match-arguments.ts'
import type { Expectation } from '../../schema/expect.ts'
import type { JsonObject, JsonValue } from '../../schema/json.ts'
import type { Matcher, Operators } from '../../schema/matcher.ts'
import { canonicalJson } from '../../text/canonical-json.ts'

/**
 * Whether a case grants a call the value of one argument by listing it (`in`) or by both bounds of a
 * range, in an entry that the whole call fits.
 *
 * Whoever writes that has decided that such a value is as good; to show it as a mutant that
 * survives would tell nothing new. A pattern that matches it, or half a range, decides nothing.
 */
export function isGranted(
  { calls = [], effects }: Expectation,
  { args, argument, tool }: ChangedCall,
): boolean {
  // What may happen zero times is forbidden.
  const positive = [...calls, ...(effects?.required ?? [])].filter(
    ({ count }) => mostTimes(count) > 0,
  )
  return [...positive, ...(effects?.allowed ?? [])].some(({ args: matchers = {}, ...pattern }) => {
    if (pattern.tool !== tool || !Object.hasOwn(matchers, argument)) return false
    const matcher = matchers[argument] ?? null
    return grants(matcher, args[argument] ?? null) && compileArguments(matchers)(args).length === 0
  })
}

interface ChangedCall {
  readonly tool: string
  /** All of them, the changed one included. */
  readonly args: JsonObject
  /** The name of the changed one. */
  readonly argument: string
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
