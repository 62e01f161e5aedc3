import { expect } from 'vitest'
import type { MetricVerdict } from '../../src/schema/verdict.ts'

/** Checks that a rate says of arms that traded names what it said before, the other way round. */
export function expectMirrored(there: MetricVerdict, back: MetricVerdict): void {
  expect([back.baseline, back.candidate]).toEqual([there.candidate, there.baseline])
  expect([back.nBaseline, back.nCandidate]).toEqual([there.nCandidate, there.nBaseline])
  expectNegated(back.change, there.change)
  expectNegated(back.ciLower, there.ciUpper)
  expectNegated(back.ciUpper, there.ciLower)
  expectNegated(back.worstLower, there.worstUpper)
  expectNegated(back.worstUpper, there.worstLower)
  // What got worse one way got better the other way, and both cannot be a regression.
  if (there.status === 'regression') expect(back.status).toBe('pass')
  if (back.status === 'regression') expect(there.status).not.toBe('regression')
}

function expectNegated(back: number | undefined, there: number | undefined): void {
  expect(back === undefined).toBe(there === undefined)
  if (back !== undefined && there !== undefined) expect(back).toBeCloseTo(-there, 9)
}
