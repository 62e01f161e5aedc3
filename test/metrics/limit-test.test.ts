import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clopperPearson } from '../../src/metrics/binomial-intervals.ts'
import { limitTest } from '../../src/metrics/limit-test.ts'
import { anyTails, tailsSwapped } from './tails.ts'
import { expectClose } from './vectors.ts'

const threeSeconds = { limit: 3000, alpha: 0.05 }

describe('limitTest', () => {
  it('counts who breaks the promise, and how often that may be', () => {
    const cases = Array.from({ length: 60 }, (_, index) => ({
      baseline: [900, 3000],
      candidate: [1000, index < 5 ? 3001 : 800],
    }))
    const test = limitTest(cases, threeSeconds)
    expect(test).toMatchObject({
      baseline: { events: 0, trials: 120 },
      candidate: { events: 5, trials: 120 },
      candidateBounds: clopperPearson({ events: 5, trials: 120 }, 0.05),
    })
    expectClose([test!.p, test!.smallestP], [1 / 32, 1 / 32], 1e-15)
  })

  it('proves p95 with 59 clean trials', () => {
    const clean = (trials: number): number =>
      limitTest(
        Array.from({ length: trials }, () => ({ baseline: [9000], candidate: [10] })),
        threeSeconds,
      )!.candidateBounds.upper
    expect(clean(58)).toBeGreaterThan(0.05)
    expect(clean(59)).toBeLessThan(0.05)
  })

  it('has nothing to say about no cases', () => {
    expect(limitTest([], threeSeconds)).toBeUndefined()
    expect(limitTest([{ baseline: [], candidate: [1] }], threeSeconds)).toBeUndefined()
  })

  it('mirrors when the arms trade names, whatever the order of the cases', () => {
    fc.assert(
      fc.property(anyTails(), fc.integer({ min: 0, max: 13 }), (cases, limit) => {
        const there = limitTest(cases, { limit, alpha: 0.05 })!
        const back = limitTest(tailsSwapped(cases).toReversed(), { limit, alpha: 0.05 })!
        expect([back.baseline, back.candidate]).toEqual([there.candidate, there.baseline])
        expect(back.p + there.p).toBeGreaterThan(1)
        expect(there.p).toBeGreaterThanOrEqual(there.smallestP)
      }),
    )
  })
})
