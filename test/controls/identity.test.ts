import { describe, expect, it } from 'vitest'
import { identityRules } from '../../src/controls/identity.ts'
import type {
  ActingAgent,
  PolicyQuestion,
  ProposedAction,
} from '../../src/controls/policy-engine.ts'
import { toExprValue } from '../../src/expr/value.ts'
import type { RuleDecision } from '../../src/schema/control-events.ts'

const now = '2026-01-05T09:00:00.000Z'

function rules(
  agent: Omit<ActingAgent, 'principal'>,
  action: Partial<ProposedAction> = {},
  question: Partial<PolicyQuestion> = {},
): readonly RuleDecision[] {
  return identityRules({
    stage: 'call',
    action: { tool: 'pay.refund', args: {}, tier: 2, effect: 'write', ...action },
    context: { agent: { principal: 'agent', ...agent }, calls: [], now, state: toExprValue({}) },
    ...question,
  })
}

/** `id decision`, and a `!` where the rule could not be evaluated. */
function said(...given: Parameters<typeof rules>): string {
  return rules(...given)
    .map(({ decision, error, id }) => `${id} ${decision}${error === undefined ? '' : '!'}`)
    .join(', ')
}

describe('identityRules', () => {
  it('has nothing to say of an agent and a tool that declare nothing', () => {
    expect(rules({})).toEqual([])
    expect(rules({}, { scope: 'payments', tenant: 'acme' })).toEqual([])
    expect(rules({ scopes: [], tenant: 'acme' })).toEqual([])
  })

  it('speaks of calls only', () => {
    const agent = { expires: now, scopes: [], tenant: 'acme' }
    const action = { scope: 'payments', tenant: 'globex' }
    expect(rules(agent, action)).toHaveLength(3)
    for (const stage of ['result', 'reply', 'log'] as const) {
      expect(rules(agent, action, { stage })).toEqual([])
    }
  })

  it('denies everything from the moment on at which the identity expires', () => {
    const at = (expires: string): string => said({ expires })
    expect(at('2026-01-05T09:00:00Z')).toBe('identity.expired deny')
    expect(at('2026-01-05T08:59:59.999Z')).toBe('identity.expired deny')
    expect(at('2026-01-05T09:00:00.001Z')).toBe('identity.expired allow')
    expect(at('2026-01-05T09:00:00.0001Z')).toBe('identity.expired allow')
    expect(at('2027-01-01T00:00:00Z')).toBe('identity.expired allow')
    expect(rules({ expires: '2026-01-01T00:00:00Z' })[0]?.reason).toBe(
      'the identity expired at 2026-01-01T00:00:00Z',
    )
  })

  it.each([
    'soon',
    '',
    '2026-01-05',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-06T25:00:00Z',
    '9999-01-01T00:00:00+14:00',
    '99999-01-01T00:00:00Z',
  ])('denies by %j, which is no moment, and counts it apart', (expires) => {
    expect(said({ expires })).toBe('identity.expired deny!')
  })

  it.each([
    ...[['orders', 'payments:refund'], ['payments:*'], ['pay*'], ['*'], ['payments:refund*']].map(
      (scopes) => [scopes, 'allow'] as const,
    ),
    ...[
      ['payments'],
      ['*:refund'],
      ['pay*:refund'],
      ['payments:refunds'],
      ['Payments:refund'],
      ['payments:refund '],
      ['payments:refund:*'],
      [''],
      [],
    ].map((scopes) => [scopes, 'deny'] as const),
  ])('of an agent with the scopes %j: payments:refund is %s', (scopes, decision) => {
    expect(said({ scopes }, { scope: 'payments:refund' })).toBe(`identity.scope ${decision}`)
  })

  it('does not take a wildcard of the tool for one of the agent', () => {
    expect(said({ scopes: ['payments:refund'] }, { scope: 'payments:*' })).toBe(
      'identity.scope deny',
    )
    expect(said({ scopes: ['payments'] }, { scope: '*' })).toBe('identity.scope deny')
  })

  it("keeps to the agent's own tenant, and names no other to it", () => {
    expect(said({ tenant: 'acme' }, { tenant: 'acme' })).toBe('identity.tenant allow')
    const [denied] = rules({ tenant: 'acme' }, { tenant: 'globex' })
    expect(denied).toEqual({
      id: 'identity.tenant',
      decision: 'deny',
      reason: 'the record is not of acme',
    })
    expect(said({ tenant: 'acme' }, { tenant: 'Acme' })).toBe('identity.tenant deny')
    expect(said({}, { tenant: 'globex' })).toBe('')
  })

  it('denies where a declared tenant cannot be told, and only then', () => {
    const untold = { tenant: 'no such key: O-9', usd: 'no such key: amount' }
    expect(rules({ tenant: 'acme' }, { untold })).toEqual([
      {
        id: 'identity.tenant',
        decision: 'deny',
        reason: 'the rule could not be evaluated',
        error: 'no such key: O-9',
      },
    ])
    expect(said({}, { untold })).toBe('')
    expect(said({ tenant: 'acme' }, { untold: { usd: 'no such key: amount' } })).toBe('')
  })

  it('says all that it has to say, in one order', () => {
    expect(
      said(
        { expires: '2030-01-01T00:00:00Z', scopes: ['orders'], tenant: 'acme' },
        { scope: 'payments', tenant: 'acme' },
      ),
    ).toBe('identity.expired allow, identity.scope deny, identity.tenant allow')
  })
})
