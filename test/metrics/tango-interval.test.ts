import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalQuantile } from '../../src/metrics/distributions.ts'
import {
  type DiscordantPairs,
  tangoInterval,
  tangoNonInferiority,
  tangoScore,
} from '../../src/metrics/tango-interval.ts'
import { describeVectors, expectClose } from './vectors.ts'

const z = normalQuantile(0.95)

/** Any discordant pairs, whole or not. */
const anyPairs: fc.Arbitrary<DiscordantPairs> = fc
  .record({
    pairs: fc.double({ min: 1, max: 5000, noNaN: true }),
    discordant: fc.double({ min: 0, max: 1, noNaN: true }),
    won: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ pairs, discordant, won }) => ({
    pairs,
    losses: pairs * discordant * (1 - won),
    wins: pairs * discordant * won,
  }))

describe('known answers', () => {
  it('agrees with CRAN PropCIs 0.3-0 scoreci.mp', () => {
    const { lower, upper } = tangoInterval({ losses: 50, wins: 10, pairs: 150 }, 0.025)
    expectClose([lower, upper], [-0.3581022, -0.1733574], 1e-6)
    const one = tangoInterval({ losses: 1, wins: 0, pairs: 44 }, 0.025)
    expectClose([one.lower, one.upper], [-0.118077, 0.0593933], 1e-6)
  })

  it.each([1, 20, 50, 600])('is ±z²/(n + z²) when none of %d pairs differ', (pairs) => {
    const { lower, upper } = tangoInterval({ losses: 0, wins: 0, pairs }, 0.05)
    const reach = z ** 2 / (pairs + z ** 2)
    expectClose([lower, upper], [-reach, reach], 1e-12)
  })

  it('ends at ±1 when every pair changed the same way', () => {
    const lost = tangoInterval({ losses: 12, wins: 0, pairs: 12 }, 0.05)
    expect(lost.lower).toBe(-1)
    expect(lost.upper).toBeGreaterThan(-1)
    expect(lost.upper).toBeLessThan(0)
    const won = tangoInterval({ losses: 0, wins: 12, pairs: 12 }, 0.05)
    expectClose([won.lower, won.upper], [-lost.upper, 1], 1e-12)
  })
})

describe('properties', () => {
  it('contains the estimate, inside [−1, 1], wider for less error', () => {
    fc.assert(
      fc.property(anyPairs, (counts) => {
        const estimate = (counts.wins - counts.losses) / counts.pairs
        const wide = tangoInterval(counts, 0.01)
        const narrow = tangoInterval(counts, 0.05)
        const ascending = [-1, wide.lower, narrow.lower, estimate, narrow.upper, wide.upper, 1]
        expect(ascending.toSorted((a, b) => a - b)).toEqual(ascending)
        expect(wide.upper - wide.lower).toBeGreaterThan(0)
      }),
    )
  })

  it('mirrors when losses and wins trade places', () => {
    fc.assert(
      fc.property(anyPairs, (counts) => {
        const { lower, upper } = tangoInterval(counts, 0.05)
        const mirrored = tangoInterval(
          { ...counts, losses: counts.wins, wins: counts.losses },
          0.05,
        )
        expectClose([mirrored.lower, mirrored.upper], [-upper, -lower], 1e-7)
      }),
    )
  })

  it('has bounds where the score is ±z', () => {
    fc.assert(
      fc.property(anyPairs, (counts) => {
        const { lower, upper } = tangoInterval(counts, 0.05)
        if (lower > -0.999) expectClose(tangoScore(counts, lower), z, 1e-6)
        if (upper < 0.999) expectClose(tangoScore(counts, upper), -z, 1e-6)
      }),
    )
  })

  it('excludes a margin exactly when the test does', () => {
    const margin = fc.double({ min: 0.005, max: 0.5, noNaN: true })
    fc.assert(
      fc.property(anyPairs, margin, (counts, drop) => {
        const { p } = tangoNonInferiority(counts, drop)
        expect(p).toBeGreaterThan(0)
        expect(p).toBeLessThanOrEqual(1)
        if (Math.abs(p - 0.05) > 1e-9)
          expect(p < 0.05).toBe(tangoInterval(counts, 0.05).lower > -drop)
      }),
    )
  })
})

it('is the McNemar score at no change', () => {
  expectClose(tangoScore({ losses: 8, wins: 3, pairs: 50 }, 0), -5 / Math.sqrt(11), 1e-14)
  expect(tangoScore({ losses: 0, wins: 0, pairs: 50 }, 0)).toBe(0)
})

describeVectors('Tango score interval', ({ inputs, expected, tolerance }) => {
  const { losses, wins, n, conf } = inputs as Record<'losses' | 'wins' | 'n' | 'conf', number>
  const { lower, upper } = tangoInterval({ losses, wins, pairs: n }, (1 - conf) / 2)
  expectClose([lower, upper], expected as number[], tolerance)
})

describeVectors('Tango non-inferiority test', ({ inputs, expected, tolerance }) => {
  const { losses, wins, n, margin } = inputs as Record<'losses' | 'wins' | 'n' | 'margin', number>
  const known = expected as { z: number; p: number }
  const test = tangoNonInferiority({ losses, wins, pairs: n }, margin)
  expectClose([test.z, test.p], [known.z, known.p], tolerance)
})
