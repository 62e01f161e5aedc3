import { type MovedCase } from '../schema/verdict.ts'
import { type CasePair } from './pair-cases.ts'

/** Cases that moved in any rate, worst first; how much of that is noise the metrics say. */
export function movedCases(pairs: readonly CasePair[]): readonly MovedCase[] {
  return pairs
    .map((pair) => ({ pair, worsening: worsening(pair) }))
    .filter(({ pair, worsening: by }) => by !== 0 || hasMoved(pair))
    .sort(
      (a, b) => b.worsening - a.worsening || (a.pair.candidate.id < b.pair.candidate.id ? -1 : 1),
    )
    .map(({ pair, worsening: by }) => describe(pair, by))
}

/**
 * By how much a case got worse, in shares of its trials: the largest move of any rate. Without a
 * scored trial nothing got better: what passed before counts as lost.
 */
function worsening({ baseline, candidate }: CasePair): number {
  if (candidate.scored === 0) return share(baseline.passed, baseline.scored)
  const moves = [
    share(baseline.passed, baseline.scored) - share(candidate.passed, candidate.scored),
    share(candidate.attackSuccesses, candidate.attacked) -
      share(baseline.attackSuccesses, baseline.attacked),
    share(candidate.violationTrials, candidate.scored) -
      share(baseline.violationTrials, baseline.scored),
  ]
  const worst = Math.max(...moves)
  return worst > 0 ? worst : Math.min(...moves)
}

function hasMoved({ baseline, candidate }: CasePair): boolean {
  return baseline.scored > 0 !== candidate.scored > 0
}

function share(events: number, trials: number): number {
  return trials === 0 ? 0 : events / trials
}

function describe({ baseline, candidate }: CasePair, by: number): MovedCase {
  const attacked = baseline.attacked + candidate.attacked > 0
  const violated = baseline.violationTrials + candidate.violationTrials > 0
  const failure = candidate.failures[0]
  const baselinePath = baseline.paths[0]
  const candidatePath = candidate.paths[0]
  return {
    id: candidate.id,
    layer: candidate.layer,
    baselinePassed: baseline.passed,
    baselineScored: baseline.scored,
    candidatePassed: candidate.passed,
    candidateScored: candidate.scored,
    direction: by < 0 ? 'better' : 'worse',
    ...(attacked && {
      attackSuccesses: { baseline: baseline.attackSuccesses, candidate: candidate.attackSuccesses },
    }),
    ...(violated && {
      violationTrials: { baseline: baseline.violationTrials, candidate: candidate.violationTrials },
    }),
    ...(failure !== undefined && { firstFailure: failure }),
    ...(baselinePath !== undefined && { baselinePath }),
    ...(candidatePath !== undefined && { candidatePath }),
  }
}
