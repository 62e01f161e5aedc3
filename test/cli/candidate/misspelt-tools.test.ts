import { describe, expect, it } from 'vitest'
import { refuseMisspelt } from '../../../src/cli/candidate/misspelt-tools.ts'
import { policyRule } from '../../../src/schema/policy.ts'
import { aCandidate } from '../../builders/candidate.ts'

const tools = ['payments.issue_credit', 'payments.issue_refund', 'accounts.delete', 'crm.escalate']

type Changes = Parameters<typeof aCandidate>[0]

function refused(changes: Changes): string {
  try {
    refuseMisspelt(aCandidate(changes), tools, 'agent.yaml')
    return 'nothing'
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
}

function withRule(rule: object): Changes {
  return { policy: { rules: [policyRule.parse({ id: 'r', condition: 'true', ...rule })] } }
}

describe('refuseMisspelt', () => {
  it('refuses a rule for a tool that is spelt nearly like one of the world', () => {
    expect(refused(withRule({ tool: 'payments.issue_credits' }))).toBe(
      'policy rule "r": there is no tool "payments.issue_credits" in this world; did you mean "payments.issue_credit"?',
    )
    expect(refused(withRule({ tool: 'account.*' }))).toMatch(/did you mean "accounts\.\*"\?$/)
    const after = { condition: undefined, after: { tool: 'crm.escalat' } }
    expect(refused(withRule(after))).toMatch(/did you mean "crm\.escalate"\?$/)
    const never = { condition: undefined, never_with: 'accounts.delet' }
    expect(refused(withRule(never))).toMatch(/did you mean "accounts\.delete"\?$/)
  })

  it('tells all of them at once', () => {
    const rules = ['payments.issue_refnd', 'accounts.delet'].map((tool, index) =>
      policyRule.parse({ id: `r${index}`, condition: 'true', tool }),
    )
    expect(refused({ policy: { rules } }).split('\n')).toHaveLength(2)
  })

  it('lets tools be named that production has and the world does not play', () => {
    for (const tool of ['warehouse.pick', 'hr.*', 'payments.*', '*', 'crm.escalate']) {
      expect(refused(withRule({ tool })), tool).toBe('nothing')
    }
  })

  it('refuses a fallback that cannot act here', () => {
    const say = 'A colleague will write to you.'
    expect(refused({ fallback: { tool: 'crm.escalat', say } })).toMatch(
      /^fallback\.tool: .*did you mean "crm\.escalate"\?$/,
    )
    expect(refused({ fallback: { tool: 'pager.call', say } })).toBe(
      'fallback.tool: there is no tool "pager.call" in this world',
    )
    expect(refused({ fallback: { tool: 'crm.escalate', say } })).toBe('nothing')
  })
})
