import { describe, expect, it } from 'vitest'
import { lookOf, type SamplingState } from '../../src/gate/sampling-state.ts'
import { expectClose } from '../metrics/vectors.ts'

function after(rounds: number, changes: Partial<SamplingState> = {}): SamplingState {
  return { rounds, maxRounds: 5, firstLook: 1, notReached: new Set(), ...changes }
}

describe('what a look may spend', () => {
  it('is everything where nobody may end early', () => {
    expect(lookOf(0.05, undefined)).toEqual({ alpha: 0.05, lastAlpha: 0.05, sampling: undefined })
  })

  it('is a fifth over the early looks and the rest on the last', () => {
    const spent = [1, 2, 3, 4, 5].map((rounds) => lookOf(0.05, after(rounds)).alpha)
    expect(spent).toEqual([0.0025, 0.0025, 0.0025, 0.0025, 0.04])
    expectClose(
      spent.reduce((sum, one) => sum + one, 0),
      0.05,
      1e-12,
    )
  })

  it('is shared by the looks that there are', () => {
    const looks = (firstLook: number): readonly number[] =>
      [3, 4, 5].map((rounds) => lookOf(0.05, after(rounds, { firstLook })).alpha)
    expect(looks(3)).toEqual([0.005, 0.005, 0.04])
    expect(lookOf(0.05, after(5, { firstLook: 5 })).alpha).toBe(0.05)
  })

  it('is the last part where time was up, which no result decided', () => {
    expect(lookOf(0.05, after(2, { stopped: 'time' })).alpha).toBe(0.04)
    expect(lookOf(0.05, after(2, { stopped: 'decided' })).alpha).toBe(0.0025)
  })

  it('is never more than all, whatever the state says', () => {
    for (let rounds = 0; rounds < 9; rounds++) {
      for (let firstLook = 1; firstLook < 9; firstLook++) {
        const { alpha, lastAlpha } = lookOf(0.05, after(rounds, { firstLook }))
        expect(alpha).toBeGreaterThan(0)
        expect(alpha).toBeLessThanOrEqual(0.05)
        expect(lastAlpha).toBeGreaterThanOrEqual(0.04)
      }
    }
  })
})

it('plans further trials with what the last look may spend', () => {
  expect(lookOf(0.05, after(1)).lastAlpha).toBe(0.04)
  expect(lookOf(0.05, after(5)).lastAlpha).toBe(0.04)
})

it('is told in the verdict', () => {
  expect(
    lookOf(0.05, after(2, { notReached: new Set(['a', 'b']), stopped: 'time' })).sampling,
  ).toEqual({
    rounds: 2,
    maxRounds: 5,
    alpha: 0.04,
    stopped: 'time',
    notReached: 2,
  })
  expect(lookOf(0.05, after(2)).sampling).toEqual({
    rounds: 2,
    maxRounds: 5,
    alpha: 0.0025,
    notReached: 0,
  })
})
