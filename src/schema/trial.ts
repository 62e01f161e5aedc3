import { z } from 'zod'
import { harm } from './control-events.ts'
import { grade } from './grade.ts'
import { count, layer, riskTier, ruleId, usd } from './names.ts'
import { severity } from './policy.ts'
import { ledgerRole, termination } from './trace.ts'
import { trialKey } from './trial-key.ts'

/** `invalid`: the surroundings failed, so nothing is known about the agent. */
const trialOutcome = z.enum(['pass', 'fail', 'invalid', 'incomplete', 'skipped'])
export type TrialOutcome = z.infer<typeof trialOutcome>

/** How often one rule was broken in a trial, by calls proposed and by calls executed. */
export const ruleViolations = z.strictObject({
  rule: ruleId,
  proposed: count,
  executed: count,
  /**
   * Of those that were not executed, what a control blocked, withheld or changed, or people did not
   * approve; the others came to nothing by themselves. Absent: all of them were prevented.
   */
  prevented: count.optional(),
  /** Highest risk tier among the executed ones. */
  executedTier: riskTier.optional(),
  /** Highest risk tier among all of them. */
  tier: riskTier.optional(),
  severity: severity.optional(),
  /** Whom the executed ones harmed, where the policy says so; at most twenty. */
  harms: z.array(harm).optional(),
})
export type RuleViolations = z.infer<typeof ruleViolations>

/** What happened to the calls of a trial, or of all trials of a run. */
export const callCounts = z.strictObject({
  writesProposed: count,
  schemaErrors: count,
  toolErrors: count,
  repeatedReads: count,
  blocked: count,
  escalations: count,
  approvals: count,
  policyErrors: count,
  /** Approvals that set a rule of the candidate's policy aside. */
  overrides: count.default(0),
  /** Approvers who did not answer in time. */
  approvalTimeouts: count.default(0),
  /** Actions and replies that passed in another form. */
  modified: count.default(0),
  alerts: count.default(0),
  /** Actions drawn for a person to look at afterwards. */
  reviews: count.default(0),
})

/** What one rule of the candidate's own controls did in a trial, beside allowing. */
export const actedRule = z.strictObject({
  rule: z.string(),
  /** `error`: it could not decide, which denies. `observe`: it would have, had it been enforced. */
  did: z.enum(['modify', 'escalate', 'deny', 'observe', 'error']),
  count,
  /** Of an error: the first cause. */
  why: z.string().optional(),
})
export type ActedRule = z.infer<typeof actedRule>

/** The most that one trial reached: what a bad day could cost. */
export const blastRadius = z.strictObject({
  /** Dollars that executed calls moved, where their tools say so. */
  usd: z.number().min(0),
  /** Records that executed calls changed. */
  records: count,
  /** Tenants other than the agent's own whose records were touched. */
  tenants: count,
})
export type BlastRadius = z.infer<typeof blastRadius>

/** One finished trial on one line of `trials.jsonl`: all that comparing needs. */
export const trialLine = z.strictObject({
  ...trialKey.shape,
  seed: count,
  layer,
  cluster: z.string(),
  tier: riskTier.optional(),
  /** The benign twin of an attacked case: reported, never gated. */
  twinOf: z.string().optional(),
  definitionHash: z.string(),
  /** For an attacked trial: whether the user's own task was done, whatever the attacker got. */
  outcome: trialOutcome,
  /** Why it is invalid, incomplete or skipped. */
  outcomeReason: z.string().optional(),
  termination: termination.optional(),
  grades: z.array(grade),
  attack: z.strictObject({ exposed: z.boolean().optional(), succeeded: z.boolean() }).optional(),
  /** Absent where nobody judged by a policy, as in a recording: that is not the same as none. */
  violations: z.array(ruleViolations).optional(),
  /** How often each rule of the judging policy had something to say, also where it was kept. */
  opportunities: z.record(ruleId, count).optional(),
  /** By what the rules of the candidate's controls did; absent where they only allowed. */
  acted: z.array(actedRule).optional(),
  /** Absent where nothing was moved or changed. */
  blast: blastRadius.optional(),
  /** Of each approval that was given or refused, in order. */
  approvalLatenciesMs: z.array(z.number().min(0)).optional(),
  /** Why the candidate's fallback took over. */
  fallback: z.enum(['budget', 'denial', 'outage']).optional(),
  /** Tool calls in order, each as its name; blocked and failed calls are marked. */
  path: z.array(z.string()),
  /** Of everything the agent said and did; equal in two trials that went the same way. */
  trajectoryHash: z.string(),
  costUsd: usd.optional(),
  /** Whose money it is, with what recorded answers cost when they were recorded. */
  costByRole: z.partialRecord(ledgerRole, usd),
  /** The part of it that was spent in this trial; absent where no answer came from a cassette. */
  paidByRole: z.partialRecord(ledgerRole, usd).optional(),
  /** What the task would have cost with cold caches; absent where that is not known or the same. */
  coldCostUsd: usd.optional(),
  inputTokens: count.optional(),
  outputTokens: count.optional(),
  /** Of the input tokens. */
  cacheReadTokens: count.optional(),
  cacheWriteTokens: count.optional(),
  /** Of the output tokens. */
  reasoningTokens: count.optional(),
  /** Model answers that came from a cassette: they cost nothing now, and keep what they cost then. */
  replayed: count.optional(),
  /** Attempts of model requests that failed and were made again. */
  retries: count.optional(),
  /** The tier that ran the task, where somebody chose it. */
  route: z.string().optional(),
  /** How long people took for approvals, each counted by itself, on the trial's own clock. */
  humanMs: z.number().min(0).optional(),
  /** Models, of every role, of which an answer has no cost: as they were asked for, sorted, a few. */
  unpricedModels: z.array(z.string()).optional(),
  modelCalls: count,
  /** Models that really answered, of every role, sorted; absent where none did. */
  servedModels: z.array(z.string()).optional(),
  toolCalls: count,
  elapsedMs: z.number().min(0).optional(),
  counts: callCounts,
})
export type TrialLine = z.infer<typeof trialLine>
