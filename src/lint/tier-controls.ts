import { approvalRule } from '../controls/approvals.ts'
import { single } from '../controls/control-decision.ts'
import type { Controls } from '../controls/controls.ts'
import type { ApprovalRules } from '../schema/policy.ts'

const nothing = (): undefined => undefined
const nobody = (): Promise<readonly []> => Promise.resolve([])

/**
 * The controls of an agent without rules, and nobody who judges it: only the approvals that the
 * tiers of the tools ask for. They decide what happens in a trial; everything else is left out,
 * because it would take half of the time.
 */
export function tierControls(approvals: ApprovalRules): Controls {
  return {
    approvals,
    readsLog: false,
    decideTool: nothing,
    decide({ action, stage }) {
      const rule = stage === 'call' && action ? approvalRule(approvals, action) : undefined
      return Promise.resolve(rule === undefined ? [] : [single('tier', 'escalate', rule)])
    },
    judge: nobody,
  }
}
