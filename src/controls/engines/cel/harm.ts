import type { Expression, ExprVariables } from '../../../expr/expression.ts'
import type { Harm } from '../../../schema/control-events.ts'
import type { PolicyRule } from '../../../schema/policy.ts'
import { truncate } from '../../../text/truncate.ts'
import { compileIn } from './compile-in.ts'

/** A rule's `harm`, compiled. */
export interface CompiledHarm {
  readonly who: Expression
  readonly usd: Expression | undefined
}

/** In UTF-16 code units; a name that is longer is none. */
const longestName = 80

/** @throws AgentEvalError (input) where an expression does not compile */
export function compileHarm(rule: PolicyRule): CompiledHarm | undefined {
  if (rule.harm === undefined) return undefined
  const { usd, who } = rule.harm
  return {
    who: compileIn(rule, who),
    usd: usd === undefined ? undefined : compileIn(rule, usd),
  }
}

/**
 * Whom a broken rule harms and by how much. It only explains: where it cannot be told, the violation
 * counts all the same.
 */
export function harmOf({ usd, who }: CompiledHarm, variables: ExprVariables): Harm | undefined {
  const name = who.evaluate(variables)
  if (!name.ok || typeof name.value !== 'string' || name.value === '') return undefined
  const amount = usd?.evaluate(variables)
  const dollars = amount?.ok === true ? Number(amount.value) : Number.NaN
  return {
    who: truncate(name.value, longestName),
    ...(Number.isFinite(dollars) && dollars >= 0 && { usd: dollars }),
  }
}
