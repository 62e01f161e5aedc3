import type { CaseStats } from '../schema/case-stats.ts'
import type { GateConfig } from '../schema/gate-config.ts'
import type { MetricVerdict } from '../schema/verdict.ts'
import type { Unit } from './choose-unit.ts'
import type { CasePair } from './pair-cases.ts'

/** What one metric shows before the correction over all metrics. */
export interface Finding {
  /** Everything but the status that the correction may still decide. */
  readonly verdict: Omit<MetricVerdict, 'status' | 'pHolm'>
  /** `pass`, `n/a` and a deterministic `regression` stand; `open` waits for the corrected p. */
  readonly preliminary: 'pass' | 'regression' | 'open' | 'n/a'
  /** The metric could raise an alarm at all; only then it takes part in the correction. */
  readonly live: boolean
  /** What an open metric becomes without an alarm. */
  readonly otherwise: 'inconclusive' | 'unproven'
  /** What would settle it, in words; of use only where nothing was decided. */
  readonly remedy?: string
}

/** What a metric is judged with. */
export interface Comparison {
  readonly pairs: readonly CasePair[]
  /** Cases of one arm only, or changed: not compared, but they say whether there was something to. */
  readonly unpaired: readonly CaseStats[]
  readonly unit: Unit
  readonly gate: GateConfig
  /** Error that this look may spend on each side: `gate.alpha`, or its part of it. */
  readonly alpha: number
  /** The same of the last look, for plans of further trials: an early look's part would ask for too many. */
  readonly lastAlpha: number
  /** Latencies were measured in both arms, not declared by the reference provider. */
  readonly isTimed: boolean
  /** Both arms were paid by the same prices, as far as is known. */
  readonly isPricedAlike: boolean
}

/** Float care: a p that is 0.05 up to rounding is 0.05. */
export function atMost(p: number, alpha: number): boolean {
  return p <= alpha + 1e-12
}

/** Every case that either arm has, paired or not. */
export function casesOfBothArms({ pairs, unpaired }: Comparison): readonly CaseStats[] {
  return [...pairs.flatMap((pair) => [pair.baseline, pair.candidate]), ...unpaired]
}

/**
 * Twelve digits: the edge at which floats become a document. An infinite ratio, or a bound at an
 * absurd alpha, becomes the largest number that JSON can hold.
 */
export function rounded(value: number): number {
  const finite = Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value))
  return Number(finite.toPrecision(12))
}
