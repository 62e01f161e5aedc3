import { z } from 'zod'
import { apiVersion } from './names.ts'
import { provenance } from './run-manifest.ts'

/** What `run --skip-unchanged` gives instead of a result, where nothing had to be run. */
export const skippedRun = z.strictObject({
  apiVersion,
  kind: z.literal('SkippedRun'),
  /** What would have been run; all of it but the seed is what the baseline was measured with. */
  provenance,
  /** Where the baseline came from. */
  baseline: z.string(),
})
export type SkippedRun = z.infer<typeof skippedRun>
