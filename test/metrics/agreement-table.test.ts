import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Agreement, AgreementTable } from '../../src/metrics/agreement-table.ts'
import { agreementShares } from '../../src/metrics/agreement-table.ts'
import { cohenKappa } from '../../src/metrics/cohen-kappa.ts'
import { gwetAc1 } from '../../src/metrics/gwet-ac1.ts'
import { expectClose } from './vectors.ts'

const statistics = [
  ['kappa', cohenKappa],
  ['AC1', gwetAc1],
] as const

/** Any square table, with the empty, the tiny and the huge in it. */
function anyTable(least = 0): fc.Arbitrary<AgreementTable> {
  const count = fc.oneof(
    fc.constant(least),
    fc.integer({ min: least, max: 60 }),
    fc.integer({ min: least, max: 1e12 }),
  )
  return fc
    .integer({ min: 1, max: 4 })
    .chain((labels) => fc.array(row(count, labels), { minLength: labels, maxLength: labels }))
}

function row(count: fc.Arbitrary<number>, labels: number): fc.Arbitrary<number[]> {
  return fc.array(count, { minLength: labels, maxLength: labels })
}

function modestTable(): fc.Arbitrary<AgreementTable> {
  const count = fc.integer({ min: 1, max: 60 })
  return fc
    .integer({ min: 2, max: 4 })
    .chain((labels) => fc.array(row(count, labels), { minLength: labels, maxLength: labels }))
}

function numbers({ value, standardError, interval }: Agreement): readonly number[] {
  return [value, standardError, ...(interval ? [interval.lower, interval.upper] : [])]
}

function certain(found: Agreement | undefined): Agreement {
  if (found === undefined) throw new Error('nothing to say about this table')
  return found
}

it('has no shares of nothing', () => {
  expect(agreementShares([])).toBeUndefined()
  expect(
    agreementShares([
      [0, 0],
      [0, 0],
    ]),
  ).toBeUndefined()
})

describe.each(statistics)('%s', (_, statistic) => {
  it('has nothing to say about no items', () => {
    expect(statistic([])).toBeUndefined()
    expect(statistic([[0]])).toBeUndefined()
    expect(
      statistic([
        [0, 0],
        [0, 0],
      ]),
    ).toBeUndefined()
  })

  it('is 1 without an interval when raters always agree', () => {
    expect(
      statistic([
        [7, 0],
        [0, 3],
      ]),
    ).toEqual({ value: 1, standardError: 0 })
  })

  it('is never NaN, never above 1, and inside its interval, whatever the table', () => {
    fc.assert(
      fc.property(anyTable(), (table) => {
        const found = statistic(table)
        if (found === undefined) return
        for (const number of numbers(found)) expect(number).toSatisfy(Number.isFinite)
        expect(found.value).toBeGreaterThanOrEqual(-1 - 1e-9)
        expect(found.value).toBeLessThanOrEqual(1)
        expect(found.standardError).toBeGreaterThanOrEqual(0)
        if (found.interval === undefined) return
        expect(found.interval.lower).toBeLessThanOrEqual(found.value)
        expect(found.interval.upper).toBeGreaterThanOrEqual(found.value)
      }),
      { numRuns: 500 },
    )
  })

  it('does not care who is the row, nor in which order the labels stand', () => {
    fc.assert(
      fc.property(modestTable(), (table) => {
        const known = numbers(certain(statistic(table)))
        const transposed = table.map((_, i) => table.map((counts) => counts[i] ?? 0))
        const reordered = table.toReversed().map((counts) => counts.toReversed())
        expectClose(numbers(certain(statistic(transposed))), known, 1e-9)
        expectClose(numbers(certain(statistic(reordered))), known, 1e-9)
      }),
    )
  })

  it('has a standard error that halves with four times the items', () => {
    fc.assert(
      fc.property(modestTable(), (table) => {
        const once = certain(statistic(table))
        const fourfold = certain(statistic(table.map((counts) => counts.map((n) => 4 * n))))
        expectClose(
          [fourfold.value, 2 * fourfold.standardError],
          [once.value, once.standardError],
          1e-9,
        )
      }),
    )
  })

  it('has the standard error that follows from how it moves with each cell (delta method)', () => {
    fc.assert(
      fc.property(modestTable(), (table) => {
        const items = table.flat().reduce((sum, count) => sum + count, 0)
        const shares = table.map((counts) => counts.map((count) => count / items))
        const step = 1e-6
        const valueNear = (at: readonly [number, number], size: number): number =>
          certain(
            statistic(
              shares.map((ofRow, i) =>
                ofRow.map((p, j) => p * (1 - size) + (i === at[0] && j === at[1] ? size : 0)),
              ),
            ),
          ).value
        const variance = shares
          .flatMap((ofRow, i) =>
            ofRow.map((p, j) => {
              const slope = (valueNear([i, j], step) - valueNear([i, j], -step)) / (2 * step)
              return p * slope ** 2
            }),
          )
          .reduce((sum, one) => sum + one, 0)
        expectClose(certain(statistic(table)).standardError, Math.sqrt(variance / items), 1e-6)
      }),
    )
  })
})
