import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src/schema/json.ts'
import { aQuestion, decide, open } from './open-policy.ts'

const refund = { policies: 'refund.cedar', schema: 'refund.cedarschema' }

describe('the refund cap in Cedar', () => {
  it.each([
    [50, 'allow', 'allowed'],
    [50.0, 'allow', 'allowed'],
    [49.9999, 'allow', 'allowed'],
    [0, 'allow', 'allowed'],
    [-0, 'allow', 'allowed'],
    [-1, 'allow', 'allowed'],
    [50.0001, 'escalate', 'refund_cap'],
    [50.01, 'escalate', 'refund_cap'],
    [1e2, 'escalate', 'refund_cap'],
    [500, 'escalate', 'refund_cap'],
    [500.01, 'deny', 'refund_never_above_500'],
    [1e9, 'deny', 'refund_never_above_500'],
  ])('%d dollars: %s by %s', async (amount_usd, decision, id) => {
    const engine = await open({}, refund)
    const said = await decide(engine, { tool: 'payments.issue_refund', args: { amount_usd } })
    expect(said).toMatchObject({ decision, source: 'policy', engine: 'cedar' })
    expect(said.rules.filter((rule) => rule.decision === decision).map((rule) => rule.id)).toEqual([
      id,
    ])
    expect(said.rules.some(({ error }) => error !== undefined)).toBe(false)
  })

  it.each([
    ['no amount', {}, 'context.args.amount_usd is missing'],
    ['null', { amount_usd: null }, 'context.args.amount_usd is missing'],
    [
      'a text',
      { amount_usd: '50' },
      'context.args.amount_usd is a text, and the schema wants a number with at most four decimals',
    ],
    ['a list', { amount_usd: [50] }, 'context.args.amount_usd is a list, and the schema wants'],
    ['true', { amount_usd: true }, 'context.args.amount_usd is true, and the schema wants'],
    ['five decimals', { amount_usd: 50.00001 }, 'context.args.amount_usd is 50.00001, and'],
    ['a tiny amount', { amount_usd: 1e-7 }, 'context.args.amount_usd is 1e-7, and'],
    ['an endless amount', { amount_usd: 1e300 }, 'context.args.amount_usd is 1e+300, and'],
    ['more than a decimal holds', { amount_usd: 9e15 }, 'overflow when converting to decimal'],
  ] as const)('%s denies, as an error', async (_, args: JsonObject, error) => {
    const engine = await open({}, refund)
    const said = await decide(engine, { tool: 'payments.issue_refund', args })
    expect(said).toMatchObject({
      decision: 'deny',
      rules: [{ decision: 'deny', error: expect.stringContaining(error) as string }],
    })
  })

  it('permits every other tool of the schema, and denies one that the schema does not know', async () => {
    const engine = await open({}, refund)
    expect(await decide(engine, { tool: 'crm.read_ticket', args: { amount_usd: 900 } })).toEqual({
      source: 'policy',
      engine: 'cedar',
      version: engine.version,
      decision: 'allow',
      rules: [{ id: 'allowed', decision: 'allow', reason: 'a policy permits this' }],
    })
    expect(await decide(engine, { tool: 'shell.run' })).toMatchObject({
      decision: 'deny',
      rules: [{ id: 'not-evaluated', error: 'the schema declares no action "shell.run"' }],
    })
  })

  it('carries what its policies say of themselves', async () => {
    const engine = await open({}, refund)
    const said = await decide(engine, { tool: 'payments.issue_refund', args: { amount_usd: 60 } })
    expect(said.rules).toEqual([
      { id: 'allowed', decision: 'allow', reason: 'a policy permits this' },
      {
        id: 'refund_cap',
        decision: 'escalate',
        reason: 'a refund above $50 needs a person',
        severity: 'medium',
      },
    ])
  })

  it('speaks of calls only', async () => {
    const engine = await open({}, refund)
    for (const stage of ['result', 'reply', 'log'] as const) {
      const question = { ...aQuestion({ tool: 'crm.read_ticket' }), stage, output: 'x' }
      expect(engine.decide(question)).toBe(undefined)
    }
  })
})
