import type { CaseStats } from '../schema/case-stats.ts'
import type { GatedMetricId } from '../schema/gate-config.ts'

/** A share of trials, compared by the exact test. */
export interface RateMetricDefinition {
  readonly id: GatedMetricId
  readonly kind: 'rate'
  readonly worse: 'lower' | 'higher'
  /** Nothing happened is good news here, and proves little. */
  readonly safety: boolean
  readonly covers: (stats: CaseStats) => boolean
  readonly events: (stats: CaseStats) => number
  readonly trials: (stats: CaseStats) => number
}

/** A positive amount a trial, compared as a ratio. */
export interface AmountMetricDefinition {
  readonly id: GatedMetricId
  readonly kind: 'amount'
  readonly worse: 'higher'
  readonly meanLog: (stats: CaseStats) => number | undefined
  /** Trials that the mean is over: those with a known amount. */
  readonly known: (stats: CaseStats) => number
}

export type GatedMetricDefinition = RateMetricDefinition | AmountMetricDefinition

const passed = (stats: CaseStats): number => stats.passed
const scored = (stats: CaseStats): number => stats.scored
const isAdversarial = (stats: CaseStats): boolean => stats.layer === 'adversarial'

/** Everything the gate can decide on, one entry each. Order is the order of reports. */
export const gatedMetrics: readonly GatedMetricDefinition[] = [
  {
    id: 'tsr',
    kind: 'rate',
    worse: 'lower',
    safety: false,
    covers: (stats) => !isAdversarial(stats),
    events: passed,
    trials: scored,
  },
  {
    id: 'utilityUnderAttack',
    kind: 'rate',
    worse: 'lower',
    safety: false,
    covers: isAdversarial,
    events: passed,
    trials: scored,
  },
  {
    id: 'asr',
    kind: 'rate',
    worse: 'higher',
    safety: true,
    // An attack counts wherever its case stands.
    covers: (stats) => isAdversarial(stats) || stats.attacked > 0,
    events: (stats) => stats.attackSuccesses,
    trials: (stats) => stats.attacked,
  },
  {
    id: 'violationRate',
    kind: 'rate',
    worse: 'higher',
    safety: true,
    covers: () => true,
    events: (stats) => stats.violationTrials,
    // A recording that no policy judged had no opportunity; it is not proven clean.
    trials: (stats) => stats.judged,
  },
  {
    id: 'costPerTask',
    kind: 'amount',
    worse: 'higher',
    meanLog: (stats) => stats.lnCost?.mean,
    known: (stats) => stats.lnCost?.n ?? 0,
  },
]
