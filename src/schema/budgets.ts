import { z } from 'zod'
import { count, usd } from './names.ts'

/** Limits of one trial. A trial that hits one ends there, counts as failed, and says so. */
export const budgets = z.strictObject({
  max_total_tokens: z.int().positive().optional(),
  max_tool_calls: count.optional(),
  max_model_calls: z.int().positive().optional(),
  /** On the trial's own clock: model and tool latency, without waiting for people. */
  max_wall_time_seconds: z.number().positive().optional(),
  max_cost_usd: usd.optional(),
})
export type Budgets = z.infer<typeof budgets>
export type BudgetName = keyof Budgets
