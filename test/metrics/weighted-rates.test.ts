import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { weightedRates } from '../../src/metrics/weighted-rates.ts'
import type { WeightedRate } from '../../src/schema/run-metrics.ts'
import { aCaseStats } from '../builders/case-stats.ts'

type Row = readonly [language: string | undefined, passed: number, scored: number]

function rates(
  rows: readonly Row[],
  weights: Readonly<Record<string, number>>,
): WeightedRate | undefined {
  const cases = rows.map(([, passed, scored], index) =>
    aCaseStats({ id: `c${index}`, passed, scored }),
  )
  const strata = new Map(
    rows.map(([language], index) => [`c${index}`, language === undefined ? {} : { language }]),
  )
  return weightedRates(cases, { weights: { language: { ...weights } }, strata })['language']
}

describe('weightedRates', () => {
  it('weighs the rate of each value by how often it occurs', () => {
    // 0.9 × 30/40 + 0.1 × 1/5, with weights that need not add up to 1.
    const rows: readonly Row[] = [
      ['en', 20, 20],
      ['en', 10, 20],
      ['de', 1, 5],
    ]
    expect(rates(rows, { en: 9, de: 1 })).toEqual({ rate: 0.695, n: 45, leftOut: 0 })
  })

  it('is not guessed where a weighted value has no scored trial', () => {
    expect(rates([['en', 5, 5]], { en: 9, de: 1 })).toBeUndefined()
    expect(
      rates(
        [
          ['en', 5, 5],
          ['de', 0, 0],
        ],
        { en: 9, de: 1 },
      ),
    ).toBeUndefined()
    expect(rates([], {})).toBeUndefined()
  })

  it('leaves out what has no weight, and says how much', () => {
    const rows: readonly Row[] = [
      ['en', 1, 2],
      ['fr', 3, 3],
      [undefined, 4, 4],
      ['constructor', 1, 1],
    ]
    expect(rates(rows, { en: 1 })).toEqual({ rate: 0.5, n: 2, leftOut: 8 })
  })

  it('has one rate for each stratum', () => {
    const cases = [aCaseStats({ id: 'a', passed: 5 }), aCaseStats({ id: 'b', passed: 0 })]
    const strata = new Map([
      ['a', { language: 'en', channel: 'mail' }],
      ['b', { language: 'de', channel: 'chat' }],
    ])
    const weights = {
      language: { en: 1, de: 3 },
      channel: { mail: 1, chat: 1 },
      region: { eu: 1 },
    }
    expect(weightedRates(cases, { strata, weights })).toEqual({
      channel: { rate: 0.5, n: 10, leftOut: 0 },
      language: { rate: 0.25, n: 10, leftOut: 0 },
    })
  })

  it('equals the plain rate where the weights are those of the sample', () => {
    const row = fc
      .integer({ min: 1, max: 30 })
      .chain((scored) => fc.tuple(fc.integer({ min: 0, max: scored }), fc.constant(scored)))
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), (counts) => {
        const rows = counts.map(([passed, scored], index): Row => [`l${index}`, passed, scored])
        const weights = Object.fromEntries(rows.map(([value, , scored]) => [value ?? '', scored]))
        const passed = counts.reduce((sum, [count]) => sum + count, 0)
        const scored = counts.reduce((sum, [, count]) => sum + count, 0)
        expect(rates(rows, weights)?.rate).toBeCloseTo(passed / scored, 10)
      }),
    )
  })
})
