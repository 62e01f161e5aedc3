import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rowWindow, smallList } from '../../src/page/row-window.ts'

describe('rows that are drawn', () => {
  test('are all of a short list, wherever it is', () => {
    const list = { count: smallList, rowPx: 48, abovePx: 5000, viewPx: 900 }
    expect(rowWindow(list)).toEqual({ from: 0, to: smallList })
    expect(rowWindow({ ...list, count: 0 })).toEqual({ from: 0, to: 0 })
  })

  test('of a long one are those in view and some beside', () => {
    const list = { count: 5000, rowPx: 50, viewPx: 1000 }
    expect(rowWindow({ ...list, abovePx: 0 })).toEqual({ from: 0, to: 50 })
    expect(rowWindow({ ...list, abovePx: 100_000 })).toEqual({ from: 1970, to: 2050 })
    expect(rowWindow({ ...list, abovePx: 249_000 })).toEqual({ from: 4950, to: 5000 })
  })

  test('are few, in the list, and cover the view', () => {
    const list = fc.record({
      count: fc.integer({ min: smallList + 1, max: 20_000 }),
      rowPx: fc.integer({ min: 20, max: 200 }),
      abovePx: fc.integer({ min: -5000, max: 4_000_000 }),
      viewPx: fc.integer({ min: 300, max: 2000 }),
    })
    fc.assert(
      fc.property(list, ({ abovePx, count, rowPx, viewPx }) => {
        const { from, to } = rowWindow({ count, rowPx, abovePx, viewPx })
        expect(from).toBeGreaterThanOrEqual(0)
        expect(to).toBeLessThanOrEqual(count)
        expect(to).toBeGreaterThan(from)
        expect(to - from).toBeLessThanOrEqual(viewPx / rowPx + 82)
        const firstSeen = Math.floor(abovePx / rowPx)
        const lastSeen = Math.floor((abovePx + viewPx) / rowPx)
        for (const row of [firstSeen, lastSeen]) {
          if (row < 0 || row >= count) continue
          expect(row).toBeGreaterThanOrEqual(from)
          expect(row).toBeLessThan(to)
        }
      }),
    )
  })
})
