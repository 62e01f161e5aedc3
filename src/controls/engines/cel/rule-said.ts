import { type ExprVariables, holds } from '../../../expr/expression.ts'
import type { RuleDecision } from '../../../schema/control-events.ts'
import type { Decision } from '../../../schema/names.ts'
import type { OnFail } from '../../../schema/policy.ts'
import type { Asked, Kept } from './demand.ts'
import { harmOf } from './harm.ts'
import type { PlacedRule } from './placed-rule.ts'

/** What one rule says, and whose demand was found broken. */
export interface RuleSaid {
  readonly placed: PlacedRule
  readonly said: RuleDecision
  /** It was evaluated, and what it demands is not so. */
  readonly isBroken: boolean
}

/** Until something mends it, what a rule would redact is denied. */
const whenBroken: Readonly<Record<OnFail, Decision | 'observe'>> = {
  deny: 'deny',
  escalate_to_human: 'escalate',
  block_and_alert: 'deny',
  redact: 'deny',
  fallback: 'deny',
  observe: 'observe',
}

/**
 * Asks one rule. `undefined` where its `when` does not hold.
 *
 * A rule that cannot be evaluated, or answers anything but true or false, denies whatever its
 * `on_fail`: an error is never an allow.
 */
export function askRule(placed: PlacedRule, asked: Asked): RuleSaid | undefined {
  try {
    const { demand, when } = placed
    if (when !== undefined) {
      const applies = holds(when, asked.variables)
      if (applies.error !== undefined) return unanswered(placed, applies.error)
      if (!applies.holds) return undefined
    }
    return answered(placed, demand.ask(asked), asked.variables)
  } catch (thrown) {
    return unanswered(placed, thrown)
  }
}

/** A rule that could not be evaluated. */
export function unanswered(placed: PlacedRule, thrown: unknown): RuleSaid {
  const error = thrown instanceof Error ? thrown.message : String(thrown)
  const reason = 'the rule could not be evaluated'
  return { placed, isBroken: false, said: { ...named(placed), decision: 'deny', reason, error } }
}

function answered(placed: PlacedRule, kept: Kept, variables: ExprVariables): RuleSaid {
  const { harm, rule } = placed
  if ('error' in kept) return unanswered(placed, kept.error)
  if (kept.kept) {
    const said = { ...named(placed), decision: 'allow', reason: kept.why } as const
    return { placed, isBroken: false, said }
  }
  const harmed = harm && harmOf(harm, variables)
  const said = {
    ...named(placed),
    decision: whenBroken[rule.on_fail],
    reason: reasonOf(rule.description, kept),
    ...(harmed !== undefined && { harm: harmed }),
  }
  return { placed, isBroken: true, said }
}

function named({ rule: { id, severity } }: PlacedRule): Pick<RuleDecision, 'id' | 'severity'> {
  return { id, ...(severity !== undefined && { severity }) }
}

function reasonOf(
  description: string | undefined,
  { finding, why }: { readonly why: string; readonly finding?: boolean },
): string {
  if (description === undefined) return why
  return finding === true ? `${description} (${why})` : description
}
