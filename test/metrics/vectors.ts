import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

/** One known answer of R or scipy; inputs and expected differ by method, so each test names their shape. */
export interface Vector {
  readonly name: string
  readonly method: string
  readonly inputs: unknown
  readonly expected: unknown
  readonly tolerance: number
}

const file = new URL('../../../shared/data/stats-vectors.json', import.meta.url)
const found = existsSync(file)
const vectors = found
  ? (JSON.parse(readFileSync(file, 'utf8')) as { vectors: readonly Vector[] }).vectors
  : []

/** Checks every vector whose method starts so; skipped, and saying so, where the shared folder is missing. */
export function describeVectors(method: string, check: (vector: Vector) => void): void {
  const title = found
    ? `vectors: ${method}`
    : `vectors skipped, ${file.pathname} is absent: ${method}`
  describe.skipIf(!found)(title, () => {
    const chosen = vectors.filter((vector) => vector.method.startsWith(method))
    it('exist', () => {
      expect(chosen.length).toBeGreaterThan(0)
    })
    it.each(chosen)('$name', (vector) => {
      check(vector)
    })
  })
}

/** Absolute tolerance; element by element for arrays. */
export function expectClose(
  actual: number | readonly (number | undefined)[] | undefined,
  expected: number | readonly number[],
  tolerance: number,
): void {
  const actuals = [actual].flat()
  const expecteds = [expected].flat()
  expect(actuals).toHaveLength(expecteds.length)
  for (const [index, value] of expecteds.entries()) {
    const distance = Math.abs((actuals[index] ?? Number.NaN) - value)
    expect(distance, `${String(actuals[index])} instead of ${value}`).toBeLessThanOrEqual(tolerance)
  }
}

/** R gives a single number where Python gives a list of one. */
export function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T]
}
