import { AgentEvalError } from '../../../errors.ts'
import type { PolicyRule } from '../../../schema/policy.ts'
import { atMostDemand } from './at-most.ts'
import { conditionDemand } from './condition.ts'
import type { Demand } from './demand.ts'
import { domainsDemand } from './domains.ts'
import { neverSaysDemand } from './never-says.ts'
import { afterDemand, neverWithDemand } from './other-call.ts'

/**
 * What a rule demands, ready to be asked.
 *
 * @throws AgentEvalError (input) when it does not compile, or demands nothing
 */
export function demandOf(rule: PolicyRule): Demand {
  const { after, at_most, condition, domains, never_says, never_with } = rule
  if (condition !== undefined) return conditionDemand(rule, condition)
  if (after !== undefined) return afterDemand(rule, after)
  if (never_with !== undefined) return neverWithDemand(rule, never_with)
  if (at_most !== undefined) return atMostDemand(rule, at_most)
  if (never_says !== undefined) return neverSaysDemand(rule, never_says)
  if (domains !== undefined) return domainsDemand(domains)
  throw new AgentEvalError(`policy rule "${rule.id}" demands nothing`, 'input')
}
