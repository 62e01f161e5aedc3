import type { CaseStats } from '../schema/case-stats.ts'
import type { Provenance } from '../schema/run-manifest.ts'
import type { RunMetrics } from '../schema/run-metrics.ts'

/** One side of a comparison: a run reduced to its cases, or a committed baseline. */
export interface Arm {
  readonly provenance: Provenance
  readonly cases: readonly CaseStats[]
  /** Of a run: what its cases do not hold, such as the mean of its tool calls. A committed baseline has none. */
  readonly metrics?: RunMetrics | undefined
}
