import { expect, it } from 'vitest'
import {
  type CountDistribution,
  certainlyZero,
  convolve,
  convolveAll,
  lowerTail,
} from '../../src/metrics/count-distribution.ts'
import { hypergeometric } from '../../src/metrics/hypergeometric.ts'
import { dice } from './random.ts'
import { expectClose } from './vectors.ts'

it('adds many counts as adding one after the other does', () => {
  const roll = dice(3)
  for (let round = 0; round < 50; round++) {
    const counts = Array.from({ length: roll(12) }, (): CountDistribution => {
      const total = 2 + roll(12)
      return hypergeometric(roll(total + 1), roll(total + 1), total)
    })
    const together = convolveAll(counts)
    const inTurn = counts.reduce(convolve, certainlyZero)
    expect(together.lowest).toBe(inTurn.lowest)
    expectClose([...together.weights], [...inTurn.weights], 1e-14)
    for (let value = 0; value < 40; value++) {
      expectClose(lowerTail(together, value), lowerTail(inTurn, value), 1e-14)
    }
  }
})

it('adds nothing to certainly 0', () => {
  expect(convolveAll([])).toBe(certainlyZero)
})
