import { describe, expect, it } from 'vitest'
import { contradictions } from '../../src/schema/verdict.ts'
import { aFact, aMetric, aVerdict } from '../builders/verdict.ts'

describe('contradictions', () => {
  it.each([
    { status: 'pass', exitCode: 0 },
    { status: 'regression', exitCode: 1, missingEvidence: ['x'], facts: [aFact()] },
    { status: 'error', exitCode: 4, missingEvidence: ['x'] },
    { status: 'inconclusive', exitCode: 0 },
    { status: 'inconclusive', exitCode: 3 },
    { status: 'inconclusive', exitCode: 3, preset: 'release' },
    { status: 'pass', exitCode: 0, facts: [aFact({ waivedBy: 'w1' })] },
  ] as const)('are none in what the gate may say: $status $exitCode', (changes) => {
    expect(contradictions({ ...aVerdict(), ...changes } as never)).toEqual([])
  })

  it.each([
    { status: 'pass', exitCode: 1 },
    { status: 'regression', exitCode: 0 },
    { status: 'error', exitCode: 0, missingEvidence: ['x'] },
    { status: 'inconclusive', exitCode: 0, preset: 'release' },
    { missingEvidence: ['x'] },
    { facts: [aFact()] },
    { metrics: [aMetric({ status: 'regression' })] },
  ] as const)('are seen in %j', (changes) => {
    expect(contradictions({ ...aVerdict(), ...changes } as never)).toHaveLength(1)
  })
})
