import { describe, expect, it } from 'vitest'
import type { PolicyQuestion } from '../../src/controls/policy-engine.ts'
import { toExprValue } from '../../src/expr/value.ts'
import { tierControls } from '../../src/lint/tier-controls.ts'
import { approvalRules } from '../../src/schema/policy.ts'

const question = (tier: 2 | 3, stage: PolicyQuestion['stage'] = 'call'): PolicyQuestion => ({
  stage,
  action: { tool: 'refund', args: {}, tier, effect: 'write' },
  context: {
    agent: { principal: 'agent', scopes: [] },
    calls: [],
    now: '2026-01-05T09:00:00.000Z',
    state: toExprValue({}),
  },
})

describe('tierControls', () => {
  const controls = tierControls(approvalRules.parse({}))

  it('asks for the approvals of a tier, and for nothing else', async () => {
    expect(await controls.decide(question(3))).toMatchObject([
      { source: 'tier', decision: 'escalate', rules: [{ id: 'approvals.tier-3' }] },
    ])
    expect(await controls.decide(question(2))).toEqual([])
    expect(await controls.decide(question(3, 'result'))).toEqual([])
    expect(controls.decideTool('refund')).toBeUndefined()
  })

  it('judges nothing, and reads no log', async () => {
    expect(await controls.judge(question(3))).toEqual([])
    expect(controls.readsLog).toBe(false)
  })
})
