import { describe, expect, test } from 'vitest'
import { histogram, median } from '../../src/page/histogram.ts'
import { numberLine } from '../../src/page/number-line.ts'
import { amountScale, linearScale, ticks } from '../../src/page/scale.ts'

describe('axes', () => {
  test('are linear where amounts are of one size', () => {
    const scale = amountScale([10, 20, 30])
    expect(scale.isLog).toBe(false)
    expect([10, 20, 30, 99, 0].map(scale.at)).toEqual([0, 50, 100, 100, 0])
  })

  test('are logarithmic where they span decades; a zero stands at the edge', () => {
    const scale = amountScale([0, 1, 10, 100])
    expect(scale.isLog).toBe(true)
    expect([0, 1, 10, 100].map(scale.at)).toEqual([0, 0, 50, 100])
    expect(ticks(scale)).toEqual([1, 10, 100])
  })

  test.each([[[]], [[0, 0]], [[5, 5]]])('stand for %j too', (values) => {
    const scale = amountScale(values)
    expect(scale.at(values[0] ?? 0)).toSatisfy((at: number) => at >= 0 && at <= 100)
    expect(ticks(scale).every(Number.isFinite)).toBe(true)
    expect(linearScale(3, 3).at(3)).toBe(50)
  })

  test('have a few round ticks', () => {
    expect(ticks(linearScale(0.3, 9.1))).toEqual([2, 4, 6, 8])
    expect(ticks(linearScale(0, 100))).toEqual([0, 20, 40, 60, 80, 100])
    expect(ticks(amountScale([1, 1e9]))).toEqual([1, 100, 10_000, 1_000_000, 1e8])
  })
})

describe('a distribution', () => {
  test('has bars that hold every value once', () => {
    const values = [1, 1, 2, 3, 3, 3, 4, 10]
    const bars = histogram(values, amountScale(values))
    expect(bars.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
    expect(bars[0]).toMatchObject({ x: 0, share: 2 / 8 })
    expect(bars.at(-1)?.x).toBeCloseTo(100 - 100 / 48)
  })

  test('has a middle, unless it is empty', () => {
    expect(median([1, 2, 9])).toBe(2)
    expect(median([1, 2, 4, 9])).toBe(3)
    expect(median([])).toBeUndefined()
  })
})

describe('a number line', () => {
  const picture = {
    change: -10,
    lower: -20,
    upper: 0,
    limit: -5,
    bad: 'lower',
    unit: 'points',
  } as const

  test('has zero, limit, change and interval on it, and the bad side beyond the limit', () => {
    const line = numberLine(picture)
    const [from = NaN, to = NaN] = line.interval ?? []
    expect(from).toBeLessThan(line.change)
    expect(line.change).toBeLessThan(line.limit)
    expect(line.limit).toBeLessThan(line.zero)
    expect(to).toBe(line.zero)
    expect(line.bad).toEqual([0, line.limit])
    // 20 wide, 5 more on the bad side and 2 on the good one: zero is 25 of 27 from the left.
    expect(line.zero).toBeCloseTo((25 / 27) * 100)
  })

  test('is said in words', () => {
    expect(numberLine(picture).words).toBe(
      'change -10, plausible -20 to 0, limit -5, lower is worse',
    )
    const dearer = { change: 3.26, limit: 15, bad: 'higher', unit: 'percent' } as const
    expect(numberLine(dearer)).toMatchObject({
      words: 'change +3.3 %, limit +15 %, higher is worse',
      limitText: 'limit +15 %',
    })
    expect(numberLine(dearer).interval).toBeUndefined()
  })

  test('stands where nothing changed and nothing is allowed', () => {
    const still = { change: 0, limit: 0, bad: 'higher', unit: 'points' } as const
    const line = numberLine(still)
    expect(line).toMatchObject({ change: line.zero, limit: line.zero, bad: [line.zero, 100] })
  })
})
