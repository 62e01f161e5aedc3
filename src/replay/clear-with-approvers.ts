import { approvalsNeeded, lacksReason } from '../controls/approvals.ts'
import { type Approvals, askApprovers } from '../controls/ask-approvers.ts'
import type { ControlDecision } from '../controls/control-decision.ts'
import { identityRules } from '../controls/identity.ts'
import type { ProposedAction } from '../controls/policy-engine.ts'
import type { ControlSource } from '../schema/control-events.ts'
import type { ToolCallPart } from '../schema/message.ts'
import { actionContext } from './action-context.ts'
import type { Refusal } from './call-results.ts'
import { recordDecisions } from './record-decisions.ts'
import type { TrialContext } from './trial-context.ts'

/** A call that controls want a person to decide about. */
interface Escalated {
  readonly part: ToolCallPart
  /** What the candidate's controls said of it. */
  readonly decisions: readonly ControlDecision[]
}

/** Whose escalations an approval sets aside. A tier's is not set aside by it but met. */
const overridden: ReadonlySet<ControlSource> = new Set(['policy', 'identity', 'budget'])

/**
 * Hands an escalated call to the case's approvers. `undefined` when they let it run; otherwise
 * what the agent is told. Where the candidate asks for a reason, the action has one before anybody is
 * asked.
 */
export function clearWithApprovers(
  context: TrialContext,
  action: ProposedAction,
  { decisions, part }: Escalated,
): Refusal | undefined {
  const { agent, plan, ports } = context
  const rules = ports.controls.approvals
  const { tier } = action
  if (lacksReason(rules, action)) {
    return { code: 'reason_required', message: `an action of tier ${tier} needs a stated reason` }
  }
  const approvals = askApprovers(plan.approvers, {
    needed: Math.max(1, approvalsNeeded(rules, tier)),
    slaMs: rules.sla_seconds * 1000,
    tier,
    agent: agent.identity.principal,
    agentTrust: agent.identity.trust,
  })
  recordApprovals(context, part, { approvals, overrides: rulesSetAside(decisions) })
  ports.world.advance(approvals.waitedMs)
  context.charge('human', { wall_ms: approvals.waitedMs })
  return refusalBy(approvals) ?? expiredMeanwhile(context, action, part)
}

function rulesSetAside(decisions: readonly ControlDecision[]): readonly string[] {
  const rules = decisions
    .filter(({ source }) => overridden.has(source))
    .flatMap((said) => said.rules)
    .filter(({ decision }) => decision === 'escalate')
  return [...new Set(rules.map(({ id }) => id))]
}

function recordApprovals(
  context: TrialContext,
  { callId }: ToolCallPart,
  {
    approvals: { answers, deciding },
    overrides,
  }: { readonly approvals: Approvals; readonly overrides: readonly string[] },
): void {
  for (const answer of answers) {
    const setsAside = overrides.length > 0 && deciding.includes(answer)
    context.record({
      type: 'approval',
      callId,
      ...answer,
      ...(setsAside && { overrides: [...overrides] }),
    })
  }
}

function refusalBy({ objections, outcome }: Approvals): Refusal | undefined {
  if (outcome === 'approve') return undefined
  if (outcome === 'deny') return { code: 'approval_denied', message: 'the approver said no' }
  const message = 'handed to a human; nothing was done yet and the decision is still open'
  const reasons = objections.map((objection) => `; it ${objection}`).join('')
  return { code: 'approval_pending', message: `${message}${reasons}` }
}

/** Waiting takes time, and an identity that has expired by then does nothing any more. */
function expiredMeanwhile(
  context: TrialContext,
  action: ProposedAction,
  { callId }: ToolCallPart,
): Refusal | undefined {
  const rules = identityRules({ stage: 'call', action, context: actionContext(context) }).filter(
    ({ decision }) => decision === 'deny',
  )
  const [first] = rules
  if (first === undefined) return undefined
  recordDecisions(context, callId, [{ source: 'identity', decision: 'deny', rules }])
  return { code: 'denied_by_policy', message: `${first.id}: ${first.reason}` }
}
