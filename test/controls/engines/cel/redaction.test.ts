import { describe, expect, it } from 'vitest'
import type { ControlDecision } from '../../../../src/controls/control-decision.ts'
import type { PolicyQuestion } from '../../../../src/controls/policy-engine.ts'
import { aCall, aLogLine, aReply, aResult, asked, type Rule } from './ask.ts'

const noPii: Rule = { condition: '!output.contains_pii', on_fail: 'redact' }
const card = '4111 1111 1111 1111'

async function decided(question: PolicyQuestion, ...rules: Rule[]): Promise<ControlDecision> {
  const said = await asked(rules, question)
  if (said === undefined) throw new Error('no rule covers this question')
  return said
}

const decisionsOf = ({ rules }: ControlDecision): readonly string[] =>
  rules.map(({ decision }) => decision)

describe('redact', () => {
  it('lets a reply pass without its personal data', async () => {
    const said = await decided(aReply(`Write to bob@example.com, card ${card}.`), noPii)
    expect(said).toEqual({
      source: 'policy',
      engine: 'cel',
      version: 'v1',
      decision: 'modify',
      rules: [
        {
          id: 'r0',
          decision: 'modify',
          reason: '!output.contains_pii does not hold; redacted',
        },
      ],
      modified: 'Write to [email], card [card].',
    })
  })

  it('changes nothing where the rule holds', async () => {
    const said = await decided(aReply('All is well.'), noPii)
    expect(said.decision).toBe('allow')
    expect(said).not.toHaveProperty('modified')
  })

  it.each([
    ['a result', aResult({ to: ['bob@example.com'], n: 1 }), 'result', { to: ['[email]'], n: 1 }],
    ['a line of the log', aLogLine('sent to bob@example.com'), 'log', 'sent to [email]'],
    ['arguments', aCall({ args: { to: 'bob@example.com' } }), 'arguments', { to: '[email]' }],
  ] as const)('%s', async (_, question, surface, modified) => {
    const said = await decided(question, { ...noPii, sees: [surface] })
    expect(said).toMatchObject({ decision: 'modify', modified })
  })

  it('is denied where there is nothing to redact', async () => {
    const rule: Rule = { never_says: ['guarantee'], on_fail: 'redact', description: 'no promises' }
    const said = await decided(aReply('We guarantee it.'), rule)
    expect(said).toMatchObject({
      decision: 'deny',
      rules: [
        {
          reason: 'no promises (it says guarantee), and there is nothing to redact',
          decision: 'deny',
        },
      ],
    })
    expect(said).not.toHaveProperty('modified')
    expect(said.rules[0]).not.toHaveProperty('error')
  })

  it('is denied where redaction does not mend it', async () => {
    const rule: Rule = { never_says: ['guarantee'], on_fail: 'redact' }
    const said = await decided(aReply('We guarantee it, bob@example.com.'), rule, noPii)
    expect(said.decision).toBe('deny')
    expect(decisionsOf(said)).toEqual(['deny', 'modify'])
    expect(said.rules[0]?.reason).toBe('it says guarantee, and redaction does not mend it')
    expect(said).not.toHaveProperty('modified')
  })

  it('is denied where the redacted form cannot be told', async () => {
    const condition = "output.text.split('@')[1] != 'example.com'"
    const said = await decided(aReply('bob@example.com'), { condition, on_fail: 'redact' })
    expect(said).toMatchObject({
      decision: 'deny',
      rules: [{ error: expect.any(String) as string }],
    })
  })

  it('does not make up for a rule that could not be told', async () => {
    const condition = "output.text.contains('@') ? [true][5] : true"
    const said = await decided(aReply('bob@example.com'), { condition, on_fail: 'redact' }, noPii)
    expect(decisionsOf(said)).toEqual(['deny', 'modify'])
    expect(said.rules[0]?.error).toBeDefined()
  })

  it('mends a domain rule where the address is what goes', async () => {
    const rule: Rule = { domains: ['good.com'], on_fail: 'redact' }
    expect(await decided(aReply('mail eve@evil.com'), rule)).toMatchObject({
      decision: 'modify',
      modified: 'mail [email]',
    })
    const both = await decided(aReply('mail eve@evil.com or see https://evil.com'), rule)
    expect(both.decision).toBe('deny')
  })

  it('several rules pass one text', async () => {
    const rules: readonly Rule[] = [
      { condition: "!('email' in output.pii_kinds)", on_fail: 'redact' },
      { condition: "!('card' in output.pii_kinds)", on_fail: 'redact' },
      { condition: 'size(output.text) < 100' },
    ]
    const said = await decided(aReply(`bob@example.com ${card}`), ...rules)
    expect(decisionsOf(said)).toEqual(['modify', 'modify', 'allow'])
    expect(said.modified).toBe('[email] [card]')
  })

  it('a denial stays one, and an escalation takes the redacted form with it', async () => {
    const reply = aReply('bob@example.com')
    const denied = await decided(reply, noPii, { condition: "output.text == 'x'" })
    expect(denied.decision).toBe('deny')
    expect(denied).not.toHaveProperty('modified')
    const escalated = await decided(reply, noPii, {
      condition: '!output.contains_pii',
      on_fail: 'escalate_to_human',
    })
    expect(escalated).toMatchObject({ decision: 'escalate', modified: '[email]' })
  })

  it('every other rule has to allow the redacted form as well', async () => {
    const call = aCall({ args: { to: 'bob@example.com' } })
    const redacts: Rule = { ...noPii, sees: ['arguments'] }
    const ofDomain: Rule = { condition: "input.to.endsWith('@example.com')" }
    const said = await decided(call, redacts, ofDomain, {
      condition: "input.to != '[email]'",
      on_fail: 'observe',
    })
    expect(said.decision).toBe('deny')
    expect(decisionsOf(said)).toEqual(['modify', 'deny', 'allow'])
  })

  it('a rule that only applies to what was taken out is content', async () => {
    const rule: Rule = {
      ...noPii,
      condition: 'false',
      when: 'output.contains_pii',
      sees: ['reply'],
    }
    expect((await decided(aReply('bob@example.com'), rule)).decision).toBe('modify')
  })

  it('is denied where the rule sees nothing that could be redacted', async () => {
    const question = aCall({ args: { to: 'bob@example.com' } })
    const said = await decided(question, { condition: "input.to == ''", on_fail: 'redact' })
    expect(said).toMatchObject({ decision: 'deny', rules: [{ decision: 'deny' }] })
  })

  it('keeps a key that is called __proto__', async () => {
    const args = JSON.parse('{"__proto__": "bob@example.com", "n": 1}') as Record<string, string>
    const said = await decided(aCall({ args }), { ...noPii, sees: ['arguments'] })
    expect(JSON.stringify(said.modified)).toBe('{"__proto__":"[email]","n":1}')
  })
})
