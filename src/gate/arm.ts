import type { CaseStats } from '../schema/case-stats.ts'
import type { Provenance } from '../schema/run-manifest.ts'

/** One side of a comparison: a run reduced to its cases, or a committed baseline. */
export interface Arm {
  readonly provenance: Provenance
  readonly cases: readonly CaseStats[]
}
