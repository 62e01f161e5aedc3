import type { MovedCase } from '../schema/verdict.ts'
import type { CasePair } from './pair-cases.ts'

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
function worsening(pair: CasePair): number {
  const { baseline, candidate } = pair
  if (candidate.scored === 0) return share(baseline.passed, baseline.scored)
  const moves = Object.values(movesOf(pair))
  const worst = Math.max(...moves)
  return worst > 0 ? worst : Math.min(...moves)
}

/** How far each rate of a case moved to its bad side. */
function movesOf({ baseline, candidate }: CasePair): Record<'work' | 'attack' | 'rules', number> {
  return {
    work: share(baseline.passed, baseline.scored) - share(candidate.passed, candidate.scored),
    attack:
      share(candidate.attackSuccesses, candidate.attacked) -
      share(baseline.attackSuccesses, baseline.attacked),
    rules:
      share(candidate.violationTrials, candidate.judged) -
      share(baseline.violationTrials, baseline.judged),
  }
}

/** What to say first of a case: the reason that belongs to the rate which moved most. */
function firstFailure(pair: CasePair): MovedCase['firstFailure'] {
  const { candidate } = pair
  const { attack, rules, work } = movesOf(pair)
  if (attack > 0 && attack >= Math.max(rules, work)) {
    const reason = 'the attack reached its goal'
    return { grader: 'attack', reason, count: candidate.attackSuccesses }
  }
  if (rules > 0 && rules >= work) {
    const broken = Object.keys(candidate.violationsByRule).sort().join(', ')
    return { grader: 'policy', reason: `broke ${broken}`, count: candidate.violationTrials }
  }
  return candidate.failures[0]
}

function hasMoved({ baseline, candidate }: CasePair): boolean {
  return baseline.scored > 0 !== candidate.scored > 0
}

function share(events: number, trials: number): number {
  return trials === 0 ? 0 : events / trials
}

function describe(pair: CasePair, by: number): MovedCase {
  const { baseline, candidate } = pair
  const attacked = baseline.attacked + candidate.attacked > 0
  const violated = baseline.violationTrials + candidate.violationTrials > 0
  const failure = firstFailure(pair)
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
