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
    { metrics: [], firstRun: true },
    { metrics: [aMetric({ change: -0.05, margin: 0.05 })] },
    { metrics: [aMetric({ change: 0.4, margin: 0.05 })] },
    { metrics: [aMetric({ kind: 'amount', worse: 'higher', change: 1.14, margin: 1.15 })] },
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
    { metrics: [aMetric({ status: 'inconclusive' })] },
    { metrics: [] },
    { metrics: [aMetric({ change: -0.683, margin: 0.05 })] },
    { metrics: [aMetric({ worse: 'higher', change: 0.03, margin: 0.02 })] },
    { metrics: [aMetric({ kind: 'amount', worse: 'higher', change: 1.2, margin: 1.15 })] },
  ] as const)('are seen in %j', (changes) => {
    expect(contradictions({ ...aVerdict(), ...changes } as never)).toHaveLength(1)
  })
})
