import { convolveAll, lowerTail } from './count-distribution.ts'
import { hypergeometric } from './hypergeometric.ts'
import type { PairedCounts, Worse } from './paired-counts.ts'

/** A one-sided exact test of "the candidate is not worse". */
export interface ExactTest {
  /** In (0, 1]; p ≥ smallestP. */
  readonly p: number
  /** The p of the worst outcome these totals allow: above α, the metric cannot raise an alarm. */
  readonly smallestP: number
}

/**
 * Decides whether a yes/no metric got worse: p of the exact label shuffle within each case.
 *
 * If nothing had changed, swapping the labels "baseline" and "candidate" at random inside each case
 * would give a result this bad with probability p. Exact when trials of a case are independent:
 * McNemar's test with one trial per case, Fisher's with one case, else the exact conditional
 * Cochran-Mantel-Haenszel test. Arms may have different numbers of trials. Cases with no event, or
 * with nothing but events, tell nothing and drop out; without any other case both numbers are 1.
 *
 * @param worse - `fewer` when fewer events in the candidate are bad (success), else `more`
 * @see Mehta, Patel, Gray 1985, JASA 80:969–973 (convolution of the strata)
 */
export function labelShuffle(cases: readonly PairedCounts[], worse: Worse): ExactTest {
  // Too many events for the candidate is too few for the baseline: one tail serves both.
  const informative = cases.map((counts) => dealt(counts, worse)).filter(canDiffer)
  const possible = convolveAll(
    informative.map(({ events, trials, total }) => hypergeometric(events, trials, total)),
  )
  const observed = informative.reduce((total, { armEvents }) => total + armEvents, 0)
  const p = lowerTail(possible, observed)
  const smallest = informative.reduce((product, one) => product * fewestChance(one), 1)
  return { p, smallestP: Math.min(p, Math.max(smallest, Number.MIN_VALUE)) }
}

/** One case, seen from the arm in which few events are bad news. */
interface Dealt {
  readonly armEvents: number
  readonly trials: number
  readonly events: number
  readonly total: number
}

function dealt(counts: PairedCounts, worse: Worse): Dealt {
  const { baselineEvents, baselineTrials, candidateEvents, candidateTrials } = counts
  return {
    armEvents: worse === 'fewer' ? candidateEvents : baselineEvents,
    trials: worse === 'fewer' ? candidateTrials : baselineTrials,
    events: baselineEvents + candidateEvents,
    total: baselineTrials + candidateTrials,
  }
}

function canDiffer({ events, total }: Dealt): boolean {
  return events > 0 && events < total
}

/** Chance that the arm gets as few of the events as its trials allow. */
function fewestChance({ trials, events, total }: Dealt): number {
  const others = total - trials
  const dealtAway = Math.min(events, others)
  const room = Math.max(events, others)
  let chance = 1
  for (let i = 0; i < dealtAway; i++) chance *= (room - i) / (total - i)
  return chance
}
