import { z } from 'zod'
import { apiVersion, count, usd } from './names.ts'
import { provenance } from './run-manifest.ts'

/** What `run --dry-run` gives: what would be run and what it may cost. Nothing was sent. */
export const dryRun = z.strictObject({
  apiVersion,
  kind: z.literal('DryRun'),
  provenance,
  cases: count,
  trials: count,
  /** Absent where a model has no price, and where no model is asked. */
  costUsd: z.strictObject({ low: usd, high: usd }).optional(),
  /** How many trials were reckoned from what the baseline's trials cost; the rest from prompt sizes. */
  fromBaseline: count,
  /** Models without a price. */
  unpriced: z.array(z.string()),
  /** Models that only measure, the simulated user and the judge: what they cost is not reckoned. */
  beside: z.array(z.string()).default([]),
  budgetUsd: usd.optional(),
  /** Why a run would be refused before anything is sent, and what would work. */
  refused: z.strictObject({ message: z.string(), hint: z.string().optional() }).optional(),
})
export type DryRun = z.infer<typeof dryRun>
