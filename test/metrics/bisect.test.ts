import { expect, it } from 'vitest'
import { bisect } from '../../src/metrics/bisect.ts'

it('finds a root to the last bit', () => {
  expect(bisect((x) => x * x < 2, 0, 2)).toBeCloseTo(Math.SQRT2, 15)
})

it('ends at an end when the condition holds everywhere or nowhere', () => {
  expect(bisect(() => true, -1, 1)).toBeCloseTo(1, 15)
  expect(bisect(() => false, -1, 1)).toBeCloseTo(-1, 15)
  expect(bisect(() => true, 0.5, 0.5)).toBe(0.5)
})
