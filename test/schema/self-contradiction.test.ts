import { describe, expect, it } from 'vitest'
import { baseline } from '../../src/schema/baseline.ts'
import { runResult } from '../../src/schema/run-result.ts'
import { aCaseStats, attackedStats } from '../builders/case-stats.ts'
import { aCaseResult, aProvenance, aRunResult } from '../builders/result.ts'

function baselineWith(...cases: readonly unknown[]): readonly string[] {
  const document = { apiVersion: 'agent-eval/v1', kind: 'Baseline', severeTier: 3, cases }
  const parsed = baseline.safeParse({ ...document, provenance: aProvenance() })
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.message)
}

describe('a document that contradicts itself', () => {
  it('is refused, so that an edited file cannot talk the gate into a pass', () => {
    const honest = aCaseStats({ scored: 5, passed: 5 })
    expect(baselineWith(honest)).toEqual([])
    expect(baselineWith({ ...honest, passed: 6 })).toEqual(['passed 6 of scored 5'])
    expect(baselineWith({ ...honest, violationTrials: 6 })).toEqual([
      'violationTrials 6 of judged 5',
    ])
    const attacked = attackedStats({ attacked: 5 })
    expect(baselineWith({ ...attacked, attackSuccesses: 6 })).toEqual([
      'attackSuccesses 6 of attacked 5',
    ])
  })

  it('is refused when it counts a case twice', () => {
    expect(baselineWith(aCaseStats(), aCaseStats())).toEqual(['case refund.full stands here twice'])
    const twice = { ...aRunResult(), cases: [aCaseResult(), aCaseResult()] }
    expect(runResult.safeParse(twice).success).toBe(false)
  })
})
