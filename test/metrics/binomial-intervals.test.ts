import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clopperPearson, wilson } from '../../src/metrics/binomial-intervals.ts'
import { betaCdf } from '../../src/metrics/distributions.ts'
import { cleanTrialsNeeded } from '../../src/metrics/planning.ts'
import { describeVectors, expectClose } from './vectors.ts'

const anyCount = fc
  .integer({ min: 1, max: 3000 })
  .chain((trials) =>
    fc.record({ trials: fc.constant(trials), events: fc.integer({ min: 0, max: trials }) }),
  )

const methods = [
  ['Clopper-Pearson', clopperPearson],
  ['Wilson', wilson],
] as const

describe('Newcombe 1998, Statistics in Medicine 17:857–872, table I (95 %)', () => {
  it.each([
    [81, 263, [0.2527, 0.3676], [0.2553, 0.3662]],
    [15, 148, [0.0578, 0.1617], [0.0624, 0.1605]],
    [0, 20, [0, 0.1684], [0, 0.1611]],
    [1, 29, [0.0009, 0.1776], [0.0061, 0.1718]],
  ])('%d of %d', (events, trials, exact, score) => {
    const bounds = methods.map(([, method]) => method({ events, trials }, 0.025))
    expectClose(
      bounds.flatMap((one) => [one?.lower, one?.upper]),
      [...exact, ...score],
      5e-5,
    )
  })
})

describe.each(methods)('%s', (_, method) => {
  it('has nothing to say about no trials', () => {
    expect(method({ events: 0, trials: 0 }, 0.05)).toBeUndefined()
  })

  it('ends at exactly 0 and 1', () => {
    expect(method({ events: 0, trials: 1 }, 0.05)?.lower).toBe(0)
    expect(method({ events: 1, trials: 1 }, 0.05)?.upper).toBe(1)
    expect(method({ events: 0, trials: 100_000 }, 0.05)?.lower).toBe(0)
    expect(method({ events: 100_000, trials: 100_000 }, 0.05)?.upper).toBe(1)
  })

  it('contains the share, inside [0, 1], and mirrors', () => {
    fc.assert(
      fc.property(anyCount, ({ events, trials }) => {
        const { lower, upper } = method({ events, trials }, 0.05) ?? {
          lower: Number.NaN,
          upper: Number.NaN,
        }
        const ascending = [0, lower, events / trials, upper, 1]
        expect(ascending.toSorted((a, b) => a - b)).toEqual(ascending)
        const mirrored = method({ events: trials - events, trials }, 0.05)
        expectClose([mirrored?.lower, mirrored?.upper], [1 - upper, 1 - lower], 1e-9)
      }),
    )
  })
})

it('Clopper-Pearson bounds leave exactly alpha beyond them', () => {
  fc.assert(
    fc.property(anyCount, ({ events, trials }) => {
      const { lower, upper } = clopperPearson({ events, trials }, 0.05) ?? { lower: 0, upper: 1 }
      if (events > 0) expectClose(betaCdf(lower, events, trials - events + 1), 0.05, 1e-9)
      if (events < trials) expectClose(betaCdf(upper, events + 1, trials - events), 0.95, 1e-9)
    }),
  )
})

it('proves a budget with exactly the clean trials that planning asks for', () => {
  const trials = cleanTrialsNeeded(0.01, 0.05)
  expect(clopperPearson({ events: 0, trials }, 0.05)?.upper).toBeLessThan(0.01)
  expect(clopperPearson({ events: 0, trials: trials - 1 }, 0.05)?.upper).toBeGreaterThan(0.01)
})

describeVectors('Clopper-Pearson one-sided', ({ inputs, expected, tolerance }) => {
  const { x, n, conf } = inputs as Record<'x' | 'n' | 'conf', number>
  expectClose(
    clopperPearson({ events: x, trials: n }, 1 - conf)?.upper,
    expected as number,
    tolerance,
  )
})

for (const [name, method] of [
  ['Clopper-Pearson two-sided', clopperPearson],
  ['Wilson score', wilson],
] as const) {
  describeVectors(name, ({ inputs, expected, tolerance }) => {
    const { x, n, conf, count, nobs, alpha } = inputs as Partial<
      Record<'x' | 'n' | 'conf' | 'count' | 'nobs' | 'alpha', number>
    >
    const error = conf === undefined ? (alpha ?? 0) : 1 - conf
    const bounds = method({ events: x ?? count ?? 0, trials: n ?? nobs ?? 0 }, error / 2)
    expectClose([bounds?.lower, bounds?.upper], expected as number[], tolerance)
  })
}
