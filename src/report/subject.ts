import type { Provenance } from '../schema/run-manifest.ts'
import type { CaseResult, Comparison, RunMetrics, RunResult } from '../schema/run-result.ts'
import type { Verdict } from '../schema/verdict.ts'

/** What is reported on, whichever document it comes from. */
export interface Subject {
  readonly verdict: Verdict | undefined
  readonly candidate: Provenance
  readonly baseline: Provenance | undefined
  readonly metrics: RunMetrics | undefined
  readonly baselineMetrics: RunMetrics | undefined
  /** Empty for a comparison: it knows only the cases that moved. */
  readonly cases: readonly CaseResult[]
}

export function subjectOf(result: RunResult | Comparison): Subject {
  if (result.kind === 'Comparison') {
    return {
      verdict: result.verdict,
      candidate: result.candidate.provenance,
      baseline: result.baseline.provenance,
      metrics: result.candidate.metrics,
      baselineMetrics: result.baseline.metrics,
      cases: [],
    }
  }
  return {
    verdict: result.verdict,
    candidate: result.provenance,
    baseline: undefined,
    metrics: result.metrics,
    baselineMetrics: undefined,
    cases: result.cases,
  }
}
