import { lowerTail } from './count-distribution.ts'
import { hypergeometric } from './hypergeometric.ts'
import type { PairedCounts } from './paired-counts.ts'

/** p-values of Fisher's exact test, each in (0, 1]. */
export interface FisherTest {
  /** Of "the candidate has no fewer events". */
  readonly fewer: number
  /** Of "the candidate has no more events". */
  readonly more: number
  /** Of "both arms have the same rate": all tables at most as likely as this one. */
  readonly twoSided: number
}

// Tables that are equally likely on paper differ in the last bits; R allows them the same.
const sameLikelihood = 1 + 1e-7

/**
 * Tells whether two arms differ in a count that is not paired by case, such as invalid trials.
 *
 * An arm without trials is allowed and gives 1 everywhere.
 *
 * @see Fisher 1935, The Design of Experiments, chapter 2; two-sided as in R's `fisher.test`
 */
export function fisher(counts: PairedCounts): FisherTest {
  const { baselineEvents, baselineTrials, candidateEvents, candidateTrials } = counts
  const events = baselineEvents + candidateEvents
  const total = baselineTrials + candidateTrials
  const inCandidate = hypergeometric(events, candidateTrials, total)
  const inBaseline = hypergeometric(events, baselineTrials, total)
  const observed = inCandidate.weights[candidateEvents - inCandidate.lowest] ?? 0
  const unlikely = inCandidate.weights.filter((weight) => weight <= observed * sameLikelihood)
  return {
    fewer: lowerTail(inCandidate, candidateEvents),
    more: lowerTail(inBaseline, baselineEvents),
    twoSided: Math.min(
      1,
      unlikely.reduce((sum, weight) => sum + weight, inCandidate.lost),
    ),
  }
}
