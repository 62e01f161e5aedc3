import { describe, expect, it } from 'vitest'
import { inputDocument } from '../../../../src/controls/engines/opa/input-document.ts'
import type { JsonObject } from '../../../../src/schema/json.ts'
import { aCall, aContext, aLogLine, anAction, aReply, aResult, now } from '../cel/ask.ts'

describe('what a policy in Rego sees', () => {
  it('is all that is known of a call', () => {
    const agent = {
      principal: 'refund-agent',
      scopes: ['refunds'],
      tenant: 'T-1',
      expires: '2026-02-01T00:00:00Z',
    }
    const calls = [{ args: { amount_usd: 7.5 }, result: { id: 'R-1', n: 2 ** 53 - 1 }, usd: 7.5 }]
    const action = anAction({
      args: JSON.parse('{"amount_usd":60,"note":null,"__proto__":{"x":1}}') as JsonObject,
      tier: 3,
      reason: 'the customer asked',
      scope: 'refunds',
      tenant: 'T-1',
      usd: 60,
    })
    const input = inputDocument({ stage: 'call', action, context: aContext(calls, { agent }) })
    expect(JSON.stringify(input['args'])).toBe('{"amount_usd":60,"note":null,"__proto__":{"x":1}}')
    expect(input).toEqual({
      stage: 'call',
      tool: { name: 'payments.issue_refund', tier: 3, effect: 'write' },
      args: action.args,
      reason: 'the customer asked',
      scope: 'refunds',
      tenant: 'T-1',
      usd: 60,
      agent,
      calls: [
        {
          tool: 'payments.issue_refund',
          args: { amount_usd: 7.5 },
          result: { id: 'R-1', n: 9_007_199_254_740_991 },
          at: '2026-01-05T08:59:00.000Z',
          usd: 7.5,
        },
      ],
      now,
    })
  })

  it('leaves out what is not known, and the state of the world always', () => {
    expect(Object.keys(inputDocument(aCall()))).toEqual([
      'stage',
      'tool',
      'args',
      'agent',
      'calls',
      'now',
    ])
    expect(inputDocument(aCall())['agent']).toEqual({ principal: 'agent' })
    expect(inputDocument(aCall({ usd: Number.NaN }))).not.toHaveProperty('usd')
  })

  it.each([
    [
      'a result',
      aResult({ status: 'ok' }),
      ['stage', 'tool', 'args', 'output', 'agent', 'calls', 'now'],
    ],
    [
      'a result that is null',
      aResult(null),
      ['stage', 'tool', 'args', 'output', 'agent', 'calls', 'now'],
    ],
    ['a reply', aReply('hello'), ['stage', 'output', 'agent', 'calls', 'now']],
    ['a line of the log', aLogLine('hello'), ['stage', 'output', 'agent', 'calls', 'now']],
  ])('is about %s', (_, question, members) => {
    const input = inputDocument(question)
    expect(Object.keys(input)).toEqual(members)
    expect(input['output']).toEqual(question.output)
  })
})
