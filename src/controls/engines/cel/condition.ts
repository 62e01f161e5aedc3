import { holds } from '../../../expr/expression.ts'
import type { PolicyRule } from '../../../schema/policy.ts'
import { compileIn } from './compile-in.ts'
import type { Demand } from './demand.ts'

/** `condition`: must hold, and only `true` does. */
export function conditionDemand(rule: PolicyRule, text: string): Demand {
  const condition = compileIn(rule, text)
  return {
    expressions: [condition],
    ask({ variables }) {
      const said = holds(condition, variables)
      if (said.error !== undefined) return { kept: false, error: said.error }
      if (said.holds) return { kept: true, why: `${text} holds` }
      return { kept: false, why: `${text} does not hold` }
    },
  }
}
