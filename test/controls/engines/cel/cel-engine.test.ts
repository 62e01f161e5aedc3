import { describe, expect, it } from 'vitest'
import type { PolicyQuestion } from '../../../../src/controls/policy-engine.ts'
import type { JsonObject, JsonValue } from '../../../../src/schema/json.ts'
import {
  aCall,
  aContext,
  aLogLine,
  anAction,
  aReply,
  aResult,
  asked,
  atOnce,
  type Rule,
} from './ask.ts'

const ofAmount = (amount: number): PolicyQuestion => aCall({ args: { amount } })
const idsOf = async (rules: readonly Rule[], question: PolicyQuestion): Promise<unknown> =>
  (await asked(rules, question))?.rules.map((rule) => rule.id)

describe('what a broken rule does', () => {
  it.each([
    ['deny', 'deny', 'deny'],
    ['escalate_to_human', 'escalate', 'escalate'],
    ['block_and_alert', 'deny', 'deny'],
    ['fallback', 'deny', 'deny'],
    ['redact', 'deny', 'deny'],
    ['observe', 'allow', 'observe'],
  ] as const)('on_fail %s: %s', (on_fail, decision, ofRule) => {
    const said = atOnce([{ condition: 'input.amount <= 50', on_fail }], ofAmount(51))
    expect(said).toEqual({
      source: 'policy',
      engine: 'cel',
      version: 'v1',
      decision,
      rules: [{ id: 'r0', decision: ofRule, reason: 'input.amount <= 50 does not hold' }],
      ...(on_fail === 'block_and_alert' && { alert: true }),
      ...(on_fail === 'fallback' && { fallback: true }),
    })
  })

  it.each([
    'deny',
    'escalate_to_human',
    'block_and_alert',
    'fallback',
    'redact',
    'observe',
  ] as const)('a rule that holds allows and does nothing else, whatever on_fail: %s', (on_fail) => {
    const said = atOnce([{ condition: 'input.amount <= 50', on_fail }], ofAmount(50))
    expect(said).toEqual({
      source: 'policy',
      engine: 'cel',
      version: 'v1',
      decision: 'allow',
      rules: [{ id: 'r0', decision: 'allow', reason: 'input.amount <= 50 holds' }],
    })
  })

  it('the most restrictive rule wins, wherever it stands', () => {
    const allow = { condition: 'true' }
    const escalate = { condition: 'false', on_fail: 'escalate_to_human' } as const
    const deny = { condition: 'false' }
    const decision = (...rules: Rule[]): string | undefined => atOnce(rules, aCall())?.decision
    expect(decision(allow, escalate)).toBe('escalate')
    expect(decision(escalate, allow)).toBe('escalate')
    expect(decision(deny, escalate, allow)).toBe('deny')
    expect(decision(escalate, deny)).toBe('deny')
    expect(atOnce([deny, escalate, allow], aCall())?.rules).toHaveLength(3)
  })

  it('carries its severity and whom it harms', () => {
    const rule: Rule = {
      condition: 'false',
      severity: 'critical',
      harm: { who: "'customer ' + input.to", usd: 'input.amount' },
    }
    const question = aCall({ args: { to: 'C-1', amount: 12.5 } })
    expect(atOnce([rule], question)?.rules[0]).toMatchObject({
      severity: 'critical',
      harm: { who: 'customer C-1', usd: 12.5 },
    })
    expect(atOnce([{ ...rule, condition: 'true' }], question)?.rules[0]).toEqual({
      id: 'r0',
      severity: 'critical',
      decision: 'allow',
      reason: 'true holds',
    })
  })

  it('says why in the words of the rule', () => {
    const condition = 'input.amount <= 50'
    const reasonOf = (rule: Rule, amount: number): string | undefined =>
      atOnce([rule], ofAmount(amount))?.rules[0]?.reason
    expect(reasonOf({ condition }, 60)).toBe('input.amount <= 50 does not hold')
    expect(reasonOf({ condition, description: 'small refunds only' }, 60)).toBe(
      'small refunds only',
    )
  })
})

describe('a rule that cannot be evaluated', () => {
  const conditions: readonly (readonly [string, string])[] = [
    ['a missing field', 'input.missing <= 50'],
    ['a number', '1'],
    ['a text', "'true'"],
    ['null', 'null'],
    ['an object', 'input'],
    ['a list', '[true]'],
    ['an unknown variable', 'nobody.home'],
    ['a division by zero', '1 / 0 == 1'],
    ['no such overload', "'a' < 1"],
    ['has() of an unknown variable', '!has(nobody.home)'],
    ['the world, which this policy does not see', 'size(state) > 0'],
    ['a name that every object of JavaScript has', 'constructor == 1'],
  ]
  it.each(conditions)('%s denies and is recorded as an error', (_, condition) => {
    const all = ['deny', 'escalate_to_human', 'observe', 'redact', 'fallback'] as const
    for (const on_fail of all) {
      const said = atOnce([{ condition, on_fail, severity: 'low' }], aCall())
      expect(said?.decision).toBe('deny')
      expect(said?.rules).toMatchObject([
        { decision: 'deny', severity: 'low', error: expect.stringMatching(/./) as string },
      ])
    }
  })

  it('skips a rule whose `when` does not hold, and denies where it cannot tell', () => {
    const rule = { condition: 'false', when: 'input.amount > 10' }
    expect(atOnce([rule], ofAmount(5))).toBeUndefined()
    expect(atOnce([rule], ofAmount(11))?.decision).toBe('deny')
    expect(atOnce([rule], aCall())?.rules[0]?.error).toBeDefined()
    const allowed = atOnce([{ condition: 'true', when: '1' }], aCall())
    expect(allowed).toMatchObject({ decision: 'deny', rules: [{ decision: 'deny' }] })
  })

  it('tells about it and falls back as any other denial', () => {
    const broken = { condition: 'input.missing' }
    expect(atOnce([{ ...broken, on_fail: 'block_and_alert' }], aCall())?.alert).toBe(true)
    expect(atOnce([{ ...broken, on_fail: 'fallback' }], aCall())?.fallback).toBe(true)
  })

  it('denies what nests too deeply to be looked at, before and after', async () => {
    const deep = (depth: number): JsonValue =>
      JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as JsonValue
    const args: JsonObject = { a: deep(200_000) }
    const says: Rule = { tool: '*', never_says: ['x'] }
    const facts: Rule = { tool: '*', condition: '!output.contains_pii' }
    for (const question of [aCall({ args }), aResult(args)]) {
      const said = await asked([{ condition: 'size(input) < 5' }, says, facts], question)
      expect(said?.decision).toBe('deny')
      expect(said?.rules.every(({ error }) => error !== undefined)).toBe(true)
    }
  })

  it('is refused at the beginning where it does not compile', () => {
    const rules: readonly Rule[] = [
      { condition: 'input.amount <=' },
      { condition: 'true', when: '(' },
      { after: { tool: 'a', where: '(' } },
      { at_most: { total: 1, amount: '(' } },
      { at_most: { count: 1, by: '(' } },
      { never_says: ['('] },
    ]
    for (const rule of rules) expect(() => atOnce([rule], aCall())).toThrow(/policy rule "r0"/)
  })
})

describe('which actions a rule covers', () => {
  it('those of the tools it names', () => {
    const refund = { condition: 'false', tool: 'payments.*' }
    expect(atOnce([refund], aCall({ tool: 'payments.void' }))?.decision).toBe('deny')
    expect(atOnce([refund], aCall({ tool: 'crm.read' }))).toBeUndefined()
    expect(atOnce([{ condition: 'false' }], aCall({ tool: 'crm.read' }))?.decision).toBe('deny')
  })

  it('those of its tiers', () => {
    const risky: Rule = { condition: 'false', tiers: [3, 4] }
    expect(atOnce([risky], aCall({ tier: 3 }))?.decision).toBe('deny')
    expect(atOnce([risky], aCall({ tier: 2 }))).toBeUndefined()
  })

  it('says nothing, and at once, where there is no rule', () => {
    expect(atOnce([], aCall())).toBeUndefined()
    expect(
      atOnce([{ tool: 'crm.*', condition: "output.text != ''" }], aResult('x')),
    ).toBeUndefined()
    expect(atOnce([{ condition: "output.text != ''" }], aCall())).toBeUndefined()
  })
})

describe('where a rule is asked', () => {
  const rules: readonly Rule[] = [
    { condition: "output.text == 'no'" },
    { condition: "output.text == 'no'", tool: '*' },
    { condition: 'false' },
    { condition: 'false', tool: '*' },
    { never_says: ['hello'] },
    { never_says: ['hello'], tool: '*' },
    { domains: [] },
    { domains: [], tool: '*' },
    { after: 'x' },
    { never_with: 'x' },
    { at_most: { count: 0 } },
    { condition: "output.text == 'no'", sees: ['log'] },
    { condition: 'false', sees: ['log', 'reply', 'log'] },
    { never_says: ['hello'], sees: ['arguments', 'result'], tool: '*' },
    { after: 'x', sees: ['reply'] },
  ]
  it.each([
    ['before a call', aCall({ args: { a: 'hello' } }), [2, 3, 5, 7, 8, 9, 10, 13]],
    ['after a call', aResult('hello'), [1, 13]],
    ['before a reply', aReply('hello'), [0, 4, 6, 12, 14]],
    ['before a line of the log', aLogLine('hello'), [11, 12]],
  ])('%s', async (_, question, indices) => {
    expect(await idsOf(rules, question)).toEqual(indices.map((index) => `r${index}`))
  })

  it('a rule for tools or tiers that is to see replies is refused', () => {
    const wrong: readonly Rule[] = [
      { tool: '*', never_says: ['a'], sees: ['reply'] },
      { tiers: [1], never_says: ['a'], sees: ['log', 'result'] },
      { tiers: [1], condition: 'output.contains_pii' },
    ]
    for (const rule of wrong) expect(() => atOnce([rule], aCall())).toThrow(/no tool and no tier/)
  })
})

describe('what a rule may name', () => {
  const full: PolicyQuestion = {
    stage: 'call',
    action: anAction({
      args: { amount: 40 },
      reason: 'asked for it',
      scope: 'refunds',
      tenant: 'acme',
      usd: 40.5,
    }),
    context: aContext([{ tool: 'crm.read', result: { verified: true } }], {
      agent: { principal: 'bot', scopes: ['refunds'], tenant: 'acme' },
    }),
  }

  it.each([
    'input.amount == 40 && input.amount + 1 == 41',
    "tool.name == 'payments.issue_refund' && tool.tier == 2 && tool.effect == 'write'",
    'tool.scope in agent.scopes && tool.tenant == agent.tenant && tool.usd < 41',
    "agent.principal == 'bot'",
    "calls.exists(c, c.tool == 'crm.read' && c.result.verified)",
    'timestamp(now) > timestamp(calls[0].at)',
    "reason.contains('asked')",
  ])('%s', (condition) => {
    expect(atOnce([{ condition }], full)?.decision).toBe('allow')
  })

  it('what is not known is absent, no scopes are an empty list, no reason is an empty text', () => {
    const absent = '!has(tool.scope) && !has(tool.tenant) && !has(tool.usd) && !has(agent.tenant)'
    expect(atOnce([{ condition: `${absent} && agent.scopes == []` }], aCall())?.decision).toBe(
      'allow',
    )
    expect(atOnce([{ condition: "reason == ''" }], aCall())?.decision).toBe('allow')
  })

  it('the world only where the policy may see it', () => {
    const rule = { condition: "state.orders['O-1'].customer == 'C-1'" }
    expect(atOnce([rule], aCall(), true)?.decision).toBe('allow')
    expect(atOnce([rule], aCall(), false)?.rules[0]?.error).toContain('state')
  })

  it('no call where there is none', async () => {
    for (const name of ['input', 'tool', 'reason']) {
      const said = await asked([{ condition: `size(output.text + ${name}) > 0` }], aReply('hello'))
      expect(said?.rules[0]?.error).toBe(`there is no variable "${name}" here`)
    }
  })

  it('no output before the call, whatever other rules see', async () => {
    const seesArguments: Rule = { condition: "output.value.a == 'x'", sees: ['arguments'] }
    const said = await asked(
      [seesArguments, { condition: 'true', when: "output.text != ''" }],
      aCall({ args: { a: 'x' } }),
    )
    expect(said?.rules).toMatchObject([
      { decision: 'allow' },
      { decision: 'deny', error: 'there is no variable "output" here' },
    ])
    const alone = atOnce([{ condition: 'true', when: "output.text != ''" }], aCall())
    expect(alone?.rules).toEqual(said?.rules.slice(1).map((rule) => ({ ...rule, id: 'r0' })))
  })

  const facts: readonly (readonly [string, Rule, PolicyQuestion])[] = [
    ['a reply', {}, aReply('Write to bob@example.com')],
    ['a result', { tool: '*' }, aResult({ a: ['bob@example.com'] })],
    ['arguments', { sees: ['arguments'] }, aCall({ args: { 'bob@example.com': 1 } })],
    ['a line of the log', { sees: ['log'] }, aLogLine('bob@example.com')],
  ]
  it.each(facts)('facts about %s', async (_, rule, question) => {
    const condition = "output.contains_pii && output.pii_kinds == ['email']"
    expect((await asked([{ ...rule, condition }], question))?.decision).toBe('allow')
  })

  it('facts about secrets', async () => {
    const rule: Rule = { condition: '!output.contains_secret' }
    const key = ['AKIA', 'IOSFODNN7EXAMPLF'].join('')
    expect((await asked([rule], aReply(`the key is ${key}`)))?.decision).toBe('deny')
    expect((await asked([rule], aReply('there is no key')))?.decision).toBe('allow')
  })

  it('hostile arguments are values like any other', () => {
    const args = JSON.parse('{"__proto__": {"amount": 1}, "constructor": 2}') as JsonObject
    const allows = (condition: string): boolean =>
      atOnce([{ condition }], aCall({ args }))?.decision === 'allow'
    expect(allows('input.amount <= 50')).toBe(false)
    expect(allows('size(input) == 2 && input.__proto__.amount == 1')).toBe(true)
  })
})
