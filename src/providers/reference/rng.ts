import type { Rng } from '../../ports.ts'

/**
 * A small seeded generator (SFC32 by C. Doty-Humphrey, from PractRand), good enough to draw
 * faults with: the same seed gives the same numbers on every machine.
 *
 * @param seed - an integer in [0, 2^32)
 */
export function createRng(seed: number): Rng {
  let a = seed >>> 0
  let b = 0x9e37_79b9
  let c = 0x243f_6a88
  let counter = 1
  const next = (): number => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return (sum >>> 0) / 0x1_0000_0000
  }
  for (let i = 0; i < 12; i++) next()
  return next
}
