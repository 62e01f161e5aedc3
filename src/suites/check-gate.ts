import type { EvalSetFile } from '../schema/evalset.ts'
import type { JudgingPolicy } from '../schema/policy.ts'
import { builtInRules } from './check-rules.ts'
import { unknownName } from './describe.ts'
import type { Finding } from './problem.ts'

/**
 * Rules that the gate names and nobody has: a waiver or a zero tolerance without effect. What OPA and
 * Cedar call their rules is known only once they have decided, so with these any name will do.
 */
export function checkGate({ gate }: EvalSetFile, policy: JudgingPolicy): readonly Finding[] {
  const known = new Set([...policy.rules.map((rule) => rule.id), ...builtInRules])
  if (policy.opa !== undefined || policy.cedar !== undefined) return []
  const named = [
    ...gate.zero_tolerance.map((rule, index) => ({
      rule,
      path: ['gate', 'zero_tolerance', index],
    })),
    ...gate.waivers.map(({ rule }, index) => ({ rule, path: ['gate', 'waivers', index, 'rule'] })),
  ]
  return named
    .filter(({ rule }) => !known.has(rule))
    .map(({ rule, path }) => ({ path, message: unknownName('rule', rule, known) }))
}
