import { z } from 'zod'
import { count, expression, usd } from './names.ts'

/** Limits of one trial. A trial that hits one ends there, counts as failed, and says so. */
export const budgets = z.strictObject({
  max_total_tokens: z.int().positive().optional(),
  max_tool_calls: count.optional(),
  max_model_calls: z.int().positive().optional(),
  /** On the trial's own clock: model and tool latency, without waiting for people. */
  max_wall_time_seconds: z.number().positive().optional(),
  max_cost_usd: usd.optional(),
  /** Of tool results, as the agent receives them, in bytes of UTF-8. */
  max_retrieved_bytes: z.int().positive().optional(),
})
export type Budgets = z.infer<typeof budgets>
export type BudgetName = keyof Budgets

/**
 * What makes limits tighter while a trial runs. Each sign shrinks what is left of every limit once;
 * with `escalate` the agent's writes need a person from then on.
 */
const dynamicBudget = z.strictObject({
  /** So many reads in a row that found nothing. */
  empty_results: z.int().min(2).optional(),
  /** CEL over a tool's result (`output`, `tool`, `input`): true where it is not to be trusted. */
  low_confidence: expression.optional(),
  /** Of what is left of each limit, this share stays. */
  shrink_to: z.number().gt(0).max(1).default(0.5),
  escalate: z.boolean().default(true),
})
export type DynamicBudget = z.infer<typeof dynamicBudget>

/** A candidate's budgets: its limits, and how it is warned before it meets them. */
export const candidateBudgets = budgets.extend({
  /** At this share of any limit the agent is told, once for each. */
  soft_share: z.number().gt(0).lt(1).optional(),
  dynamic: dynamicBudget.optional(),
})
