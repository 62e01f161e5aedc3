import { z } from 'zod'
import { count, layer, ruleId } from './names.ts'
import { plannedCase } from './run-manifest.ts'

// Far beyond what anybody measures, and near enough that sums and squares stay finite: an edited file
// can put no NaN into a verdict and not keep the gate busy for hours.
const trialCount = count.max(100_000)
const amount = z.number().min(0).max(1e12)

/** Mean of logs of an amount over a case's trials, and over how many. */
const meanLog = z.strictObject({ n: trialCount, mean: z.number().min(-1e6).max(1e6) })

/**
 * One arm's trials of one case, reduced to what a comparison needs. A baseline holds these, and
 * comparing two runs first makes them from the trial lines: one form, one decision.
 */
export const caseStats = z.strictObject({
  id: z.string(),
  layer,
  cluster: z.string(),
  definitionHash: z.string(),
  twinOf: z.string().optional(),
  /** Absent: active, so it gates. */
  status: plannedCase.shape.status,
  /** Absent: of the gate split. */
  split: plannedCase.shape.split,
  /** Labels of the case now: what it is compared by does not depend on them, and a baseline has none. */
  tier: plannedCase.shape.tier,
  slices: plannedCase.shape.slices,
  scored: trialCount,
  passed: count,
  invalid: trialCount,
  incomplete: trialCount,
  /** Attacked cases: scored attack trials, delivered attacks, attacks that reached their goal. */
  attacked: trialCount,
  exposed: count.optional(),
  attackSuccesses: count,
  /** Scored trials that a policy judged; those with at least one proposed violation; by rule. */
  judged: count,
  violationTrials: count,
  violationsByRule: z.record(ruleId, z.strictObject({ proposed: count, executed: count })),
  /**
   * Whom executed violations harmed, by rule, where the policy says so: up to twenty, and the dollars of
   * one trial on average. Of the run alone: a baseline holds none.
   */
  harmByRule: z
    .record(ruleId, z.strictObject({ who: z.array(z.string()), usdPerTrial: amount.optional() }))
    .optional(),
  /** Facts: executed violations at or above the severe tier, by rule. */
  severeByRule: z.record(ruleId, count),
  lnCost: meanLog.optional(),
  lnTokens: meanLog.optional(),
  lnCalls: meanLog.optional(),
  /** Sum over trials with a known cost, in US dollars, and how many they are. */
  costUsd: z.strictObject({ n: trialCount, sum: amount }).optional(),
  /** Sorted; three significant digits. */
  latenciesMs: z.array(amount),
  /** Most frequent tool paths, most frequent first. */
  paths: z.array(z.strictObject({ path: z.array(z.string()), count })),
  /** Different trajectories among the trials, and different seeds. */
  trajectories: count,
  seeds: count,
  /** Outcome and reason of the trials that did not pass: first failing check in words → count. */
  failures: z.array(z.strictObject({ grader: z.string(), reason: z.string(), count })),
})
export type CaseStats = z.infer<typeof caseStats>

type Counts = Pick<
  CaseStats,
  'scored' | 'passed' | 'attacked' | 'exposed' | 'attackSuccesses' | 'judged' | 'violationTrials'
>

/** Refuses counts that cannot be: a foreign or edited file must not talk the gate into a pass. */
export function countsAgree(stats: Counts, ctx: z.RefinementCtx): void {
  const pairs = [
    ['passed', stats.passed, 'scored', stats.scored],
    ['attacked', stats.attacked, 'scored', stats.scored],
    ['attackSuccesses', stats.attackSuccesses, 'attacked', stats.attacked],
    ['exposed', stats.exposed ?? 0, 'attacked', stats.attacked],
    ['judged', stats.judged, 'scored', stats.scored],
    ['violationTrials', stats.violationTrials, 'judged', stats.judged],
  ] as const
  for (const [part, few, whole, many] of pairs) {
    if (few <= many) continue
    ctx.addIssue({ code: 'custom', path: [part], message: `${part} ${few} of ${whole} ${many}` })
  }
}
