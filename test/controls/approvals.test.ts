import { describe, expect, it } from 'vitest'
import {
  approvalRule,
  approvalsNeeded,
  lacksReason,
  reviewRule,
  trustOfAgents,
} from '../../src/controls/approvals.ts'
import { approvalRules } from '../../src/schema/policy.ts'

const usual = approvalRules.parse({})
const tiers = [0, 1, 2, 3, 4] as const

describe('approvalsNeeded', () => {
  it('asks nobody below tier 3', () => {
    expect(tiers.map((tier) => approvalsNeeded(usual, tier))).toEqual([0, 0, 0, 1, 2])
  })
})

describe('approvalRule', () => {
  it('escalates where approvals are needed, and says nothing elsewhere', () => {
    const reason = 'the customer asked'
    expect(approvalRule(usual, { tier: 2, reason })).toBeUndefined()
    expect(approvalRule({ ...usual, tier_3: 0 }, { tier: 3, reason })).toBeUndefined()
    expect(approvalRule(usual, { tier: 3 })).toEqual({
      id: 'approvals.tier-3',
      decision: 'escalate',
      reason: 'tier 3 needs one approval',
    })
    expect(approvalRule(usual, { tier: 4, reason })?.reason).toBe('tier 4 needs 2 approvals')
  })

  it('lets no action through that lacks its reason, also where nobody has to approve', () => {
    const rules = { ...usual, justify_from: 2 } as const
    expect(approvalRule(rules, { tier: 2 })).toEqual({
      id: 'justification.tier-2',
      decision: 'escalate',
      reason: 'tier 2 needs a stated reason',
    })
    expect(approvalRule(rules, { tier: 2, reason: 'asked for' })).toBeUndefined()
    expect(approvalRule(rules, { tier: 1 })).toBeUndefined()
    expect(approvalRule({ ...usual, tier_4: 0 }, { tier: 4 })?.id).toBe('justification.tier-4')
  })
})

describe('lacksReason', () => {
  it('asks from a tier on, and takes white space for nothing', () => {
    const reasons = [undefined, '', ' \n\t', 'x']
    expect(reasons.map((reason) => lacksReason(usual, { tier: 4, reason }))).toEqual([
      true,
      true,
      true,
      false,
    ])
    expect(lacksReason(usual, { tier: 3 })).toBe(false)
  })
})

describe('trustOfAgents', () => {
  it('is the highest tier without approvals', () => {
    expect(trustOfAgents(usual)).toBe(2)
    expect(trustOfAgents({ ...usual, tier_3: 0 })).toBe(3)
    expect(trustOfAgents({ ...usual, tier_3: 0, tier_4: 0 })).toBe(4)
    expect(trustOfAgents({ ...usual, tier_4: 0 })).toBe(2)
  })
})

describe('reviewRule', () => {
  const write = { tier: 2, effect: 'write' } as const

  it('draws a share of the writes of tier 2', () => {
    expect(reviewRule(0.02, write, { draw: 0.0199 })).toEqual({
      id: 'review.tier-2',
      decision: 'allow',
      reason: 'drawn for a person to look at afterwards',
    })
    expect(reviewRule(0.02, write, { draw: 0.02 })).toBeUndefined()
    expect(reviewRule(0, write, { draw: 0 })).toBeUndefined()
    expect(reviewRule(1, write, { draw: 0.999 })).toBeDefined()
    expect(reviewRule(1, { ...write, effect: 'external' }, { draw: 0.5 })).toBeDefined()
  })

  it('draws no read, no other tier, and nothing without a draw', () => {
    expect(reviewRule(1, { ...write, effect: 'read' }, { draw: 0 })).toBeUndefined()
    for (const tier of [0, 1, 3, 4] as const) {
      expect(reviewRule(1, { ...write, tier }, { draw: 0 })).toBeUndefined()
    }
    expect(reviewRule(1, write, {})).toBeUndefined()
  })
})
