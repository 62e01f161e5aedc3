import { z } from 'zod'
import { apiVersion, expression, pattern, riskTier, ruleId } from './names.ts'
import { cedarPolicy, opaPolicy } from './policy-engines.ts'

/**
 * What happens when a rule is broken. `block_and_alert` denies and tells somebody; `redact` takes
 * personal data and secrets out and lets the rest pass; `fallback` denies and hands over to the
 * candidate's `fallback`; `observe` only records.
 */
const onFail = z.enum([
  'deny',
  'escalate_to_human',
  'block_and_alert',
  'redact',
  'fallback',
  'observe',
])
export type OnFail = z.infer<typeof onFail>

/** How bad a broken rule is: what reports name first. */
export const severity = z.enum(['low', 'medium', 'high', 'critical'])
export type Severity = z.infer<typeof severity>

/**
 * Which texts a rule about `output` sees: what the agent says to the user, what a tool returned, the
 * arguments of a call before it runs, and the agent's own log (its stated reasons and log lines).
 */
const surface = z.enum(['reply', 'result', 'arguments', 'log'])
export type Surface = z.infer<typeof surface>

/** An earlier executed call: its tool, and what must hold between it (`call`) and this one. */
const otherCall = z.union([
  z.string().min(1),
  z.strictObject({ tool: z.string().min(1), where: expression.optional() }),
])
export type OtherCall = z.infer<typeof otherCall>

/** Over which stretch of the trial's own clock `at_most` counts; a number is seconds. */
const stretch = z.union([z.enum(['action', 'task', 'hour', 'day']), z.number().positive()])

const atMost = z
  .strictObject({
    /** Executed calls, this one included. */
    count: z.int().min(0).optional(),
    /** What of each call is added up, such as `input.amount_usd`; absent: what its tool says it moves. */
    amount: expression.optional(),
    /** The most that it may come to; with neither `amount` nor a tool that says, the rule cannot be told. */
    total: z.number().min(0).optional(),
    within: stretch.default('task'),
    /** Counts apart for each value, such as `input.customer_id`. */
    by: expression.optional(),
  })
  .refine(({ count, total }) => (count === undefined) !== (total === undefined), {
    message: 'at_most has either `count` or `total`',
  })
export type AtMost = z.infer<typeof atMost>

/** What a rule may demand; each rule demands one thing. */
const demands = {
  /** Must hold, in CEL. */
  condition: expression.optional(),
  /** An earlier call must have been executed. */
  after: otherCall.optional(),
  /** No such call may have been executed. */
  never_with: otherCall.optional(),
  at_most: atMost.optional(),
  /** None of these patterns may be found in the texts that the rule sees, whatever the case. */
  never_says: z.array(pattern).min(1).optional(),
  /** Every host and every e-mail domain in the texts that the rule sees is one of these; `*.` covers subdomains. */
  domains: z.array(z.string().min(1)).optional(),
} as const
const demandNames = Object.keys(demands) as (keyof typeof demands)[]

/**
 * One rule: for these tools, when this holds, that is demanded.
 *
 * `tool` is a name or a glob (`payments.*`). A rule about `output` sees what came back: the result of
 * the named tool or, without `tool`, what the agent says to the user; `sees` names other texts.
 */
export const policyRule = z
  .strictObject({
    id: ruleId,
    description: z.string().optional(),
    tool: z.string().min(1).optional(),
    /** Only actions of these risk tiers. */
    tiers: z.array(riskTier).min(1).optional(),
    when: expression.optional(),
    ...demands,
    sees: z.array(surface).min(1).optional(),
    on_fail: onFail.default('deny'),
    severity: severity.optional(),
    /** In the judging policy: one executed violation is a regression at once. */
    zero_tolerance: z.boolean().default(false),
    /**
     * Whom a broken rule harms, as a text, and by how many dollars: what reports name first. Decides
     * nothing.
     */
    harm: z.strictObject({ who: expression, usd: expression.optional() }).optional(),
  })
  .superRefine((rule, ctx) => {
    const made = demandNames.filter((name) => rule[name] !== undefined)
    if (made.length === 1) return
    const found = made.length === 0 ? 'none' : made.join(' and ')
    const message = `a rule has one of ${demandNames.join(', ')}; this one has ${found}`
    ctx.addIssue({ code: 'custom', path: [], message })
  })
export type PolicyRule = z.infer<typeof policyRule>

/** Inline conditions are CEL whatever the engine says. */
export const policyEngine = z.enum(['cel', 'opa', 'cedar'])
export type PolicyEngineName = z.infer<typeof policyEngine>

/** Who decides besides the inline rules; of several the most restrictive wins. */
export const engineSections = { opa: opaPolicy.optional(), cedar: cedarPolicy.optional() }

/** How many approvals a tier asks for, and under which conditions one counts. */
export const approvalRules = z.strictObject({
  tier_3: z.int().min(0).default(1),
  tier_4: z.int().min(0).default(2),
  /** Whoever has not answered by then is passed over, and the next one is asked. */
  sla_seconds: z.number().positive().default(120),
  /** From this tier on an action needs a stated reason. */
  justify_from: riskTier.default(4),
})
export type ApprovalRules = z.infer<typeof approvalRules>

/** What the organisation grants to the agent; what is absent is taken from the candidate's identity. */
const granted = z.strictObject({
  /**
   * Who the agent is, whatever name its candidate gives itself: under neither name can it approve
   * its own actions.
   */
  principal: z.string().min(1).optional(),
  scopes: z.array(z.string()).optional(),
  tenant: z.string().min(1).optional(),
  expires: z.iso.datetime().optional(),
})

/** `policy.yaml`: the organisation's rules. They define violations; the candidate's own policy only enforces. */
export const judgingPolicy = z.strictObject({
  apiVersion: apiVersion.optional(),
  kind: z.literal('JudgingPolicy').optional(),
  rules: z.array(policyRule).default([]),
  ...engineSections,
  /** Approvals that an executed action needs, by tier; the field's defaults are one and two. */
  approvals: approvalRules.prefault({}),
  identity: granted.optional(),
  /** Tiers from which one executed violation is a regression at once. */
  severe_tier: riskTier.default(3),
})
export type JudgingPolicy = z.infer<typeof judgingPolicy>
