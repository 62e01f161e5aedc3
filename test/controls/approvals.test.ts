import { describe, expect, it } from 'vitest'
import { approvalRule, approvalsNeeded, askApprovers } from '../../src/controls/approvals.ts'
import type { Approver } from '../../src/schema/case.ts'

const rules = { tier_3: 1, tier_4: 2 }

function ask(needed: number, ...answers: readonly [string, Approver['decision']][]): string {
  const approvers = answers.map(([principal, decision]) => ({ principal, decision, latency_ms: 5 }))
  return askApprovers(approvers, { needed, agent: 'agent' }).outcome
}

describe('approvalsNeeded', () => {
  it('asks nobody below tier 3', () => {
    expect(([0, 1, 2, 3, 4] as const).map((tier) => approvalsNeeded(rules, tier))).toEqual([
      0, 0, 0, 1, 2,
    ])
  })

  it('becomes a rule that escalates, or none', () => {
    expect(approvalRule(rules, 2)).toBeUndefined()
    expect(approvalRule({ tier_3: 0, tier_4: 2 }, 3)).toBeUndefined()
    expect(approvalRule(rules, 3)).toEqual({
      id: 'approvals.tier-3',
      decision: 'escalate',
      reason: 'tier 3 needs one approval',
    })
    expect(approvalRule(rules, 4)?.reason).toBe('tier 4 needs 2 approvals')
  })
})

describe('askApprovers', () => {
  it('needs as many different people as the tier asks for', () => {
    expect(ask(1, ['ana', 'approve'])).toBe('approve')
    expect(ask(2, ['ana', 'approve'])).toBe('pending')
    expect(ask(2, ['ana', 'approve'], ['ana', 'approve'])).toBe('pending')
    expect(ask(2, ['ana', 'approve'], ['ben', 'approve'])).toBe('approve')
    expect(ask(2, ['ana', 'approve'], ['ben', 'pending'])).toBe('pending')
  })

  it('one no is a no', () => {
    expect(ask(1, ['ana', 'approve'], ['ben', 'deny'])).toBe('deny')
    expect(ask(1, ['ana', 'deny'], ['ana', 'approve'])).toBe('deny')
  })

  it('does not let an agent approve its own action', () => {
    expect(ask(1, ['agent', 'approve'])).toBe('pending')
    expect(ask(2, ['agent', 'approve'], ['ana', 'approve'])).toBe('pending')
    expect(ask(1, ['agent', 'approve'], ['ana', 'approve'])).toBe('approve')
  })

  it.each([
    ['approve', 60_000],
    ['deny', 60_000],
    ['pending', 0],
  ] as const)('%s for short stands for as many people as needed', (decision, latencyMs) => {
    const asked = askApprovers(decision, { needed: 2, agent: 'agent' })
    expect(asked.outcome).toBe(decision)
    expect(asked.approvals).toEqual([
      { principal: 'approver-1', decision, latencyMs },
      { principal: 'approver-2', decision, latencyMs },
    ])
  })
})
