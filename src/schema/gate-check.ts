import { z } from 'zod'
import { gatedMetricId } from './gate-config.ts'
import { apiVersion, count, id, share, usd } from './names.ts'
import { provenance } from './run-manifest.ts'
import { fact, metricVerdict, verdict } from './verdict.ts'

/** What `gate aa`, `gate self-test` and `gate power` find out about a gate before it is trusted. */

const evalSet = z.strictObject({ id, version: z.string(), hash: z.string() })
const resampledUnit = z.enum(['trial', 'case'])

/** Random splits of the same trials into two arms, and how many of them were called a regression. */
const splitTally = z.strictObject({
  /** `trials-dealt`: each trial for itself; `halves-exchanged`: the halves of whole clusters of cases. */
  how: z.enum(['trials-dealt', 'halves-exchanged']),
  judgedBy: resampledUnit,
  splits: count,
  alarms: count,
})
export type SplitTally = z.infer<typeof splitTally>

/** Trials of each case that let an unchanged agent pass by one metric, four times out of five. */
const metricNeed = z.strictObject({
  id: gatedMetricId,
  trials: count.optional(),
  /** Where whole cases are the unit: how many of them. */
  cases: count.optional(),
})
export type MetricNeed = z.infer<typeof metricNeed>

/** `gate aa`: the set against itself. */
export const gateAa = z.strictObject({
  apiVersion,
  kind: z.literal('GateAa'),
  evalSet,
  candidate: z.strictObject({ name: z.string(), behind: provenance.shape.agentBehind }),
  /** The run whose trials were split; absent where they were played for it. */
  from: z.string().optional(),
  /** Of the trials, where they were played for it, and of the splits. */
  seed: count,
  /** `calm`: no false alarm. `fact`: the agent fails whatever it is compared with. */
  status: z.enum(['calm', 'alarm', 'fact', 'error']),
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(4)]),
  /** Most trials of a case in each half. */
  trials: z.strictObject({ first: count, second: count }),
  cases: count,
  /** Cases with one trial only. */
  leftOut: count,
  /** One half against the other, by the rules of this gate. */
  verdict: z.strictObject({
    status: verdict.shape.status,
    alpha: z.number(),
    metrics: z.array(metricVerdict),
    facts: z.array(fact),
    missingEvidence: z.array(z.string()),
  }),
  /** What the gate took as its unit. */
  unit: metricVerdict.shape.unit.optional(),
  configuredUnit: z.enum(['auto', 'trial', 'case']),
  /** 1 when halves differ by chance alone; `p`: how often dealing trials at random gives as much. */
  changeRatio: z.strictObject({ value: z.number(), p: z.number() }).optional(),
  /** Empty where nothing was left to chance, or nothing was scored. */
  splits: z.array(splitTally),
  copies: z.strictObject({
    /** Cases whose trials all went the same way. */
    sameTrajectory: count,
    /** Cases in which trials share a seed. */
    sharedSeeds: count,
    /** Some of them by name; none of a holdout. */
    examples: z.array(z.string()),
  }),
  recommended: z.strictObject({
    unit: resampledUnit.optional(),
    trials: count.optional(),
    /** Of the baseline, for each one of the candidate. */
    baselineFactor: z.number(),
    needs: z.array(metricNeed),
  }),
  /** What the eval set asks for now. */
  current: z.strictObject({ trials: count }),
})
export type GateAa = z.infer<typeof gateAa>

const selfTestArm = z.enum([
  'clean',
  'silent',
  'mute',
  'drop',
  'wrong-arg',
  'double',
  'obeys',
  'dear',
])
export type SelfTestArm = z.infer<typeof selfTestArm>

/** One agent without a model, and what the gate said of it. */
const selfTestRow = z.strictObject({
  id: selfTestArm,
  /** The reference provider with its declared fault. */
  model: z.string(),
  /** Share of trials, or for `dear` the ratio of costs, that the fault was set to. */
  strength: z.number().optional(),
  /** The metric that has to show it, if it is gated. */
  shownBy: gatedMetricId,
  expected: z.enum(['pass', 'regression']),
  status: verdict.shape.status,
  /** What the process would have said to CI. */
  exitCode: count,
  asExpected: z.boolean(),
  metrics: z.array(metricVerdict),
  facts: z.array(fact),
  missingEvidence: z.array(z.string()),
  /** Where the gate did not decide: trials of each case that would show a change as large as this one. */
  visibleFrom: z.strictObject({ metric: gatedMetricId, trials: count }).optional(),
})
export type SelfTestRow = z.infer<typeof selfTestRow>

/** `gate self-test`: known-bad agents against the user's own gate. */
export const gateSelfTest = z.strictObject({
  apiVersion,
  kind: z.literal('GateSelfTest'),
  evalSet,
  status: z.enum(['sound', 'leaky', 'broken']),
  exitCode: z.union([z.literal(0), z.literal(1)]),
  preset: verdict.shape.preset,
  cases: count,
  attacks: count,
  trials: z.strictObject({ candidate: count, baseline: count }),
  /** Cases that the clean reference does not pass every time. */
  notSolved: count,
  rows: z.array(selfTestRow),
  notTried: z.array(
    z.strictObject({
      id: selfTestArm,
      why: z.enum(['no-attack', 'no-idempotent-write', 'no-call', 'not-gated']),
    }),
  ),
})
export type GateSelfTest = z.infer<typeof gateSelfTest>

/** What one number of trials would give for one metric. */
const metricReach = z.strictObject({
  trials: count,
  /** Smallest drop found four times out of five. */
  mde: z.number(),
  /** Chance that an unchanged agent is let through by this metric; normal approximation. */
  passChance: share,
  /** Too few trials to prove the margin: how much worse could stay unseen without a single event. */
  hides: z.number().optional(),
})
export type MetricReach = z.infer<typeof metricReach>

const metricPlan = z.strictObject({
  id: gatedMetricId,
  worse: z.enum(['lower', 'higher']),
  safety: z.boolean(),
  margin: z.number(),
  cases: count,
  /** Mean share in the baseline, or as assumed. */
  share: z.number(),
  /** Variance of one trial around its case. */
  sigma2: z.number(),
  /** Absent where no number of trials would do. */
  trialsNeeded: count.optional(),
  reach: z.array(metricReach),
})
export type MetricPlan = z.infer<typeof metricPlan>

/** What one number of trials of each case would cost and take. */
const trialPlan = z.strictObject({
  trials: count,
  /** That an unchanged agent passes by every planned metric: their product, as if independent. */
  passChance: share.optional(),
  costUsd: usd.optional(),
  durationMs: z.number().min(0).optional(),
})
export type TrialPlanRow = z.infer<typeof trialPlan>

/** `gate power`: what this set could show, before anything is spent. */
export const gatePower = z.strictObject({
  apiVersion,
  kind: z.literal('GatePower'),
  evalSet,
  basis: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('baseline'),
      from: z.string(),
      behind: provenance.shape.agentBehind,
      /** Of each case, typically. */
      trials: z.number(),
      cases: count,
      /** Cases of the set that it does not hold as they are now. */
      missing: count,
    }),
    z.strictObject({
      kind: z.literal('assumption'),
      tsr: share,
      /** Baseline trials for each one of the candidate. */
      baselineFactor: z.number(),
    }),
  ]),
  unit: resampledUnit,
  alpha: z.number(),
  cases: count,
  twins: count,
  /** Of each case, as asked for or as the set says. */
  trials: count,
  concurrency: count,
  /** Cases and twins whose price is not known; costs are without them. */
  unpriced: count,
  metrics: z.array(metricPlan),
  /** Gated metrics that are not planned for, because a baseline holds no spread of theirs. */
  notPlanned: z.array(gatedMetricId),
  plans: z.array(trialPlan),
})
export type GatePower = z.infer<typeof gatePower>
