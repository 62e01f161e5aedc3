import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  krippendorffInterval,
  krippendorffNominal,
  type RatedItem,
} from '../../src/metrics/krippendorff.ts'
import { describeVectors, expectClose } from './vectors.ts'

/** Rows of raters, as papers print them, to items; null is a missing rating. */
function itemsOf<T>(raters: readonly (readonly (T | null)[])[]): readonly RatedItem<T>[] {
  const [first = []] = raters
  return first.map((_, item) => raters.map((ratings) => ratings[item] ?? undefined))
}

/** Alpha as Krippendorff defines it: from the table of coincidences, pair by pair. */
function byCoincidences(
  items: readonly RatedItem<number>[],
  distance: (a: number, b: number) => number,
): number | undefined {
  const pairs = items.flatMap((item) => {
    const ratings = item.filter((rating) => rating !== undefined)
    return ratings.flatMap((a, i) =>
      ratings.toSpliced(i, 1).map((b) => ({ a, b, weight: 1 / (ratings.length - 1) })),
    )
  })
  const n = pairs.reduce((sum, { weight }) => sum + weight, 0)
  let observed = 0
  let expected = 0
  for (const one of pairs) {
    observed += one.weight * distance(one.a, one.b)
    for (const other of pairs) expected += one.weight * other.weight * distance(one.a, other.b)
  }
  return expected === 0 ? undefined : 1 - ((n - 1) * observed) / expected
}

const methods = [
  ['nominal', krippendorffNominal, (a: number, b: number) => (a === b ? 0 : 1)],
  ['interval', krippendorffInterval, (a: number, b: number) => (a - b) ** 2],
] as const

const anyRatings = fc.array(
  fc.array(fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }), { maxLength: 4 }),
  { maxLength: 8 },
)

it('is 0.095 for two raters and ten yes/no items (Krippendorff 2011, example A)', () => {
  const items = itemsOf([
    [0, 1, 0, 0, 0, 0, 0, 0, 1, 0],
    [1, 1, 1, 0, 0, 1, 0, 0, 0, 0],
  ])
  expectClose(krippendorffNominal(items), 0.095, 5e-4)
  expectClose(krippendorffInterval(items), 0.095, 5e-4)
})

it('takes words and yes/no', () => {
  const words = [
    ['pass', 'pass', undefined],
    ['fail', 'pass', 'fail'],
    ['fail', 'fail', 'fail'],
  ]
  const flags = words.map((item) => item.map((word) => word && word === 'pass'))
  expectClose(krippendorffNominal(words), 1 - (7 * 2) / 30, 1e-12)
  expect(krippendorffNominal(flags as RatedItem<boolean>[])).toBe(krippendorffNominal(words))
})

describe.each(methods)('%s', (_, alpha, distance) => {
  it('has nothing to say without two ratings of one item, or with one label only', () => {
    expect(alpha([])).toBeUndefined()
    expect(alpha([[], [1], [undefined, 2]])).toBeUndefined()
    expect(
      alpha([
        [3, 3],
        [3, 3, 3],
      ]),
    ).toBeUndefined()
    // 2 was given, but to an item that nobody else rated.
    expect(alpha([[3, 3], [2]])).toBeUndefined()
  })

  it('is 1 when all raters agree', () => {
    expect(
      alpha([
        [1, 1],
        [2, undefined, 2],
        [7, 7, 7],
      ]),
    ).toBe(1)
  })

  it('is what the table of coincidences gives', () => {
    fc.assert(
      fc.property(anyRatings, (items) => {
        const known = byCoincidences(items, distance)
        const found = alpha(items)
        expect(found === undefined).toBe(known === undefined)
        if (found !== undefined) expectClose(found, known ?? Number.NaN, 1e-9)
      }),
    )
  })

  it('does not care about the order of items and raters, nor about empty places', () => {
    fc.assert(
      fc.property(anyRatings, (items) => {
        const turned = items.toReversed().map((item) => [undefined, ...item.toReversed()])
        const found = alpha(turned)
        expect(found ?? 2).toBeCloseTo(alpha(items) ?? 2, 9)
      }),
    )
  })

  it('is finite and at most 1, whatever the numbers', () => {
    const rating = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), {
      nil: undefined,
    })
    fc.assert(
      fc.property(fc.array(fc.array(rating, { maxLength: 4 }), { maxLength: 6 }), (items) => {
        const found = alpha(items)
        if (found === undefined) return
        expect(found).toSatisfy(Number.isFinite)
        expect(found).toBeLessThanOrEqual(1)
      }),
      { numRuns: 500 },
    )
  })
})

it('does not know the unit of the numbers', () => {
  const items = [
    [1, 2, 2],
    [4, 4],
    [3, 5, 4],
  ]
  const scaled = items.map((item) => item.map((rating) => rating * 1e300))
  expectClose(krippendorffInterval(scaled), krippendorffInterval(items) ?? Number.NaN, 1e-12)
})

for (const [method, alpha] of [
  ['Krippendorff alpha nominal', krippendorffNominal],
  ['Krippendorff alpha interval', krippendorffInterval],
] as const) {
  describeVectors(method, ({ inputs, expected, tolerance }) => {
    const { ratings } = inputs as { ratings: readonly (readonly (number | null)[])[] }
    expectClose(alpha(itemsOf(ratings)), expected as number, tolerance)
  })
}
