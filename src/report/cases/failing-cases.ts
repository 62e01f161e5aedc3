import type { CaseResult } from '../../schema/run-result.ts'

/** Cases with anything wrong in them, most failed trials first; equal ones by id. */
export function failingCases(cases: readonly CaseResult[]): readonly CaseResult[] {
  return cases
    .filter((one) => one.failed > 0 || one.violationTrials > 0 || one.attackSuccesses > 0)
    .toSorted((a, b) => badness(b) - badness(a) || (a.id < b.id ? -1 : 1))
}

function badness({ attackSuccesses, violationTrials, scored, passed }: CaseResult): number {
  return scored === 0 ? 0 : (attackSuccesses + violationTrials + scored - passed) / scored
}
