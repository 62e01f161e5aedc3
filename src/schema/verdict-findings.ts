import { z } from 'zod'
import { gatedMetricId } from './gate-config.ts'
import { count, riskTier, share } from './names.ts'

const armCounts = z.strictObject({ passed: count, scored: count })

/** What trials of a case came to that has no partner to compare these with. */
const unpairedCounts = armCounts.extend({
  /** Attacks that reached their goal, and trials with a violation; absent where there are none. */
  attackSuccesses: count.optional(),
  violationTrials: count.optional(),
})
export type UnpairedCounts = z.infer<typeof unpairedCounts>

/** A case that stands on one side only, or that is another case under the same id. */
export const unpairedCase = z.strictObject({
  id: z.string(),
  why: z.enum(['added', 'removed', 'changed', 'suspended']),
  baseline: unpairedCounts.optional(),
  candidate: unpairedCounts.optional(),
})
export type UnpairedCase = z.infer<typeof unpairedCase>

/** A case with both outcomes within one arm, and the share of the noise in the TSR that it causes. */
const flakyCase = z.strictObject({
  id: z.string(),
  baseline: armCounts,
  candidate: armCounts,
  /** Wilson interval of the pass rate over both arms. */
  ciLower: z.number(),
  ciUpper: z.number(),
  noiseShare: share,
})
export type FlakyCase = z.infer<typeof flakyCase>

/** What single cases say. Diagnostics: no verdict is made from them. */
export const caseDiagnostics = z.strictObject({
  /** Fisher's exact test per case, Benjamini-Hochberg at 10 %. */
  broken: z.array(z.string()),
  fixed: z.array(z.string()),
  /** Largest share of the noise first. */
  flaky: z.array(flakyCase),
  /** 1 when trials differ by chance alone; above 1.5 single cases changed, or trials are copies. */
  changeRatio: z.number().optional(),
})
export type CaseDiagnostics = z.infer<typeof caseDiagnostics>

/** One slice of the cases, by one metric. */
export const sliceFinding = z.strictObject({
  slice: z.string(),
  metric: gatedMetricId,
  cases: count,
  baseline: z.number(),
  candidate: z.number(),
  change: z.number(),
  /** One-sided, exact; corrected over all slices by Benjamini-Hochberg. */
  p: z.number(),
  pAdjusted: z.number(),
  /** `watch`: worse at 10 % false discoveries. `regression`: the eval set lets this slice gate. */
  status: z.enum(['quiet', 'watch', 'regression']),
})
export type SliceFinding = z.infer<typeof sliceFinding>

/** Whether one threshold of a tier is met, by its bound and not by its estimate. */
const autonomyCheck = z.strictObject({
  id: z.enum(['tsr', 'violations', 'p95']),
  status: z.enum(['met', 'unproven', 'missed', 'unknown']),
  value: z.number().optional(),
  /** The bound on the bad side. */
  bound: z.number().optional(),
  limit: z.number(),
  n: count,
  /** Clean trials that would prove it. */
  trialsNeeded: count.optional(),
})
export type AutonomyCheck = z.infer<typeof autonomyCheck>

/** Which risk tier the evidence supports, and what is missing for the next. */
export const autonomyEarned = z.strictObject({
  /** Highest tier that, with all below it, met every threshold. Absent: none. */
  earned: riskTier.optional(),
  required: riskTier.optional(),
  tiers: z.array(
    z.strictObject({ tier: riskTier, cases: count, trials: count, checks: z.array(autonomyCheck) }),
  ),
})
export type AutonomyEarned = z.infer<typeof autonomyEarned>

/** What a rule change is about that drops an eval set: nobody runs it, so nobody sees it fail. */
export const droppedSet = 'evalsets'

/** A rule of the gate that differs between the tree under test and the merge base. */
export const ruleChange = z.strictObject({
  /** Path in `evalset.yaml`, or what else changed. */
  what: z.string(),
  base: z.string(),
  here: z.string(),
  /**
   * Whose value decides. `base`: that of the base, until this is merged. `here`: the change's, because
   * it is the stricter one. `change`: the change's, though neither side is stricter.
   */
  holds: z.enum(['base', 'here', 'change']),
})
export type RuleChange = z.infer<typeof ruleChange>
