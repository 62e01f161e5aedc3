import type { CaseStats } from '../schema/case-stats.ts'
import type { GateConfig } from '../schema/gate-config.ts'
import type { CasePair } from './pair-cases.ts'

/** What may be exchanged between the arms if nothing had changed; `deterministic`: nothing is left to chance. */
export type Unit = 'trial' | 'case' | 'deterministic'

/**
 * The unit of the comparison.
 *
 * Both arms verified deterministic (every case tried at least twice, with different seeds, and all
 * its trials alike): differences are facts. Trials of an arm that are copies or share seeds are no
 * independent evidence: whole cases are the unit. Otherwise what the config says, or trials.
 */
export function chooseUnit(pairs: readonly CasePair[], configured: GateConfig['unit']): Unit {
  const baseline = pairs.map((pair) => pair.baseline)
  const candidate = pairs.map((pair) => pair.candidate)
  if (pairs.length > 0 && isDeterministic(baseline) && isDeterministic(candidate)) {
    return 'deterministic'
  }
  if (configured !== 'auto') return configured
  return holdsCopies(baseline) || holdsCopies(candidate) ? 'case' : 'trial'
}

function isDeterministic(cases: readonly CaseStats[]): boolean {
  return cases.every((one) => one.scored >= 2 && one.seeds >= 2 && one.trajectories === 1)
}

/** One arm that always answers alike, or trials that share a seed. */
function holdsCopies(cases: readonly CaseStats[]): boolean {
  if (cases.some((one) => one.seeds < one.scored)) return true
  return cases.length > 0 && isDeterministic(cases)
}
