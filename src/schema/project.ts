import { z } from 'zod'
import { modelRef } from './candidate.ts'
import { apiVersion } from './names.ts'

/** `agent-eval.yaml`: which eval sets this project has and what its runs start from. */
export const projectConfig = z.strictObject({
  apiVersion,
  /** Folders of eval sets, relative to this file. */
  evalsets: z.array(z.string().min(1)).min(1),
  /** What a candidate's tiers mean where it does not say so itself. */
  models: z.record(z.string(), modelRef).default({}),
  trials: z.int().positive().optional(),
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  /** Trials in flight at once. */
  concurrency: z.int().positive().default(8),
  output: z.string().min(1).default('agent-eval-results'),
})
export type ProjectConfig = z.infer<typeof projectConfig>
