import { z } from 'zod'
import { jsonValue } from './json.ts'
import { decision, riskTier, usd } from './names.ts'
import { policyEngine, severity } from './policy.ts'

/** Whom a broken rule harms, as its policy names them. */
export const harm = z.strictObject({ who: z.string(), usd: usd.optional() })
export type Harm = z.infer<typeof harm>

/** One rule's answer about one action. `error`: it could not be evaluated, which denies. */
export const ruleDecision = z.strictObject({
  id: z.string(),
  decision: z.union([decision, z.literal('observe')]),
  reason: z.string(),
  error: z.string().optional(),
  severity: severity.optional(),
  harm: harm.optional(),
})
export type RuleDecision = z.infer<typeof ruleDecision>

/**
 * Which control spoke: the candidate's allowlist, the tool's schema, the agent's identity, the
 * candidate's policy, the approvals its tiers ask for, its budget, or (recorded, never enforced) the
 * eval set's judging policy.
 */
export const controlSource = z.enum([
  'allowlist',
  'schema',
  'identity',
  'policy',
  'tier',
  'budget',
  'judging',
])
export type ControlSource = z.infer<typeof controlSource>

/** What a trial's limits are counted in. */
export const chargeKind = z.enum([
  'tokens',
  'tool_calls',
  'model_calls',
  'wall_ms',
  'cost_usd',
  'retrieved_bytes',
])

/** What controls, approvers and limits add to a trial's trace. */
export const controlEvents = [
  z.strictObject({
    type: z.literal('policy.decision'),
    callId: z.string(),
    source: controlSource,
    decision,
    /** Whether this decision was carried out, or only recorded. */
    enforced: z.boolean(),
    alert: z.boolean().optional(),
    rules: z.array(ruleDecision),
    version: z.string().optional(),
    engine: policyEngine.optional(),
    /** What passes in place of what was proposed. */
    modified: jsonValue.optional(),
    /** The candidate's fallback acts in place of what was denied. */
    fallback: z.boolean().optional(),
    /** This judges what a control let pass in another form; absent: what was proposed. */
    ofModified: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal('approval'),
    callId: z.string(),
    principal: z.string(),
    /** `timeout`: no answer within the service level; the next one was asked. */
    decision: z.enum(['approve', 'deny', 'pending', 'timeout']),
    latencyMs: z.number().min(0),
    kind: z.enum(['human', 'agent']).optional(),
    /** The highest risk tier that this principal may approve. */
    trust: riskTier.optional(),
    /** Rules of the candidate's policy that this approval sets aside for this one action. */
    overrides: z.array(z.string()).optional(),
  }),
  z.strictObject({
    /** The agent was told something beside a tool's result, such as that its budget runs low. */
    type: z.literal('notice'),
    callId: z.string(),
    text: z.string(),
  }),
  z.strictObject({
    /** A line of the agent's own log. */
    type: z.literal('log'),
    logId: z.string(),
    text: z.string(),
    /** A control kept it out of the log, or let it pass in the form of `modified`. */
    withheld: z.boolean().optional(),
    modified: z.string().optional(),
  }),
  z.strictObject({
    /** Limits of the trial were made tighter while it ran; `escalate`: its writes need a person now. */
    type: z.literal('budget.shrunk'),
    why: z.string(),
    limits: z.partialRecord(chargeKind, z.number().min(0)),
    escalate: z.boolean(),
  }),
  z.strictObject({
    /** The candidate's fallback takes over; its call and its words follow. */
    type: z.literal('fallback'),
    why: z.enum(['budget', 'denial', 'outage']),
    message: z.string(),
  }),
] as const
