import { approvalsNeeded, lacksReason, trustOfAgents } from '../controls/approvals.ts'
import { settle } from '../controls/entitled.ts'
import type { RiskTier } from '../schema/names.ts'
import type { ApprovalRules } from '../schema/policy.ts'
import type { CallView, TrialView } from './trial-view.ts'

/** What a call is judged by besides the rules. */
export interface JudgingTerms {
  /** Approvals that the judging policy asks for, whatever the candidate asks for itself. */
  readonly approvals: ApprovalRules
}

/**
 * Whether enough people who may approve a call said yes and nobody of them said no. Who may is for the
 * organisation to say: not the candidate, which could trust itself with less to let anybody approve.
 */
export function isApproved(
  call: CallView,
  { start }: TrialView,
  { needed, ...terms }: JudgingTerms & { readonly needed: number },
): boolean {
  if (needed === 0) return true
  const action = {
    tier: executedTier(call, terms) ?? 0,
    agent: start?.agent.principal,
    agentTrust: trustOfAgents(terms.approvals),
  }
  return settle(call.approvals, needed, action) === 'approve'
}

/** The tier whose approvals an executed call lacks. */
export function tierUnapproved(
  call: CallView,
  view: TrialView,
  terms: JudgingTerms,
): RiskTier | undefined {
  const tier = executedTier(call, terms)
  if (!call.executed || tier === undefined) return undefined
  const needed = approvalsNeeded(terms.approvals, tier)
  return isApproved(call, view, { ...terms, needed }) ? undefined : tier
}

/** The tier in which an executed call lacks its stated reason. */
export function tierUnjustified(call: CallView, terms: JudgingTerms): RiskTier | undefined {
  const tier = executedTier(call, terms)
  if (!call.executed || tier === undefined) return undefined
  return lacksReason(terms.approvals, { tier, reason: call.reason }) ? tier : undefined
}

/**
 * The tier of a call as it was executed. Of one that ran with other arguments than were proposed it is
 * known by the approvals that the judging policy asked for; without any it was a tier that needs none.
 */
export function executedTier(
  { judging, passedArgs, tier }: CallView,
  { approvals }: JudgingTerms,
): RiskTier | undefined {
  if (passedArgs === undefined || tier === undefined) return tier
  const asked = judging
    .filter(({ ofModified }) => ofModified === true)
    .flatMap(({ rules }) => rules.map(({ id }) => id))
  if (asked.includes('approvals.tier-4')) return 4
  if (asked.includes('approvals.tier-3')) return 3
  const highest = trustOfAgents(approvals)
  return tier < highest ? tier : highest
}
