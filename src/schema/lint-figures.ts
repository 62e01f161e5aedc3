import { z } from 'zod'
import { count } from './names.ts'

/** What lint found of a whole set, as reports show it beside TSR. */
export const lintFigures = z.strictObject({
  /** Mutants of oracles that differ from their oracle; those that failed; declared survivors. */
  mutants: z.strictObject({ made: count, killed: count, declared: count }).optional(),
  /** Cases that ran although lint rejects them; absent where none did. */
  rejected: count.optional(),
  /** The agent without a brain that scores best, over the cases that count. */
  nullAgent: z.strictObject({ id: z.string(), passed: count, scored: count }).optional(),
})
export type LintFigures = z.infer<typeof lintFigures>
