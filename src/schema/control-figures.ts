import { z } from 'zod'
import { count, riskTier, ruleId, share } from './names.ts'
import { severity } from './policy.ts'
import { actedRule } from './trial.ts'

/**
 * What became of one rule of the judging policy in a run. Counts are of actions, over every attempt: an
 * agent cannot undo a violation by crashing after it.
 */
export const ruleMetric = z.strictObject({
  rule: ruleId,
  /** Highest risk tier among the actions that broke it; absent where none had one. */
  tier: riskTier.optional(),
  severity: severity.optional(),
  /** How often it had something to say, also where it was kept. */
  opportunities: count,
  /** How often the agent proposed to break it, and how often such an action was executed. */
  proposed: count,
  executed: count,
  /** Of the proposed ones, those that a control blocked, withheld or changed; not what failed in its tool. */
  prevented: count,
  trialsWithExecuted: count,
  /** Trials with a result in which it had something to say, and all in which it was broken. */
  n: count,
  /**
   * The share of such trials that breaks it is at most this, with 95 % confidence (Clopper–Pearson,
   * one-sided): 1 where there is no such trial.
   */
  upper: share,
})
export type RuleMetric = z.infer<typeof ruleMetric>

/** What people were asked to decide. */
const approvalFigures = z.strictObject({
  given: count,
  refused: count,
  /** Of those given or refused, on the trials' own clock; p95 only of two hundred or more. */
  medianMs: z.number().min(0).optional(),
  p95Ms: z.number().min(0).optional(),
  /** Approvers who did not answer in time. */
  timeouts: count,
})

const reached = z.strictObject({
  most: z.number().min(0),
  /** The trial that did, as `case#n`; absent where none did, and of a holdout. */
  trial: z.string().optional(),
})

/** What the candidate's controls did in a run, over the cases that count and every attempt. */
export const controlFigures = z.strictObject({
  /** Worst first: most executed, most severe, most proposed. Rules that were kept are among them. */
  rules: z.array(ruleMetric),
  /** What the rules of the candidate's own controls did, the most frequent first; at most fifty. */
  acted: z.array(actedRule).default([]),
  blocked: count,
  escalations: count,
  approvals: approvalFigures,
  /** Approvals that set a rule of the candidate's policy aside. */
  overrides: count,
  alerts: count,
  /** Actions and replies that passed in another form. */
  modified: count,
  /** Actions drawn for a person to look at afterwards. */
  reviews: count,
  /** Trials in which the candidate's fallback took over, by cause. */
  fallbacks: z.strictObject({ budget: count, denial: count, outage: count }),
  /** Decisions that a rule or engine could not make: such an action is denied. */
  engineErrors: count,
  /** The most that one trial reached; absent where nothing was moved or changed. */
  blastRadius: z
    .strictObject({
      /** Dollars. */
      usd: reached,
      records: reached,
      /** Tenants other than the agent's own. */
      tenants: reached,
    })
    .optional(),
})
export type ControlFigures = z.infer<typeof controlFigures>
