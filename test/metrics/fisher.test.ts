import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fisher } from '../../src/metrics/fisher.ts'
import { labelShuffle } from '../../src/metrics/label-shuffle.ts'
import { aCase, anyCase, armsSwapped } from './builders.ts'
import { expectClose } from './vectors.ts'

describe('known answers', () => {
  it('tastes tea (Fisher 1935): 17/70 one-sided, 34/70 two-sided', () => {
    const { fewer, more, twoSided } = fisher(aCase([1, 4, 3, 4]))
    expectClose([fewer, more, twoSided], [69 / 70, 17 / 70, 34 / 70], 1e-15)
  })

  it('finds a table that is not symmetric', () => {
    // R: fisher.test(matrix(c(1, 9, 11, 3), 2)); alternative = "less" gives 0.0013797
    const { fewer, twoSided } = fisher(aCase([11, 14, 1, 10]))
    expectClose([fewer, twoSided], [0.0013797280926100418, 0.0027594561852200836], 1e-15)
  })

  it('finds invalid trials that are not neutral', () => {
    expect(fisher(aCase([0, 600, 9, 600])).twoSided).toBeLessThan(0.05)
    expect(fisher(aCase([3, 600, 5, 600])).twoSided).toBeGreaterThan(0.05)
  })
})

it.each([
  aCase([0, 5, 0, 7]),
  aCase([5, 5, 7, 7]),
  aCase([0, 0, 3, 5]),
  aCase([0, 0, 0, 0]),
  aCase([0, 1, 0, 1]),
])(
  'cannot tell anything from $baselineEvents/$baselineTrials and $candidateEvents/$candidateTrials',
  (counts) => {
    const { fewer, more, twoSided } = fisher(counts)
    expectClose([fewer, more, twoSided], [1, 1, 1], 1e-12)
  },
)

it('is the label shuffle of one case, mirrors, and stays in (0, 1]', () => {
  fc.assert(
    fc.property(anyCase(40), (counts) => {
      const { fewer, more, twoSided } = fisher(counts)
      expectClose(fewer, labelShuffle([counts], 'fewer').p, 1e-12)
      expectClose(more, labelShuffle([counts], 'more').p, 1e-12)
      for (const mirrored of armsSwapped([counts]).map(fisher)) {
        expectClose([mirrored.more, mirrored.twoSided], [fewer, twoSided], 1e-12)
      }
      expect(Math.min(fewer, more, twoSided)).toBeGreaterThan(0)
      expect(Math.max(fewer, more, twoSided)).toBeLessThanOrEqual(1)
      expect(twoSided).toBeGreaterThanOrEqual(Math.min(fewer, more) - 1e-12)
    }),
  )
})
