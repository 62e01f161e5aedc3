import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meanPassHatK, passHatK } from '../../src/metrics/pass-hat-k.ts'
import { describeVectors, expectClose } from './vectors.ts'

describe('passHatK', () => {
  it('is C(passed, k) / C(total, k)', () => {
    expectClose(passHatK({ passed: 3, total: 5 }, 2), 3 / 10, 1e-15)
    expectClose(passHatK({ passed: 4, total: 8 }, 4), 1 / 70, 1e-15)
  })

  it('is 0 with fewer passes than k, and 1 when all passed', () => {
    expect(passHatK({ passed: 2, total: 5 }, 3)).toBe(0)
    expect(passHatK({ passed: 0, total: 1 }, 1)).toBe(0)
    expect(passHatK({ passed: 5, total: 5 }, 5)).toBe(1)
  })

  it('is undefined with too few trials', () => {
    expect(passHatK({ passed: 2, total: 2 }, 3)).toBeUndefined()
    expect(passHatK({ passed: 0, total: 0 }, 1)).toBeUndefined()
  })

  it('is the pass rate at k = 1 and falls with k', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.nat(), (total, seed) => {
        const passed = seed % (total + 1)
        expectClose(passHatK({ passed, total }, 1), passed / total, 1e-15)
        const falling = [1, 2, 3, total].map(
          (k) => passHatK({ passed, total }, Math.min(k, total)) ?? Number.NaN,
        )
        expect(falling.toSorted((a, b) => b - a)).toEqual(falling)
        expect(falling.at(-1)).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('meanPassHatK', () => {
  it('lowers k to what every case has trials for', () => {
    const cases = [
      { passed: 5, total: 5 },
      { passed: 1, total: 2 },
    ]
    expect(meanPassHatK(cases, 4)).toEqual({ value: 0.5, k: 2 })
    expect(meanPassHatK(cases, 1)).toEqual({ value: 0.75, k: 1 })
  })

  it('is undefined without cases or without trials', () => {
    expect(meanPassHatK([], 3)).toBeUndefined()
    expect(
      meanPassHatK(
        [
          { passed: 1, total: 1 },
          { passed: 0, total: 0 },
        ],
        3,
      ),
    ).toBeUndefined()
  })
})

describeVectors('pass^k unbiased estimator', ({ inputs, expected, tolerance }) => {
  const { c, n, k } = inputs as Record<'c' | 'n' | 'k', number>
  const known = expected as { pass_hat_k: number; pass_at_k: number }
  expectClose(passHatK({ passed: c, total: n }, k), known.pass_hat_k, tolerance)
  const noneOfK = passHatK({ passed: n - c, total: n }, k) ?? Number.NaN
  expectClose(1 - noneOfK, known.pass_at_k, tolerance)
})

describeVectors('suite pass^k', ({ inputs, expected, tolerance }) => {
  const { cases: rows } = inputs as { cases: readonly (readonly [number, number])[] }
  const cases = rows.map(([passed, total]) => ({ passed, total }))
  expectClose(
    [1, 2, 3, 4].map((k) => meanPassHatK(cases, k)?.value),
    expected as number[],
    tolerance,
  )
})
