import { AgentEvalError } from '../errors.ts'
import { compilePattern } from '../expr/pattern.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'
import type { ArgumentMatchers, Matcher, Operators } from '../schema/matcher.ts'
import { canonicalJson } from '../text/canonical-json.ts'

/** One thing that a matcher asks of an argument. */
export type Requirement = Asked & { readonly holds: (actual: JsonValue | undefined) => boolean }

type Asked =
  | { readonly operator: 'present' }
  | { readonly operator: 'eq' | 'ne'; readonly value: JsonValue }
  | { readonly operator: 'in'; readonly values: readonly JsonValue[] }
  | { readonly operator: 'matches'; readonly source: string }
  | { readonly operator: 'min' | 'max'; readonly bound: number }

/** An argument that is not what it must be, and the first of its requirements that says so. */
export interface BrokenRequirement<R extends Requirement> {
  readonly argument: string
  /** `undefined`: the argument is missing. */
  readonly actual: JsonValue | undefined
  readonly requirement: R
}

/** Arguments by name, each with all that it must be. */
export type RequiredArguments<R extends Requirement> = readonly (readonly [string, readonly R[]])[]

/** Arguments of a call → whether they are what they must be. */
type ArgumentMatch = (args: JsonObject) => boolean

/**
 * Compiles the matchers of a case; without matchers every call matches.
 *
 * @throws AgentEvalError (input) where a pattern does not compile
 */
export function matchArguments(matchers: ArgumentMatchers = {}): ArgumentMatch {
  const required = Object.entries(matchers).map(
    ([argument, matcher]) => [argument, requirementsOf(matcher)] as const,
  )
  return (args) => brokenRequirements(required, args).length === 0
}

/** What arguments break, one requirement an argument, in the order of the matchers. */
export function brokenRequirements<R extends Requirement>(
  required: RequiredArguments<R>,
  args: JsonObject,
): readonly BrokenRequirement<R>[] {
  const broken: BrokenRequirement<R>[] = []
  for (const [argument, requirements] of required) {
    // Not `args[argument]` alone: an argument named "constructor" would find the prototype's.
    const actual = Object.hasOwn(args, argument) ? args[argument] : undefined
    const requirement = requirements.find((one) => !one.holds(actual))
    if (requirement !== undefined) broken.push({ argument, actual, requirement })
  }
  return broken
}

/**
 * Everything a matcher asks.
 *
 * Equality is typed: 12 equals 12.0 but not "12". `matches` looks at texts only, `min` and `max`
 * at numbers only. Each operator given must hold. A missing argument satisfies nothing but `ne`,
 * so that a call with empty or partial arguments never matches by accident (a null is not
 * missing). Arguments that no matcher names are free.
 *
 * @throws AgentEvalError (input) where a pattern does not compile
 */
export function requirementsOf(matcher: Matcher): readonly Requirement[] {
  if (!isOperators(matcher)) return [equalTo(matcher)]
  const { eq, ne, in: among, matches, min, max } = matcher
  const requirements: Requirement[] = []
  if (eq !== undefined) requirements.push(equalTo(eq))
  if (ne !== undefined) requirements.push(differentFrom(ne))
  if (among !== undefined) requirements.push(oneOf(among))
  if (matches !== undefined) requirements.push(textLike(matches))
  if (min !== undefined) requirements.push(atLeast(min))
  if (max !== undefined) requirements.push(atMost(max))
  return requirements.length === 0 ? [present] : requirements
}

function isOperators(matcher: Matcher): matcher is Operators {
  return typeof matcher === 'object' && matcher !== null && !Array.isArray(matcher)
}

const present: Requirement = { operator: 'present', holds: (actual) => actual !== undefined }

function equalTo(value: JsonValue): Requirement {
  return { operator: 'eq', value, holds: (actual) => sameJson(actual, value) }
}

function differentFrom(value: JsonValue): Requirement {
  return { operator: 'ne', value, holds: (actual) => !sameJson(actual, value) }
}

function oneOf(values: readonly JsonValue[]): Requirement {
  return {
    operator: 'in',
    values,
    holds: (actual) => values.some((value) => sameJson(actual, value)),
  }
}

function textLike(source: string): Requirement {
  const compiled = compilePattern(source)
  if (!compiled.ok) throw new AgentEvalError(`pattern ${source}: ${compiled.error}`, 'input')
  return {
    operator: 'matches',
    source,
    holds: (actual) => typeof actual === 'string' && compiled.pattern.test(actual),
  }
}

function atLeast(bound: number): Requirement {
  return {
    operator: 'min',
    bound,
    holds: (actual) => typeof actual === 'number' && actual >= bound,
  }
}

function atMost(bound: number): Requirement {
  return {
    operator: 'max',
    bound,
    holds: (actual) => typeof actual === 'number' && actual <= bound,
  }
}

/** Equal as JSON: 12 and 12.0 are one number, keys have no order, and types must agree. */
function sameJson(actual: JsonValue | undefined, value: JsonValue): boolean {
  if (actual === value) return true
  if (typeof actual !== 'object' || typeof value !== 'object') return false
  return canonicalJson(actual) === canonicalJson(value)
}
