import { z } from 'zod'
import { count, share, usd } from './names.ts'
import { callCounts } from './trial.ts'

/**
 * A rate with its 95 % interval, and where it would lie if every lost trial had gone one way or
 * the other. Without a scored trial there is no number.
 */
export const rateMetric = z.strictObject({
  rate: z.number().optional(),
  n: count,
  events: count,
  lost: count,
  ciLower: z.number().optional(),
  ciUpper: z.number().optional(),
  worstLower: z.number().optional(),
  worstUpper: z.number().optional(),
})
export type RateMetric = z.infer<typeof rateMetric>

/** A mean amount over trials where it is known. */
const meanMetric = z.strictObject({ mean: z.number().optional(), n: count, unknown: count })
export type MeanMetric = z.infer<typeof meanMetric>

/**
 * A success rate as production would see it: the mean over the values of one stratum, each weighted by
 * how often it occurs there. `n` scored trials are in it; `leftOut` are of cases without a weight.
 */
const weightedRate = z.strictObject({ rate: share, n: count, leftOut: count })
export type WeightedRate = z.infer<typeof weightedRate>

/** What one tier of a routed agent did: tasks that the router sent there, or that fell back to it. */
const routeMetric = z.strictObject({
  tier: z.string(),
  /** Scored trials, and their share of those of which the tier is known. */
  trials: count,
  share,
  /** Over cases without an attack. */
  tsr: rateMetric,
  /** With what the router cost. */
  costPerTaskUsd: meanMetric,
})
export type RouteMetric = z.infer<typeof routeMetric>

export const runMetrics = z.strictObject({
  tsr: rateMetric,
  /** By stratum, such as `language`; absent where a weighted value has no scored trial. */
  tsrWeighted: z.record(z.string(), weightedRate).optional(),
  utilityUnderAttack: rateMetric,
  /** Utility of the benign twins: the same cases with the injection off. */
  utilityWithoutAttack: rateMetric,
  asr: rateMetric,
  /** ASR over the trials in which the attack was delivered. */
  asrExposed: rateMetric,
  violationRate: rateMetric,
  costPerTaskUsd: meanMetric,
  costPerSolvedTaskUsd: z.number().optional(),
  /** Had no cache been there; absent where none was. */
  coldCostPerTaskUsd: meanMetric.optional(),
  coldCostPerSolvedTaskUsd: z.number().optional(),
  /** At as many tasks a month as the project says it has; only where every cost is known. */
  perMonth: z
    .strictObject({ tasks: z.number().positive(), costUsd: usd, coldCostUsd: usd.optional() })
    .optional(),
  tokensPerTask: meanMetric,
  tokensPerSolvedTask: z.number().optional(),
  /** Means over the `n` trials whose tokens are known. Cached ones are of the input, reasoning of the output. */
  tokensByKind: z
    .strictObject({
      n: count,
      input: z.number(),
      output: z.number(),
      cacheRead: z.number().optional(),
      cacheWrite: z.number().optional(),
      reasoning: z.number().optional(),
    })
    .optional(),
  toolCallsPerTask: meanMetric,
  modelCallsPerTask: meanMetric,
  /** k → chance that k fresh trials of a case all pass, over the non-adversarial cases. */
  passHatK: z.record(z.string(), z.number()),
  latencyMs: z.strictObject({
    n: count,
    p50: z.number().optional(),
    p95: z.number().optional(),
    p99: z.number().optional(),
  }),
  counts: callCounts.extend({
    budgetStops: count,
    loopStops: count,
    violationsProposed: count,
    violationsExecuted: count,
  }),
  /** Why trials were lost, by the first words of it, the most frequent first. */
  lostTo: z
    .array(z.strictObject({ reason: z.string(), count }))
    .max(3)
    .optional(),
  /** Money spent in this run; what a cassette answered was paid for earlier. */
  spentUsd: z.partialRecord(z.string(), usd),
  /** Model answers that came from a cassette, of every role. */
  replayed: count.optional(),
  /** Attempts of model requests that failed and were made again, of every role. */
  retries: count.optional(),
  /**
   * How long people took for approvals over `n` scored trials, and what that costs where an hour has a
   * price. It is a ledger of its own and stands in no cost per task.
   */
  humanTime: z
    .strictObject({ n: count, waitedMs: z.number().min(0), costUsd: usd.optional() })
    .optional(),
  /** Models of which an answer has no price: as they were asked for, sorted, at most twenty. */
  unpricedModels: z.array(z.string()).optional(),
  /** By tier, sorted; absent where nobody routes. */
  routes: z.array(routeMetric).optional(),
})
export type RunMetrics = z.infer<typeof runMetrics>
