import { z } from 'zod'
import { apiVersion, count } from './names.ts'
import { policyOutcome } from './policy-outcome.ts'

/** Recorded actions of one kind that the new rules decide otherwise than the old ones, for one reason. */
const movedActions = z.strictObject({
  was: policyOutcome,
  now: policyOutcome,
  /** Rules of the stricter side, sorted: they are what makes the difference. */
  rules: z.array(z.string()),
  /** `reply` and `log` are the agent's own words; a call stands together with its result. */
  kind: z.enum(['call', 'reply', 'log']),
  tool: z.string().optional(),
  count,
  /** Trials to look at, such as `refund.full#2`; of a holdout none is named. */
  examples: z.array(z.string()),
})
export type MovedActions = z.infer<typeof movedActions>

/** One thing in the text of the rules that is not what it was. Absent: there was none, or is none any more. */
const rulesChange = z.strictObject({
  /** A rule's id, or what else decides, such as `approvals.tier_3`. */
  what: z.string(),
  was: z.string().optional(),
  now: z.string().optional(),
})
export type RulesChange = z.infer<typeof rulesChange>

/**
 * What a change of the rules means for actions that were recorded: each is decided again, and no model
 * is asked. What the agent would have done after another decision is not known.
 */
export const policyDiff = z.strictObject({
  /** Whose rules are the old ones, and whose actions were decided again. */
  old: z.string(),
  actions: z.string(),
  /** Why nothing was decided again; the counts are 0 then. */
  unknown: z.string().optional(),
  decided: count,
  /** Actions that cannot be decided again, such as texts that were redacted on writing. */
  undecided: count,
  moved: z.array(movedActions),
  /** In the order of the rules; absent where the old text is not known. */
  changes: z.array(rulesChange).optional(),
})
export type PolicyDiff = z.infer<typeof policyDiff>

/** What `agent-eval policy diff --json` prints. */
export const policyDiffResult = z.strictObject({
  apiVersion,
  kind: z.literal('PolicyDiff'),
  /** As the user typed it. */
  run: z.string(),
  candidate: z.strictObject({ name: z.string(), policy: z.string() }),
  ...policyDiff.shape,
})
export type PolicyDiffResult = z.infer<typeof policyDiffResult>
