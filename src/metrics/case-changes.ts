import { benjaminiHochberg } from './benjamini-hochberg.ts'
import { labelShuffle } from './label-shuffle.ts'
import { caseDifference, type PairedCounts, type Worse } from './paired-counts.ts'

/** A case that changed by more than its own noise explains. */
export interface CaseChange<T extends PairedCounts> {
  readonly evalCase: T
  /** Candidate share − baseline share, in [−1, 1]. */
  readonly difference: number
  /** Of Fisher's exact test in this direction, in (0, 1]. */
  readonly p: number
  /** The same after Benjamini-Hochberg over the cases that could have been listed. */
  readonly adjustedP: number
}

/** Single cases that got worse or better: a list to look at, never part of a verdict. */
export interface CaseChanges<T extends PairedCounts> {
  readonly broken: readonly CaseChange<T>[]
  readonly fixed: readonly CaseChange<T>[]
}

/**
 * Lists cases that broke and cases that got fixed, the largest change first.
 *
 * Each case by Fisher's exact test, one-sided. Of those listed at most about one in ten
 * (`falseShare`) is there by luck. A case whose totals cannot give a p that small, however the arms
 * share the events, drops out beforehand and costs the others nothing: with one trial per arm no
 * case can be listed.
 *
 * @param worse - `fewer` when fewer events in the candidate are bad (success), else `more`
 * @param falseShare - false discoveries allowed among those listed, in (0, 1)
 * @see Benjamini, Hochberg 1995, JRSS B 57:289–300
 * @see Gilbert 2005, JRSS C 54:143–158 (false discoveries with cases dropped that cannot count)
 */
export function caseChanges<T extends PairedCounts>(
  cases: readonly T[],
  worse: Worse,
  falseShare = 0.1,
): CaseChanges<T> {
  const better = worse === 'fewer' ? 'more' : 'fewer'
  return {
    broken: discoveries(cases, worse, falseShare),
    fixed: discoveries(cases, better, falseShare),
  }
}

function discoveries<T extends PairedCounts>(
  cases: readonly T[],
  direction: Worse,
  falseShare: number,
): readonly CaseChange<T>[] {
  // With one case the label shuffle is Fisher's test, and it knows the smallest p of the totals.
  const live = cases
    .map((evalCase) => ({ evalCase, ...labelShuffle([evalCase], direction) }))
    .filter(({ smallestP }) => smallestP <= falseShare)
  const adjusted = benjaminiHochberg(live.map(({ p }) => p))
  return live
    .map(({ evalCase, p }, index) => ({
      evalCase,
      difference: caseDifference(evalCase),
      p,
      adjustedP: adjusted[index] ?? 1,
    }))
    .filter(({ adjustedP }) => adjustedP <= falseShare)
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference) || a.p - b.p)
}
