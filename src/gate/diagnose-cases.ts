import { wilson } from '../metrics/binomial-intervals.ts'
import { caseChanges } from '../metrics/case-changes.ts'
import { flakyCases } from '../metrics/flaky-cases.ts'
import { noiseShare } from '../metrics/noise-share.ts'
import type { CaseDiagnostics, FlakyCase } from '../schema/verdict-findings.ts'
import { rounded } from './finding.ts'
import type { CasePair } from './pair-cases.ts'

/**
 * What single cases say: which broke or were fixed beyond their own noise, which are flaky, and how
 * much of the noise each of them causes. For whoever mends the set; no verdict is made from it.
 */
export function diagnoseCases(pairs: readonly CasePair[]): CaseDiagnostics {
  const cases = pairs
    .filter(({ baseline, candidate }) => baseline.scored > 0 && candidate.scored > 0)
    .map(({ baseline, candidate }) => ({
      id: candidate.id,
      isPlain: candidate.layer !== 'adversarial',
      baselineEvents: baseline.passed,
      baselineTrials: baseline.scored,
      candidateEvents: candidate.passed,
      candidateTrials: candidate.scored,
    }))
  const { broken, fixed } = caseChanges(cases, 'fewer')
  // The noise is that of the success rate, of which attacked cases are no part.
  const plain = cases.filter((one) => one.isPlain)
  const { changeRatio, shares = [] } = noiseShare(plain)
  const shareOf = new Map(plain.map((one, index) => [one.id, shares[index] ?? 0]))
  const flaky = flakyCases(cases)
    .map(({ evalCase, baseline, candidate }): FlakyCase => {
      const events = baseline.events + candidate.events
      const trials = baseline.trials + candidate.trials
      const range = wilson({ events, trials }, 0.025)
      return {
        id: evalCase.id,
        baseline: { passed: baseline.events, scored: baseline.trials },
        candidate: { passed: candidate.events, scored: candidate.trials },
        ciLower: rounded(range?.lower ?? 0),
        ciUpper: rounded(range?.upper ?? 1),
        noiseShare: rounded(shareOf.get(evalCase.id) ?? 0),
      }
    })
    .sort((a, b) => b.noiseShare - a.noiseShare || (a.id < b.id ? -1 : 1))
  return {
    broken: broken.map(({ evalCase }) => evalCase.id),
    fixed: fixed.map(({ evalCase }) => evalCase.id),
    flaky,
    ...(changeRatio !== undefined && { changeRatio: rounded(changeRatio) }),
  }
}
