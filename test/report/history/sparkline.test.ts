import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sparkline, valuesPerMark } from '../../../src/report/history/sparkline.ts'

const style = { width: 30, leastSpan: 0, unicode: true }

describe('sparkline', () => {
  it('goes from the lowest mark to the highest', () => {
    expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8], style)).toBe('▁▂▃▄▅▆▇█')
    expect(sparkline([8, 1, 8], { ...style, unicode: false })).toBe('@.@')
  })

  it('leaves a gap where there is no number', () => {
    expect(sparkline([1, undefined, 2], style)).toBe('▁ █')
    expect(sparkline([undefined], style)).toBe(' ')
    expect(sparkline([], style)).toBe('')
  })

  it('keeps noise around the middle', () => {
    expect(sparkline([0.93, 0.92, 0.94], { ...style, leastSpan: 0.1 })).toBe('▅▄▅')
    expect(sparkline([0.5, 0.5], style)).toBe('▅▅')
  })

  it('averages neighbours where there are more than it has room for', () => {
    expect(sparkline([1, 1, 9, 9, 5, 5], { ...style, width: 3 })).toBe('▁█▅')
    expect(sparkline([1, undefined, 9, 9, undefined, undefined], { ...style, width: 3 })).toBe(
      '▁█ ',
    )
    expect([valuesPerMark(30, 30), valuesPerMark(31, 30), valuesPerMark(0, 30)]).toEqual([1, 2, 1])
  })

  it('is never wider than asked and has only its own marks', () => {
    const values = fc.array(
      fc.option(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { nil: undefined }),
    )
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 40 }), fc.boolean(), (all, width, unicode) => {
        const line = sparkline(all, { width, leastSpan: 0.1, unicode })
        expect(line.length).toBeLessThanOrEqual(width)
        expect(line).toMatch(unicode ? /^[ ▁▂▃▄▅▆▇█]*$/ : /^[ .:\-=+*#@]*$/)
      }),
    )
  })
})
