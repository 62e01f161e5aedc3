import fc from 'fast-check'
import { labelShuffle } from '../../src/metrics/label-shuffle.ts'
import { quantile } from '../../src/metrics/quantile.ts'
import type { TailCase } from '../../src/metrics/tail-exceedances.ts'
import { aCase } from './builders.ts'
import type { Dice } from './random.ts'

/** What a suite looks like when the arms trade names. */
export function tailsSwapped(cases: readonly TailCase[]): readonly TailCase[] {
  return cases.map(({ baseline, candidate }) => ({ baseline: candidate, candidate: baseline }))
}

/** Every candidate amount `factor` times as large. */
export function slowed(cases: readonly TailCase[], factor: number): readonly TailCase[] {
  return cases.map((one) => ({ ...one, candidate: one.candidate.map((value) => value * factor) }))
}

/** Latencies with a long tail, in tenths of a second so that some tie; cases differ. */
export function seededTails(
  roll: Dice,
  {
    cases,
    baselineTrials,
    candidateTrials,
  }: Record<'cases' | 'baselineTrials' | 'candidateTrials', number>,
): readonly TailCase[] {
  return Array.from({ length: cases }, () => {
    const usual = 1 + roll(40)
    const arm = (trials: number): readonly number[] =>
      Array.from(
        { length: trials },
        () => (usual * (10 + roll(10) + (roll(8) === 0 ? roll(90) : 0))) / 10,
      )
    return { baseline: arm(baselineTrials), candidate: arm(candidateTrials) }
  })
}

/** Small suites with many ties and arms of any size. */
export function anyTails(): fc.Arbitrary<readonly TailCase[]> {
  const arm = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 })
  return fc.array(fc.record({ baseline: arm, candidate: arm }), { minLength: 1, maxLength: 12 })
}

/** The definition, from scratch: p that the candidate's tail, divided by the ratio, is no lighter. */
export function naivePLighter(cases: readonly TailCase[], share: number, ratio: number): number {
  const divided = cases.map(({ baseline, candidate }) => ({
    baseline,
    candidate: candidate.map((value) => value / ratio),
  }))
  const exceeds = naiveExceeds(divided, share)
  const counts = divided.map(({ baseline, candidate }) =>
    aCase([
      baseline.filter(exceeds).length,
      baseline.length,
      candidate.filter(exceeds).length,
      candidate.length,
    ]),
  )
  return labelShuffle(counts, 'fewer').p
}

/** Whether a trial lies above the pooled quantile, or at it where none lies above. */
export function naiveExceeds(
  cases: readonly TailCase[],
  share: number,
): (value: number) => boolean {
  const pooled = cases.flatMap(({ baseline, candidate }) => [...baseline, ...candidate])
  const threshold = quantile(pooled, share) ?? Number.NaN
  const isAnyAbove = pooled.some((value) => value > threshold)
  return (value) => (isAnyAbove ? value > threshold : value >= threshold)
}
