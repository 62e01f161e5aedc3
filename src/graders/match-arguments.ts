import type { JsonObject, JsonValue } from '../schema/json.ts'
import type { ArgumentMatchers, Matcher } from '../schema/matcher.ts'
import {
  brokenRequirements,
  type Requirement,
  requirementsOf,
} from '../world/argument-requirements.ts'
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

type DescribedRequirement = Requirement & {
  readonly limit: string
  /** The same behind the name of the argument: `="O-1"`, `<=50`, `=/broke/`. */
  readonly sign: string
}

/**
 * Compiles the matchers of a case; without matchers every call matches. What each operator asks
 * stands at `requirementsOf`.
 *
 * @throws AgentEvalError (input) where a pattern does not compile
 */
export function compileArguments(matchers: ArgumentMatchers = {}): ArgumentCheck {
  const required = Object.entries(matchers).map(
    ([argument, matcher]) => [argument, describedRequirements(matcher)] as const,
  )
  return (args) =>
    brokenRequirements(required, args).map(({ argument, actual, requirement: { limit } }) => ({
      argument,
      actual,
      limit,
    }))
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
    describedRequirements(matcher).map((requirement) => `${name}${requirement.sign}`),
  )
  return args.length === 0 ? pattern.tool : describeSource(`${pattern.tool}(${args.join(', ')})`)
}

function describedRequirements(matcher: Matcher): readonly DescribedRequirement[] {
  return requirementsOf(matcher).map((requirement) => ({
    ...requirement,
    ...wordsFor(requirement),
  }))
}

function wordsFor(asked: Requirement): Pick<DescribedRequirement, 'limit' | 'sign'> {
  switch (asked.operator) {
    case 'present':
      return { limit: 'any value', sign: '=…' }
    case 'eq': {
      const limit = describeValue(asked.value)
      return { limit, sign: `=${limit}` }
    }
    case 'ne': {
      const value = describeValue(asked.value)
      return { limit: `anything but ${value}`, sign: `!=${value}` }
    }
    case 'in': {
      const list = describeSource(asked.values.map(describeValue).join(', '))
      return { limit: `one of ${list}`, sign: ` in [${list}]` }
    }
    case 'matches': {
      const pattern = `/${describeSource(asked.source)}/`
      return { limit: `text like ${pattern}`, sign: `=${pattern}` }
    }
    case 'min':
      return { limit: `at least ${asked.bound}`, sign: `>=${asked.bound}` }
    case 'max':
      return { limit: `at most ${asked.bound}`, sign: `<=${asked.bound}` }
  }
}
