import { approvalsNeeded, askApprovers } from '../controls/approvals.ts'
import type { ProposedAction } from '../controls/controls.ts'
import type { ToolCallPart } from '../schema/message.ts'
import type { TrialContext } from './trial-context.ts'

/**
 * Hands an escalated call to the case's approvers. `undefined` when they let it run; otherwise
 * what the agent is told. An irreversible action needs a stated reason before anybody is asked.
 */
export function clearWithApprovers(
  context: TrialContext,
  action: ProposedAction,
  part: ToolCallPart,
): { readonly code: string; readonly message: string } | undefined {
  if (action.tier === 4 && (part.reason ?? '').trim() === '') {
    return { code: 'reason_required', message: 'an irreversible action needs a stated reason' }
  }
  const needed = Math.max(1, approvalsNeeded(context.ports.controls.approvals, action.tier))
  const { outcome, approvals } = askApprovers(context.plan.approvers, {
    needed,
    agent: context.agent.identity.principal,
  })
  for (const approval of approvals) {
    context.record({ type: 'approval', callId: part.callId, ...approval })
  }
  const waitedMs = Math.max(0, ...approvals.map((approval) => approval.latencyMs))
  context.ports.world.advance(waitedMs)
  context.charge('human', { wall_ms: waitedMs })
  if (outcome === 'approve') return undefined
  if (outcome === 'deny') return { code: 'approval_denied', message: 'the approver said no' }
  return {
    code: 'approval_pending',
    message: 'handed to a human; nothing was done yet and the decision is still open',
  }
}
