import type { Decision } from '../schema/names.ts'
import type { ControlSource, RuleDecision } from '../schema/trace.ts'

/** What one control says of one action. */
export interface ControlDecision {
  readonly source: ControlSource
  readonly decision: Decision
  readonly rules: readonly RuleDecision[]
  /** Somebody is to be told, besides the refusal. */
  readonly alert?: boolean
  readonly version?: string
}

const severity: Record<Decision, number> = { allow: 0, escalate: 1, deny: 2 }

/** The most restrictive of several decisions; nothing said means allow. */
export function strictest(decisions: readonly Decision[]): Decision {
  return decisions.reduce<Decision>((a, b) => (severity[b] > severity[a] ? b : a), 'allow')
}

/** A control with one thing to say. */
export function single(
  source: ControlSource,
  decision: Decision,
  rule: { readonly id: string; readonly reason: string },
): ControlDecision {
  return { source, decision, rules: [{ id: rule.id, decision, reason: rule.reason }] }
}
