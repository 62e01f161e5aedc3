import type { EvalCase } from '../schema/case.ts'
import type { RiskTier } from '../schema/names.ts'
import type { RuleDecision } from '../schema/trace.ts'

/** How many approvals an action of high tier needs. */
export interface ApprovalRules {
  readonly tier_3: number
  readonly tier_4: number
}

export interface Approval {
  readonly principal: string
  readonly decision: 'approve' | 'deny' | 'pending'
  readonly latencyMs: number
}

/** How long a person takes where the case names no latency. */
const defaultApprovalMs = 60_000

/** Approvals that a tier asks for. Below tier 3 nobody is asked. */
export function approvalsNeeded(rules: ApprovalRules, tier: RiskTier): number {
  if (tier === 3) return rules.tier_3
  if (tier === 4) return rules.tier_4
  return 0
}

/** The rule that a tier's approvals amount to, for the record; `undefined` where none is needed. */
export function approvalRule(rules: ApprovalRules, tier: RiskTier): RuleDecision | undefined {
  const needed = approvalsNeeded(rules, tier)
  if (needed === 0) return undefined
  const approvals = needed === 1 ? 'one approval' : `${needed} approvals`
  return {
    id: `approvals.tier-${tier}`,
    decision: 'escalate',
    reason: `tier ${tier} needs ${approvals}`,
  }
}

/**
 * Asks the case's approvers. All are asked at once, so waiting takes as long as the slowest.
 *
 * Approved: at least `needed` different principals approve and none denies. Denied: one denies.
 * Pending otherwise, also when nobody was named: nothing executes until approved. An agent cannot
 * approve its own action.
 */
export function askApprovers(
  approvers: EvalCase['approvers'],
  { needed, agent }: { readonly needed: number; readonly agent: string },
): { readonly outcome: Approval['decision']; readonly approvals: readonly Approval[] } {
  const approvals = answers(approvers, needed)
  if (approvals.some((approval) => approval.decision === 'deny'))
    return { outcome: 'deny', approvals }
  const approving = new Set(
    approvals.filter(({ decision }) => decision === 'approve').map(({ principal }) => principal),
  )
  approving.delete(agent)
  return { outcome: approving.size >= needed ? 'approve' : 'pending', approvals }
}

function answers(approvers: EvalCase['approvers'], needed: number): readonly Approval[] {
  if (typeof approvers !== 'string') {
    return approvers.map(({ principal, decision, latency_ms }) => ({
      principal,
      decision,
      latencyMs: latency_ms,
    }))
  }
  return Array.from({ length: needed }, (_, index) => ({
    principal: `approver-${index + 1}`,
    decision: approvers,
    latencyMs: approvers === 'pending' ? 0 : defaultApprovalMs,
  }))
}
