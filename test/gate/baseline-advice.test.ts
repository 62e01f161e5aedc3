import { describe, expect, it } from 'vitest'
import { type BaselineAge, baselineAdvice } from '../../src/gate/baseline-advice.ts'
import { aCaseStats } from '../builders/case-stats.ts'
import { aProvenance } from '../builders/result.ts'
import { anArm } from './arms.ts'

/** Three cases with fifteen trials each, and a candidate that is tried five times. */
function advice(changes: Partial<BaselineAge> = {}): readonly string[] {
  const ids = ['a', 'b', 'c']
  return baselineAdvice({
    baseline: anArm(ids.map((id) => aCaseStats({ id, scored: 15 }))),
    candidate: ids.map((id) => ({ id, trials: 5 })),
    tool: aProvenance().tool,
    rules: { max_age_days: 30, trials_factor: 3 },
    ...changes,
  })
}

describe('baselineAdvice', () => {
  it('has none for a baseline of three times the trials, of today and of this version', () => {
    expect(advice({ ageDays: 0 })).toEqual([])
  })

  it('tells a thin one, by the least of its cases', () => {
    const scored = [15, 10, 5]
    const cases = ['a', 'b', 'c'].map((id, index) => aCaseStats({ id, scored: scored[index] ?? 0 }))
    expect(advice({ baseline: anArm(cases) })).toEqual([
      "the baseline is thin in 2 of 3 cases: 5 trials of a case where 15 are advised, 3 times the candidate's; its luck is in every comparison",
    ])
    const candidate = ['a', 'b', 'c'].map((id) => ({ id, trials: 16 }))
    expect(advice({ candidate })[0]).toMatch(/^the baseline is thin: 15 trials of a case where 48/)
  })

  it('asks for whole trials, and only of cases that it has', () => {
    const rules = { max_age_days: 30, trials_factor: 3.1 }
    expect(advice({ rules })[0]).toContain('where 16 are advised')
    expect(advice({ candidate: [{ id: 'new', trials: 100 }] })).toEqual([])
    expect(advice({ candidate: [] })).toEqual([])
  })

  it('tells an old one from the day after the last', () => {
    expect(advice({ ageDays: 30 })).toEqual([])
    expect(advice({ ageDays: 31 })).toEqual([
      'the baseline was committed 31 days ago, more than 30: measure it again and commit it with: npx agent-eval baseline update',
    ])
  })

  it('tells one of another version', () => {
    expect(advice({ tool: '0.2.0' })).toEqual([
      'the baseline was measured by agent-eval agent-eval 0.1.0, this is 0.2.0: measure it again',
    ])
  })
})
