import { expect, it } from 'vitest'
import { rulesChanges } from '../../../src/cli/policy/rules-changes.ts'
import { type PolicyRule, policyRule } from '../../../src/schema/policy.ts'
import { aCandidate } from '../../builders/candidate.ts'

type Changes = Parameters<typeof aCandidate>[0]

function between(old: Changes, now: Changes): ReturnType<typeof rulesChanges> {
  return rulesChanges(aCandidate(old), aCandidate(now))
}

function withRules(...rules: readonly Partial<PolicyRule>[]): Changes {
  return { policy: { rules: rules.map((rule) => policyRule.parse(rule)) } }
}

const cap = { id: 'refund_cap', tool: 'pay', condition: 'input.amount_usd <= 50' } as const

it('equal rules have not changed, whatever else of the candidate has', () => {
  expect(between({ prompt: 'a' }, { prompt: 'b', budgets: { max_tool_calls: 3 } })).toEqual([])
  const said = withRules({ ...cap, description: 'as agreed', severity: 'high' })
  expect(between(withRules(cap), said)).toEqual([])
})

it('a loosened condition under the id of its rule, as both texts', () => {
  const loose = { ...cap, condition: 'input.amount_usd <= 500' }
  expect(between(withRules(cap), withRules(loose))).toEqual([
    { what: 'refund_cap', was: 'input.amount_usd <= 50', now: 'input.amount_usd <= 500' },
  ])
})

it('where a rule applies and what follows, under names of their own', () => {
  const weak: Partial<PolicyRule> = {
    ...cap,
    tool: 'payments.*',
    on_fail: 'observe',
    tiers: [3],
  }
  expect(between(withRules(cap), withRules(weak))).toEqual([
    { what: 'refund_cap.tool', was: 'pay', now: 'payments.*' },
    { what: 'refund_cap.tiers', now: '[3]' },
    { what: 'refund_cap.on_fail', was: 'deny', now: 'observe' },
  ])
})

it('rules that came and went, and demands of another kind', () => {
  const once = { id: 'once', at_most: { count: 1, within: 'task' } } as const
  const second = { ...cap, condition: undefined, after: 'crm.verify' }
  expect(between(withRules(cap), withRules(once))).toEqual([
    { what: 'once', now: 'at_most {"count":1,"within":"task"}, else deny' },
    { what: 'refund_cap', was: 'pay: input.amount_usd <= 50, else deny' },
  ])
  expect(between(withRules(cap), withRules(second))).toEqual([
    { what: 'refund_cap', was: 'input.amount_usd <= 50', now: 'after crm.verify' },
  ])
})

it('approvals, identity, tools, fallback, engines and the files that they name', () => {
  const cedar = { policies: 'a.cedar', schema: 's.cedarschema' }
  const versions = (policyFiles: string): Changes => ({
    versions: { prompt: 'p', policy: 'r', policyFiles },
  })
  expect(
    between(
      { ...versions('sha256:1234567890abcdef'), policy: { cedar } },
      {
        ...versions('sha256:abcdef1234567890'),
        policy: { cedar },
        approvals: { tier_3: 0 },
        identity: { scopes: ['all'] },
        tools: { allowlist: ['pay'] },
        fallback: { say: 'Sorry.' },
      },
    ),
  ).toEqual([
    { what: 'policy.files', was: '12345678', now: 'abcdef12' },
    { what: 'approvals.tier_3', was: '1', now: '0' },
    { what: 'identity.scopes', now: '["all"]' },
    { what: 'tools.allowlist', now: '["pay"]' },
    { what: 'fallback', now: '{"on":["budget","denial","outage"],"say":"Sorry."}' },
  ])
})
