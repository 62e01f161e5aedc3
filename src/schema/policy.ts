import { z } from 'zod'
import { apiVersion, expression, riskTier, ruleId } from './names.ts'

/** What happens when a rule's condition does not hold. `observe` only records. */
const onFail = z.enum(['deny', 'escalate_to_human', 'block_and_alert', 'observe'])

/**
 * One rule: for these tools, when this holds, that must hold.
 *
 * `tool` is a name or a glob (`payments.*`). A condition that names `output` judges what came
 * back: the result of the named tool or, without `tool`, what the agent says to the user.
 */
export const policyRule = z.strictObject({
  id: ruleId,
  description: z.string().optional(),
  tool: z.string().min(1).optional(),
  when: expression.optional(),
  condition: expression,
  on_fail: onFail.default('deny'),
  /**
   * Whom a broken rule harms, as a text, and by how many dollars: what reports name first. Decides
   * nothing.
   */
  harm: z.strictObject({ who: expression, usd: expression.optional() }).optional(),
})
export type PolicyRule = z.infer<typeof policyRule>

/** Inline conditions are CEL whatever the engine says. */
export const policyEngine = z.enum(['cel', 'opa', 'cedar'])

/** `policy.yaml`: the organisation's rules. They define violations; the candidate's own policy only enforces. */
export const judgingPolicy = z.strictObject({
  apiVersion: apiVersion.optional(),
  kind: z.literal('JudgingPolicy').optional(),
  rules: z.array(policyRule).default([]),
  /** Approvals that an executed action needs, by tier; the field's defaults are one and two. */
  approvals: z
    .strictObject({ tier_3: z.int().min(0).default(1), tier_4: z.int().min(0).default(2) })
    .prefault({}),
  /** Tiers from which one executed violation is a regression at once. */
  severe_tier: riskTier.default(3),
})
export type JudgingPolicy = z.infer<typeof judgingPolicy>
