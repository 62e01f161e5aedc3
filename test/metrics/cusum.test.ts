import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cusumPath, cusumStep, cusumThreshold, firstAlarm } from '../../src/metrics/cusum.ts'
import { dice } from './random.ts'
import { describeVectors, expectClose, listOf } from './vectors.ts'

describe('path', () => {
  it('owes what is more than half a standard deviation low, and pays it off', () => {
    expect(cusumPath([-1, -2, 0.5, 0, 3, -0.25])).toEqual([0.5, 2, 1, 0.5, 0, 0])
  })

  it('stands still in a night without a score', () => {
    expect(cusumPath([undefined, -2, undefined, -2])).toEqual([0, 1.5, 1.5, 3])
    expect(cusumPath([])).toEqual([])
  })
})

describe('alarm', () => {
  it('comes above the threshold, not at it', () => {
    expect(firstAlarm([0, 2.5, 5])).toBeUndefined()
    expect(firstAlarm([0, 2.5, 5, 5.1, 9])).toEqual({ night: 3, changedFrom: 1 })
    expect(firstAlarm([])).toBeUndefined()
  })

  it('dates the change from the night after the last zero before it', () => {
    expect(firstAlarm([0, 1, 0, 0, 3, 6, 0])).toEqual({ night: 5, changedFrom: 4 })
    expect(firstAlarm([0, 6])).toEqual({ night: 1, changedFrom: 1 })
    expect(firstAlarm([6])).toEqual({ night: 0, changedFrom: 0 })
  })
})

it('is never below zero and never grows by more than the night was low', () => {
  const score = fc.double({ min: -40, max: 40, noNaN: true })
  fc.assert(
    fc.property(fc.array(fc.option(score, { nil: undefined })), (scores) => {
      let before = 0
      for (const [night, sum] of cusumPath(scores).entries()) {
        expect(sum).toBeGreaterThanOrEqual(0)
        expect(sum - before).toBeLessThanOrEqual(Math.max(0, -(scores[night] ?? 0)))
        before = sum
      }
    }),
  )
})

describeVectors('lower one-sided CUSUM path', ({ inputs, expected, tolerance }) => {
  const { x, mu0, sd } = inputs as { x: readonly number[]; mu0: number; sd: number }
  const known = expected as { path: number[]; first_alarm: number; change_start: number }
  const path = cusumPath(x.map((value) => (value - mu0) / sd))
  expectClose(path, known.path, tolerance)
  // R counts nights from 1.
  expect(firstAlarm(path)).toEqual({
    night: known.first_alarm - 1,
    changedFrom: known.change_start - 1,
  })
})

/** Nights until the alarm, in each of many simulated streams. */
function runLengths(shift: number, { limit, runs }: { limit: number; runs: number }): number[] {
  const roll = dice(2024)
  const uniform = (): number => (roll(2 ** 32) + 0.5) / 2 ** 32
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
  return Array.from({ length: runs }, () => {
    let nights = 0
    for (let sum = 0; sum <= limit; nights++) sum = cusumStep(sum, normal() - shift)
    return nights
  })
}

describeVectors('average run length of the one-sided CUSUM', ({ inputs, expected }) => {
  const { h } = inputs as { h: number | readonly number[] }
  const known = expected as Record<'arl0' | 'arl1' | 'arl2', number | readonly number[]>
  expect(listOf(h)).toContain(cusumThreshold)
  for (const [shift, nights] of [known.arl0, known.arl1, known.arl2].entries()) {
    for (const [index, limit] of listOf(h).entries()) {
      const runs = shift === 0 ? 1500 : 4000
      const lengths = runLengths(shift, { limit, runs })
      const mean = lengths.reduce((sum, one) => sum + one, 0) / runs
      const squares = lengths.reduce((sum, one) => sum + (one - mean) ** 2, 0)
      const standardError = Math.sqrt(squares / (runs - 1) / runs)
      expectClose(mean, listOf(nights)[index] ?? Number.NaN, 3 * standardError)
    }
  }
})
