import { z } from 'zod'
import { caseStats, countsAgree } from './case-stats.ts'
import { idsDiffer } from './ids-differ.ts'
import { apiVersion } from './names.ts'
import { provenance } from './run-manifest.ts'

/** `baseline.json`: small, committed beside the eval set, byte-stable; no time stamps. */
export const baseline = z.strictObject({
  apiVersion,
  kind: z.literal('Baseline'),
  provenance,
  severeTier: z.int(),
  cases: z.array(caseStats.superRefine(countsAgree)).superRefine(idsDiffer),
})
export type Baseline = z.infer<typeof baseline>
