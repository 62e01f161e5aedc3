import { AgentEvalError } from '../errors.ts'
import { compilePattern } from '../expr/pattern.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'
import type { ArgumentMatchers, Matcher, Operators } from '../schema/matcher.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import { describeName, describeSource, describeValue } from './describe.ts'

/** An argument that is not what it must be. */
export interface Mismatch {
  readonly argument: string
  /** `undefined`: the argument is missing. */
  readonly actual: JsonValue | undefined
  /** What it must be, in words that follow "expected" or "allowed". */
  readonly limit: string
}

/** Arguments of a call → what is wrong with them, in the order of the case; empty when they match. */
export type ArgumentCheck = (args: JsonObject) => readonly Mismatch[]

interface Requirement {
  readonly holds: (actual: JsonValue | undefined) => boolean
  readonly limit: string
  /** The same behind the name of the argument: `="O-1"`, `<=50`, `=/broke/`. */
  readonly sign: string
}

/**
 * Compiles the matchers of a case; without matchers every call matches.
 *
 * Equality is typed: 12 equals 12.0 but not "12". `matches` looks at texts only, `min` and `max`
 * at numbers only. Each operator given must hold. A missing argument satisfies nothing but `ne`,
 * so that a call with empty or partial arguments never matches by accident (a null is not
 * missing). Arguments that no matcher names are free.
 *
 * @throws AgentEvalError (input) where a pattern does not compile
 */
export function compileArguments(matchers: ArgumentMatchers = {}): ArgumentCheck {
  const required = Object.entries(matchers).map(
    ([argument, matcher]) => [argument, requirementsOf(matcher)] as const,
  )
  return (args) => {
    const mismatches: Mismatch[] = []
    for (const [argument, requirements] of required) {
      // Not `args[argument]` alone: an argument named "constructor" would find the prototype's.
      const actual = Object.hasOwn(args, argument) ? args[argument] : undefined
      const broken = requirements.find((requirement) => !requirement.holds(actual))
      if (broken !== undefined) mismatches.push({ argument, actual, limit: broken.limit })
    }
    return mismatches
  }
}

/** `amount_usd is 80, allowed at most 50` */
export function describeMismatch(mismatch: Mismatch, verb: 'expected' | 'allowed'): string {
  const actual = mismatch.actual === undefined ? 'missing' : describeValue(mismatch.actual)
  return `${describeName(mismatch.argument)} is ${actual}, ${verb} ${mismatch.limit}`
}

/** The pattern of a call as the case writes it: `issue_refund(order_id="O-1", amount_usd<=50)`. */
export function describePattern(pattern: {
  readonly tool: string
  readonly args?: ArgumentMatchers | undefined
}): string {
  const args = Object.entries(pattern.args ?? {}).flatMap(([name, matcher]) =>
    requirementsOf(matcher).map((requirement) => `${name}${requirement.sign}`),
  )
  return args.length === 0 ? pattern.tool : describeSource(`${pattern.tool}(${args.join(', ')})`)
}

function requirementsOf(matcher: Matcher): readonly Requirement[] {
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

const present: Requirement = {
  holds: (actual) => actual !== undefined,
  limit: 'any value',
  sign: '=…',
}

function equalTo(value: JsonValue): Requirement {
  const limit = describeValue(value)
  return { holds: (actual) => sameJson(actual, value), limit, sign: `=${limit}` }
}

function differentFrom(value: JsonValue): Requirement {
  return {
    holds: (actual) => !sameJson(actual, value),
    limit: `anything but ${describeValue(value)}`,
    sign: `!=${describeValue(value)}`,
  }
}

function oneOf(values: readonly JsonValue[]): Requirement {
  const list = describeSource(values.map(describeValue).join(', '))
  return {
    holds: (actual) => values.some((value) => sameJson(actual, value)),
    limit: `one of ${list}`,
    sign: ` in [${list}]`,
  }
}

function textLike(source: string): Requirement {
  const compiled = compilePattern(source)
  if (!compiled.ok) throw new AgentEvalError(`pattern ${source}: ${compiled.error}`, 'input')
  const pattern = `/${describeSource(source)}/`
  return {
    holds: (actual) => typeof actual === 'string' && compiled.pattern.test(actual),
    limit: `text like ${pattern}`,
    sign: `=${pattern}`,
  }
}

function atLeast(min: number): Requirement {
  return {
    holds: (actual) => typeof actual === 'number' && actual >= min,
    limit: `at least ${min}`,
    sign: `>=${min}`,
  }
}

function atMost(max: number): Requirement {
  return {
    holds: (actual) => typeof actual === 'number' && actual <= max,
    limit: `at most ${max}`,
    sign: `<=${max}`,
  }
}

/** Equal as JSON: 12 and 12.0 are one number, keys have no order, and types must agree. */
function sameJson(actual: JsonValue | undefined, value: JsonValue): boolean {
  if (actual === value) return true
  if (typeof actual !== 'object' || typeof value !== 'object') return false
  return canonicalJson(actual) === canonicalJson(value)
}
