import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noiseShare } from '../../src/metrics/noise-share.ts'
import type { PairedCounts } from '../../src/metrics/paired-counts.ts'
import { trialUnitInterval } from '../../src/metrics/stratified-tango.ts'
import { aCase, anySuite, armsSwapped, repeated, theCases } from './builders.ts'
import { type Dice, dice } from './random.ts'
import { expectClose } from './vectors.ts'

describe('known answers', () => {
  it('gives all noise to the cases that came out both ways', () => {
    // Variances: 0; 2 · (1/2)² · 2 = 1 at one trial each; 6/5 · (1/2)² · 2/3 = 1/5 at three.
    const { shares, changeRatio } = noiseShare(
      theCases([
        [1, 1, 1, 1],
        [1, 1, 0, 1],
        [2, 3, 1, 3],
      ]),
    )
    expectClose(shares, [0, 5 / 6, 1 / 6], 1e-12)
    // Changes 0, −1, −1/3 around −4/9.
    expectClose(changeRatio, (16 / 81 + 25 / 81 + 1 / 81) / 1.2, 1e-12)
  })

  it.each([
    ['no cases', []],
    ['outcomes that all agree', repeated([3, 3, 5, 5], 4)],
    ['one case without noise', [aCase([0, 3, 0, 3])]],
  ])('says nothing about %s', (_, cases) => {
    expect(noiseShare(cases)).toEqual({})
  })

  it('has no ratio for one case, of which nothing can differ', () => {
    expect(noiseShare([aCase([3, 3, 0, 3])])).toEqual({ shares: [1] })
  })
})

/** A suite in which nothing changed: every case 5 + 5 trials at its own rate, each trial `copies` times. */
function unchanged(roll: Dice, copies: number): readonly PairedCounts[] {
  return Array.from({ length: 100 }, () => {
    const rate = roll(1000)
    const events = (): number => {
      let count = 0
      for (let i = 0; i < 5; i++) count += roll(1000) < rate ? copies : 0
      return count
    }
    return aCase([events(), 5 * copies, events(), 5 * copies])
  })
}

it.each([
  ['fresh trials', 1, 1],
  // Of three copies each, the changes have three times the variance, and the trials of a case
  // 27/29 of what 30 fresh ones would have.
  ['three copies of each trial', 3, 3.2],
])('%s have a ratio of about %d', (_, copies, expected) => {
  const roll = dice(5)
  const runs = 100
  let sum = 0
  for (let i = 0; i < runs; i++) sum += noiseShare(unchanged(roll, copies)).changeRatio ?? 0
  expectClose(sum / runs / expected, 1, 0.05)
})

it('divides up the noise of the interval', () => {
  fc.assert(
    fc.property(anySuite(), (cases) => {
      const { shares } = noiseShare(cases)
      const variance = trialUnitInterval(cases, 0.05)?.variance ?? Number.NaN
      expect(shares === undefined).toBe(variance === 0)
      if (shares === undefined) return
      const sum = shares.reduce((all, share) => all + share, 0)
      expectClose(sum, 1, 1e-12)
      for (const [index, share] of shares.entries()) {
        const alone = trialUnitInterval(cases.slice(index, index + 1), 0.05)?.variance
        expectClose(share * variance * cases.length ** 2, alone ?? Number.NaN, 1e-12)
      }
    }),
  )
})

it('mirrors, does not care about order, and has a finite ratio of two noisy cases or more', () => {
  fc.assert(
    fc.property(anySuite(), (cases) => {
      const { shares, changeRatio } = noiseShare(cases)
      const mirrored = noiseShare(armsSwapped(cases).toReversed())
      expect(mirrored.shares === undefined).toBe(shares === undefined)
      if (shares !== undefined) expectClose(mirrored.shares?.toReversed(), shares, 1e-12)
      expect(changeRatio === undefined).toBe(shares === undefined || cases.length < 2)
      if (changeRatio === undefined) return
      expect(changeRatio).toBeGreaterThanOrEqual(0)
      expectClose(mirrored.changeRatio, changeRatio, 1e-9)
    }),
  )
})
