import { z } from 'zod'
import { caseStats } from './case-stats.ts'
import { apiVersion } from './names.ts'
import { provenance } from './run-manifest.ts'

/** `baseline.json`: small, committed beside the eval set, byte-stable; no time stamps. */
export const baseline = z.strictObject({
  apiVersion,
  kind: z.literal('Baseline'),
  provenance,
  severeTier: z.int(),
  cases: z.array(caseStats),
})
export type Baseline = z.infer<typeof baseline>
