import fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { trialsForMargin } from '../../src/gate/trials-for-margin.ts'
import { trialsNeeded } from '../../src/metrics/planning.ts'

// "Trials needed" of the statistics page: both arms alike.
test.each([
  [0.097, 50, 0.05, 10],
  [0.097, 100, 0.05, 5],
  [0.097, 200, 0.05, 3],
  [0.097, 400, 0.05, 2],
  [0.097, 50, 0.02, 60],
  [0.097, 400, 0.02, 8],
  [0.02, 50, 0.05, 2],
  [0.02, 50, 0.02, 13],
  [0.02, 200, 0.02, 4],
])('sigma2 %d on %i cases with margin %d takes %i', (sigma2, cases, margin, expected) => {
  expect(trialsForMargin({ cases, sigma2 }, { margin, alpha: 0.05 }, 1)).toBe(expected)
})

it('takes fewer against a larger baseline, and not one too many', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.double({ min: 0, max: 0.25, noNaN: true }),
      fc.constantFrom(0.01, 0.02, 0.05, 0.2),
      fc.constantFrom(1, 2, 3, 10),
      (cases, sigma2, margin, factor) => {
        const goal = { margin, alpha: 0.05 }
        const trials = trialsForMargin({ cases, sigma2 }, goal, factor) ?? Number.NaN
        const enough = (count: number): boolean => {
          const stored = { cases, sigma2, baselineTrials: factor * count }
          const { candidateOnly } = trialsNeeded(stored, goal)
          return candidateOnly !== undefined && candidateOnly <= count
        }
        expect(enough(trials)).toBe(true)
        if (trials > 1) expect(enough(trials - 1)).toBe(false)
      },
    ),
  )
})

it('names no number where none would do', () => {
  expect(
    trialsForMargin({ cases: 100, sigma2: 0.1 }, { margin: 0, alpha: 0.05 }, 3),
  ).toBeUndefined()
})
