import type { RuleDecision } from '../schema/control-events.ts'
import type { RiskTier } from '../schema/names.ts'
import type { ApprovalRules } from '../schema/policy.ts'
import type { ActionContext, ProposedAction } from './policy-engine.ts'

/** Of actions that are drawn for a person to look at afterwards. */
export const reviewRuleId = 'review.tier-2'

/** Approvals that a tier asks for. Below tier 3 nobody is asked. */
export function approvalsNeeded(rules: ApprovalRules, tier: RiskTier): number {
  if (tier === 3) return rules.tier_3
  if (tier === 4) return rules.tier_4
  return 0
}

/** Whether an action of this tier needs a stated reason that it does not have. */
export function lacksReason(
  { justify_from }: ApprovalRules,
  { reason = '', tier }: { readonly reason?: string | undefined; readonly tier: RiskTier },
): boolean {
  return tier >= justify_from && reason.trim() === ''
}

/**
 * The highest tier in which these rules let an agent act by itself: as far as an organisation trusts
 * an agent of which it says nothing else.
 */
export function trustOfAgents({ tier_3, tier_4 }: ApprovalRules): RiskTier {
  if (tier_3 > 0) return 2
  return tier_4 > 0 ? 3 : 4
}

/**
 * The rule that a tier's approvals amount to, for the record; `undefined` where none is needed. Where
 * only a stated reason is missing, that is what it asks for: such an action is not let through either.
 */
export function approvalRule(
  rules: ApprovalRules,
  action: Pick<ProposedAction, 'reason' | 'tier'>,
): RuleDecision | undefined {
  const { tier } = action
  const needed = approvalsNeeded(rules, tier)
  if (needed > 0) {
    const approvals = needed === 1 ? 'one approval' : `${needed} approvals`
    return escalation(`approvals.tier-${tier}`, `tier ${tier} needs ${approvals}`)
  }
  if (!lacksReason(rules, action)) return undefined
  return escalation(`justification.tier-${tier}`, `tier ${tier} needs a stated reason`)
}

function escalation(id: string, reason: string): RuleDecision {
  return { id, decision: 'escalate', reason }
}

/** Lets a share of the writes of tier 2 through with a note that somebody is to look at them. */
export function reviewRule(
  share: number,
  { effect, tier }: Pick<ProposedAction, 'effect' | 'tier'>,
  { draw }: Pick<ActionContext, 'draw'>,
): RuleDecision | undefined {
  if (tier !== 2 || effect === 'read' || draw === undefined || draw >= share) return undefined
  const reason = 'drawn for a person to look at afterwards'
  return { id: reviewRuleId, decision: 'allow', reason }
}
