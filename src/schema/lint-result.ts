import { z } from 'zod'
import { lintFigures } from './lint-figures.ts'
import { apiVersion, count, id } from './names.ts'

/**
 * One reason to distrust a case.
 *
 * `error`: the case lets wrong work pass or cannot be solved, so it does not count: `run` refuses
 * it. `warning`: it is less sharp than it looks.
 */
const lintFinding = z.strictObject({
  rule: id,
  level: z.enum(['error', 'warning']),
  /** Absent where the finding is about the whole set. */
  case: z.string().optional(),
  /** One sentence: what is wrong, as it would bite. */
  message: z.string(),
  /** What would mend it. */
  hint: z.string().optional(),
  file: z.string(),
  line: count.optional(),
  column: count.optional(),
  /** The mutant that survived, by the name that `accept_mutants` takes. */
  mutant: z.string().optional(),
  /** The oracle against the mutant, one line a step, marked with -, + or a blank. */
  diff: z.array(z.string()).optional(),
})
export type LintFinding = z.infer<typeof lintFinding>

const lintCase = z.strictObject({
  id: z.string(),
  /** Without errors: it has been shown to be able to fail, and counts. */
  usable: z.boolean(),
  mutants: z.strictObject({ made: count, killed: count, declared: count }),
  /** Null agents that pass it. */
  passedBy: z.array(z.string()),
})
export type LintCase = z.infer<typeof lintCase>

/** What `agent-eval lint` found in one eval set. */
export const lintResult = z.strictObject({
  apiVersion,
  kind: z.literal('LintResult'),
  evalSet: z.strictObject({ id, version: z.string(), hash: z.string() }),
  cases: z.array(lintCase),
  /** Every null agent with the cases that it passes. */
  nullAgents: z.array(z.strictObject({ id: z.string(), passed: count, scored: count })),
  figures: lintFigures,
  /** Distinct wordings of what users say and distinct shapes of oracles: how varied the set is. */
  variety: z.strictObject({ cases: count, templates: count, wordings: count, oracleShapes: count }),
  findings: z.array(lintFinding),
})
export type LintResult = z.infer<typeof lintResult>
