import type { CaseStats } from '../schema/case-stats.ts'
import type { GateConfig } from '../schema/gate-config.ts'
import type { CasePair } from './pair-cases.ts'

/** What may be exchanged between the arms if nothing had changed; `deterministic`: nothing is left to chance. */
export type Unit = 'trial' | 'case' | 'deterministic'

/**
 * The unit of the comparison.
 *
 * Both arms verified deterministic (every case tried at least twice, with different seeds, and all
 * its trials alike): differences are facts. Trials that share seeds, or that are alike and were
 * judged differently, are no independent evidence: whole cases are the unit, whatever the config
 * says. Otherwise what it says, or trials.
 *
 * An arm that alone always answers alike, with different seeds, is an agent without randomness: its
 * rate on these cases is known, and the other arm's noise is what the test is about. To swap whole
 * cases there would let an agent hide a drop by losing its randomness.
 */
export function chooseUnit(pairs: readonly CasePair[], configured: GateConfig['unit']): Unit {
  const baseline = pairs.map((pair) => pair.baseline)
  const candidate = pairs.map((pair) => pair.candidate)
  if (pairs.length > 0 && isDeterministic(baseline) && isDeterministic(candidate)) {
    return 'deterministic'
  }
  // No setting makes independent evidence of copies.
  const arms = [baseline, candidate]
  const isDependent = arms.some(sharesSeeds) || isUnclear(arms)
  return configured === 'case' || isDependent ? 'case' : 'trial'
}

/** Both arms hold copies and are not deterministic, or copies were judged in two ways. */
function isUnclear(arms: readonly (readonly CaseStats[])[]): boolean {
  const copied = arms.filter(holdsCopies)
  return copied.length > 1 || copied.some((arm) => !arm.filter(isRepeated).every(isAlike))
}

/** Every case, and its grades as well: a judge may see one answer in two ways. */
function isDeterministic(cases: readonly CaseStats[]): boolean {
  return cases.every((one) => isRepeated(one) && isAlike(one))
}

/** A case that lost its trials says nothing of the others: it does not make their copies independent. */
function holdsCopies(cases: readonly CaseStats[]): boolean {
  const repeated = cases.filter(isRepeated)
  return repeated.length > 0 && repeated.every((one) => one.trajectories === 1)
}

function sharesSeeds(cases: readonly CaseStats[]): boolean {
  return cases.some((one) => one.seeds < one.scored)
}

function isRepeated({ scored, seeds }: CaseStats): boolean {
  return scored >= 2 && seeds >= 2
}

/** One way through the case, and one judgement of it. */
function isAlike(one: CaseStats): boolean {
  const all = [
    [one.passed, one.scored],
    [one.attackSuccesses, one.attacked],
    [one.violationTrials, one.judged],
  ] as const
  return (
    one.trajectories === 1 && all.every(([events, trials]) => events === 0 || events === trials)
  )
}
