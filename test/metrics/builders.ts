import fc from 'fast-check'
import type { PairedCounts } from '../../src/metrics/paired-counts.ts'

/** [baseline events, baseline trials, candidate events, candidate trials], as in the vectors. */
export type CaseRow = readonly [number, number, number, number]

export function aCase([
  baselineEvents,
  baselineTrials,
  candidateEvents,
  candidateTrials,
]: CaseRow): PairedCounts {
  return { baselineEvents, baselineTrials, candidateEvents, candidateTrials }
}

export function theCases(rows: readonly CaseRow[]): readonly PairedCounts[] {
  return rows.map(aCase)
}

export function repeated(row: CaseRow, times: number): readonly PairedCounts[] {
  return Array.from({ length: times }, () => aCase(row))
}

/** What a suite looks like when the arms trade names. */
export function armsSwapped(cases: readonly PairedCounts[]): readonly PairedCounts[] {
  return cases.map((counts) => ({
    ...counts,
    baselineEvents: counts.candidateEvents,
    baselineTrials: counts.candidateTrials,
    candidateEvents: counts.baselineEvents,
    candidateTrials: counts.baselineTrials,
  }))
}

/** Any case of up to `most` trials per arm, in one of three clusters or in none. */
export function anyCase(most = 6): fc.Arbitrary<PairedCounts> {
  const arm = fc
    .integer({ min: 1, max: most })
    .chain((trials) =>
      fc.record({ trials: fc.constant(trials), events: fc.integer({ min: 0, max: trials }) }),
    )
  return fc
    .record({ baseline: arm, candidate: arm, cluster: fc.constantFrom('a', 'b', 'c', undefined) })
    .map(({ baseline, candidate, cluster }) => ({
      baselineEvents: baseline.events,
      baselineTrials: baseline.trials,
      candidateEvents: candidate.events,
      candidateTrials: candidate.trials,
      ...(cluster === undefined ? {} : { cluster }),
    }))
}

export function anySuite(): fc.Arbitrary<readonly PairedCounts[]> {
  return fc.array(anyCase(), { minLength: 1, maxLength: 12 })
}
