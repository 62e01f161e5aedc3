import { type ApprovalRules, approvalRule } from '../controls/approvals.ts'
import { single } from '../controls/control-decision.ts'
import type { Controls } from '../controls/controls.ts'

const nothing = (): undefined => undefined

/**
 * The controls of an agent without rules, and nobody who judges it: only the approvals that the
 * tiers of the tools ask for. They decide what happens in a trial; everything else is left out,
 * because it would take half of the time.
 */
export function tierControls(approvals: ApprovalRules): Controls {
  return {
    approvals,
    decideTool: nothing,
    decideCall({ tier }) {
      const rule = approvalRule(approvals, tier)
      return rule === undefined ? [] : [single('tier', 'escalate', rule)]
    },
    decideResult: nothing,
    decideReply: nothing,
    judgeCall: nothing,
    judgeResult: nothing,
    judgeReply: nothing,
  }
}
