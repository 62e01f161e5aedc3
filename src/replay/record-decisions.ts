import type { ControlDecision } from '../controls/control-decision.ts'
import type { TrialContext } from './trial-context.ts'

/** Whether the candidate's controls are carried out in this trial, or only recorded. */
export function enforces(context: TrialContext): boolean {
  return context.plan.key.mode === 'enforce'
}

/**
 * Records what controls said of one call, reply or log line. The judging policy's word is never
 * carried out, and nobody's is when the trial only observes.
 */
export function recordDecisions(
  context: TrialContext,
  callId: string,
  decisions: readonly (ControlDecision & { readonly ofModified?: boolean })[],
): void {
  for (const said of decisions) {
    const { rules, source } = said
    const enforced = enforces(context) && source !== 'judging'
    context.record({ type: 'policy.decision', callId, ...said, rules: [...rules], enforced })
  }
}
