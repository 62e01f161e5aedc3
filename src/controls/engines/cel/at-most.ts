import type { Expression } from '../../../expr/expression.ts'
import {
  type ExprValue,
  type ExprVariables,
  fromExprValue,
  toExprValue,
} from '../../../expr/value.ts'
import type { AtMost, PolicyRule } from '../../../schema/policy.ts'
import { canonicalJson } from '../../../text/canonical-json.ts'
import { roundTo } from '../../../text/round.ts'
import type { ProposedAction } from '../../policy-engine.ts'
import { compileIn } from './compile-in.ts'
import type { Asked, Demand, Kept } from './demand.ts'
import { earlierCalls } from './earlier-calls.ts'
import { withinStretch } from './stretch.ts'

/** A call as `amount` and `by` see it, whether it was made before or is proposed now. */
interface CountedCall {
  readonly variables: ExprVariables
  /** What its tool says that it moves. */
  readonly usd: ExprValue | undefined
}

interface Limit {
  readonly atMost: AtMost
  readonly amount: Expression | undefined
  readonly by: Expression | undefined
}

/**
 * `at_most`: so many calls, or so much in all, with this one.
 *
 * It counts executed calls of the rule's own `tool`, whatever their tier and whether or not its `when`
 * held for them: those two only say which action is refused. `amount` and `by` see the arguments and
 * the tool's name of each call, and the agent and the world as they are now. A negative amount is an
 * error: it would make room for others.
 */
export function atMostDemand(rule: PolicyRule, atMost: AtMost): Demand {
  const { amount, by } = atMost
  const limit: Limit = {
    atMost,
    amount: amount === undefined ? undefined : compileIn(rule, amount),
    by: by === undefined ? undefined : compileIn(rule, by),
  }
  return {
    expressions: [limit.amount, limit.by].filter((expression) => expression !== undefined),
    ask: (asked) => keepsLimit(limit, countedCalls(rule.tool, limit, asked)),
  }
}

/**
 * This call, and the earlier ones that count with it.
 *
 * @throws TypeError where that cannot be told
 */
function countedCalls(
  glob: string | undefined,
  { atMost, by }: Limit,
  { question, variables }: Asked,
): readonly CountedCall[] {
  const { action, context } = question
  if (action === undefined) throw new TypeError('at_most counts calls, and this is none')
  const { agent, state } = variables
  const common = { ...(agent !== undefined && { agent }), ...(state !== undefined && { state }) }
  const proposed = proposedCall(action, common)
  const earlier = withinStretch(earlierCalls(context, glob), atMost.within, context.now).map(
    ({ call, tool }) => ({
      variables: { ...common, input: call.get('args') ?? null, tool: toExprValue({ name: tool }) },
      usd: call.get('usd'),
    }),
  )
  if (by === undefined) return [proposed, ...earlier]
  const key = keyOf(by, proposed)
  return [proposed, ...earlier.filter((one) => keyOf(by, one) === key)]
}

function proposedCall({ args, tool, usd }: ProposedAction, common: ExprVariables): CountedCall {
  return {
    variables: { ...common, input: toExprValue(args), tool: toExprValue({ name: tool }) },
    usd,
  }
}

function keepsLimit({ amount, atMost }: Limit, calls: readonly CountedCall[]): Kept {
  const { count, total, within } = atMost
  const stretch = stretchInWords(within)
  if (count !== undefined) {
    const why = `call ${calls.length} of at most ${count} ${stretch}`
    return calls.length <= count ? { kept: true, why } : { kept: false, why, finding: true }
  }
  if (total === undefined) throw new TypeError('at_most has neither a count nor a total')
  const sum = calls.reduce((before, call) => before + amountOf(amount, call), 0)
  const why = `${roundTo(sum, 3)} of at most ${total} ${stretch}`
  return isWithin(sum, total) ? { kept: true, why } : { kept: false, why, finding: true }
}

/** To tenths of cents: 0.1 + 0.2 is no more than 0.3. */
function isWithin(sum: number, total: number): boolean {
  return Math.round((sum - total) * 1_000) <= 0
}

/** @throws TypeError where it is no number, or a negative one */
function amountOf(amount: Expression | undefined, { usd, variables }: CountedCall): number {
  const value = amount === undefined ? usd : valueOf(amount, variables)
  if (value === undefined) throw new TypeError('a tool does not say how many dollars it moves')
  if (typeof value !== 'bigint' && typeof value !== 'number') {
    throw new TypeError('an amount is no number')
  }
  if (value < 0) throw new TypeError('an amount is negative')
  return Number(value)
}

function keyOf(by: Expression, { variables }: CountedCall): string {
  return canonicalJson(fromExprValue(valueOf(by, variables)))
}

/** @throws TypeError where it cannot be evaluated */
function valueOf(expression: Expression, variables: ExprVariables): ExprValue {
  const result = expression.evaluate(variables)
  if (!result.ok) throw new TypeError(result.error)
  return result.value
}

function stretchInWords(within: AtMost['within']): string {
  if (typeof within === 'number') return `within ${within} seconds`
  return within === 'hour' || within === 'day' ? `within the last ${within}` : `in this ${within}`
}
