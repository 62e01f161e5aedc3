import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type JudgedDifference, scaleByYouden } from '../../src/metrics/youden-scaling.ts'
import { describeVectors, expectClose } from './vectors.ts'

function numbers(difference: JudgedDifference | undefined): readonly (number | undefined)[] {
  return [difference?.lower, difference?.change, difference?.upper]
}

describe('known answers', () => {
  it('shows that 3.75 points are 5, seen by a judge of sensitivity 0.90 and specificity 0.85', () => {
    const seen = { change: -0.0375, lower: -0.06, upper: 0.003 }
    expectClose(numbers(scaleByYouden(seen, 0.75)), [-0.08, -0.05, 0.004], 1e-12)
  })

  it('leaves the difference of a perfect judge alone', () => {
    const seen = { change: -0.2, lower: -1, upper: 0.5 }
    expect(scaleByYouden(seen, 1)).toEqual(seen)
  })

  it('says nothing for a judge no better than a coin', () => {
    const seen = { change: -0.2, lower: -0.3, upper: 0.1 }
    expect(scaleByYouden(seen, 0)).toBeUndefined()
    expect(scaleByYouden(seen, -0.5)).toBeUndefined()
  })

  it('cuts what no rate can change by', () => {
    const seen = { change: -0.4, lower: -0.7, upper: 0.6 }
    expectClose(numbers(scaleByYouden(seen, 0.5)), [-1, -0.8, 1], 1e-12)
    expectClose(numbers(scaleByYouden(seen, Number.MIN_VALUE)), [-1, -1, 1], 0)
  })
})

it('keeps order and sign, and never shrinks a difference', () => {
  const share = fc.double({ min: -1, max: 1, noNaN: true })
  fc.assert(
    fc.property(
      fc.tuple(share, share, share),
      fc.double({ min: 0, max: 1, noNaN: true, minExcluded: true }),
      (three, youden) => {
        const [lower = 0, change = 0, upper = 0] = three.toSorted((a, b) => a - b)
        const scaled = numbers(scaleByYouden({ lower, change, upper }, youden))
        for (const [index, before] of [lower, change, upper].entries()) {
          const after = scaled[index] ?? Number.NaN
          expect(Math.abs(after)).toBeGreaterThanOrEqual(Math.abs(before))
          expect(Math.abs(after)).toBeLessThanOrEqual(1)
          expect(after * before).toBeGreaterThanOrEqual(0)
        }
        const ascending = scaled.map((value) => value ?? Number.NaN)
        expect(ascending.toSorted((a, b) => a - b)).toEqual(ascending)
      },
    ),
  )
})

describeVectors('a judged difference', ({ inputs, expected, tolerance }) => {
  const { delta, lower, upper, sens, spec } = inputs as Record<
    'delta' | 'lower' | 'upper' | 'sens' | 'spec',
    number
  >
  const known = expected as Record<'J' | 'delta' | 'lower' | 'upper', number>
  const youden = sens + spec - 1
  expectClose(youden, known.J, tolerance)
  expectClose(
    numbers(scaleByYouden({ change: delta, lower, upper }, youden)),
    [known.lower, known.delta, known.upper],
    tolerance,
  )
})
