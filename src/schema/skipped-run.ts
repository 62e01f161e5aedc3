import { z } from 'zod'
import { apiVersion } from './names.ts'
import { provenance } from './run-manifest.ts'

/** A change whose CI job is given no secrets, and what that keeps from being run. */
const fork = z.strictObject({
  /** Whose change it is: the repository that it comes from, or the bot that made it. */
  from: z.string(),
  /** Environment variables with keys that are not set, sorted. */
  missingKeys: z.array(z.string()).min(1),
  /** Models that cannot be asked without them, sorted. */
  models: z.array(z.string()).min(1),
  /** As of a run that does not decide. */
  exitCode: z.union([z.literal(0), z.literal(3)]),
})
export type WithheldKeys = z.infer<typeof fork>

/**
 * What `run` gives instead of a result, where nothing was run: nothing had to be, because everything is
 * as it was, or nothing could be, because the change comes from a fork and the keys stay here.
 */
export const skippedRun = z
  .strictObject({
    apiVersion,
    kind: z.literal('SkippedRun'),
    /** What would have been run; of an unchanged one all but the seed is what the baseline was measured with. */
    provenance,
    /** Absent: unchanged. */
    why: z.enum(['unchanged', 'fork']).optional(),
    /** Of an unchanged run: where the baseline came from. */
    baseline: z.string().optional(),
    /** Of a fork. */
    fork: fork.optional(),
  })
  .superRefine(({ baseline, fork: withheld, why }, ctx) => {
    const has = why === 'fork' ? withheld : baseline
    if (has !== undefined) return
    const path = [why === 'fork' ? 'fork' : 'baseline']
    ctx.addIssue({ code: 'custom', path, message: 'is missing' })
  })
export type SkippedRun = z.infer<typeof skippedRun>
