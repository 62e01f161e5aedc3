import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readResult } from '../../../../src/controls/engines/opa/result-document.ts'
import { ruleIdOf } from '../../../../src/controls/engines/opa/rule-id.ts'
import type { PolicyStage } from '../../../../src/controls/policy-engine.ts'
import { ruleId } from '../../../../src/schema/names.ts'

const path = 'support/decision'
const read = (result: unknown, stage: PolicyStage = 'call'): ReturnType<typeof readResult> =>
  readResult(result, { path, stage })

describe('what a policy answers', () => {
  it.each([
    [true, 'allow', 'support/decision is true'],
    [false, 'deny', 'support/decision is false'],
    [{ allow: true }, 'allow', 'support/decision says allow'],
    [{ allow: false }, 'deny', 'support/decision says deny'],
    [{ decision: 'escalate' }, 'escalate', 'support/decision says escalate'],
    [{ decision: 'deny', reason: 'too much' }, 'deny', 'too much'],
    [{ decision: 'deny', reasons: ['too much', 'too late'] }, 'deny', 'too much; too late'],
    [{ allow: false, reason: 'no', reasons: ['late'] }, 'deny', 'no; late'],
    [{ allow: true, reasons: [] }, 'allow', 'support/decision says allow'],
    [{ allow: false, decision: 'escalate', obligations: 7 }, 'escalate', undefined],
    [{ allow: true, decision: 'allow' }, 'allow', undefined],
  ])('%j: %s', (result, decision, reason) => {
    const found = read(result)
    expect(found).toMatchObject({
      ok: true,
      verdict: { decision, rules: [{ id: 'support.decision', decision }] },
    })
    if (reason !== undefined && found.ok) expect(found.verdict.rules[0]?.reason).toBe(reason)
  })

  it.each([
    [undefined, 'support/decision is undefined, not a decision'],
    [null, 'support/decision is null, not a decision'],
    [1, 'support/decision is a number, not a decision'],
    ['allow', 'support/decision is a text, not a decision'],
    [[true], 'support/decision is a list, not a decision'],
    [{}, 'support/decision: there is neither `decision` nor `allow`'],
    [{ allowed: true }, 'support/decision: there is neither `decision` nor `allow`'],
    [{ allow: 'yes' }, 'support/decision: `allow` is not true or false'],
    [{ allow: 1 }, 'support/decision: `allow` is not true or false'],
    [{ allow: null }, 'support/decision: `allow` is not true or false'],
    [{ allow: {} }, 'support/decision: `allow` is not true or false'],
    [{ decision: 'ALLOW' }, /^support\/decision: `decision` is not one of allow, modify/],
    [{ decision: true }, /`decision` is not one of/],
    [{ decision: 'observe' }, /`decision` is not one of/],
    [{ decision: 'deny', allow: true }, /`decision` is deny and `allow` is true/],
    [{ decision: 'allow', allow: false }, /`decision` is allow and `allow` is false/],
    [{ decision: 'escalate', allow: true }, /`decision` is escalate and `allow` is true/],
    [{ allow: true, rules: {} }, /`rules` is not a list of at most 100 rules/],
    [{ allow: true, rules: [{}] }, /`rules` is not/],
    [{ allow: true, rules: [{ id: 7 }] }, /`rules` is not/],
    [{ allow: true, rules: ['r'] }, /`rules` is not/],
    [{ allow: true, rules: [{ id: 'r', severity: 'bad' }] }, /`rules` is not/],
    [{ allow: true, rules: [{ id: 'r', reason: 7 }] }, /`rules` is not/],
    [{ allow: true, rules: Array.from({ length: 101 }, () => ({ id: 'r' })) }, /`rules` is not/],
    [
      { allow: true, rules: [{ id: 'r', decision: 'deny' }] },
      /is allow and one of its rules says deny/,
    ],
    [
      { decision: 'escalate', rules: [{ id: 'r', decision: 'deny' }] },
      /is escalate and one of its rules says deny/,
    ],
    [{ allow: true, reason: ['no'] }, /`reason` is not a text/],
    [{ allow: true, reasons: 'no' }, /`reasons` is not a list of texts/],
    [{ allow: true, reasons: [7] }, /`reasons` is not a list of texts/],
    [{ allow: true, id: 7 }, /`id` is not a text/],
    [{ allow: true, alert: 'yes' }, /`alert` is not true or false/],
    [{ allow: true, fallback: 1 }, /`fallback` is not true or false/],
    [{ allow: true, modified: {} }, /`modified` goes with modify, not with allow/],
    [{ decision: 'deny', modified: null }, /`modified` goes with modify, not with deny/],
  ])('%j is no decision', (result, error) => {
    expect(read(result)).toEqual({
      ok: false,
      error: typeof error === 'string' ? error : (expect.stringMatching(error) as string),
    })
  })

  it('is a decision only where one is written there, whatever JSON it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('call', 'reply'), (result, stage) => {
        const found = read(result, stage)
        if (found.ok && found.verdict.decision !== 'deny') expect(result === true).toBe(true)
      }),
    )
  })

  it.each([
    ['call', { amount_usd: 50 }, true],
    ['call', {}, true],
    ['call', [50], false],
    ['call', 'amount_usd: 50', false],
    ['call', null, false],
    ['result', null, true],
    ['result', [1], true],
    ['reply', 'hello', true],
    ['reply', { text: 'hello' }, false],
    ['log', '', true],
    ['log', 7, false],
  ] as const)('at stage %s %j may stand for what was proposed: %s', (stage, modified, ok) => {
    const found = read({ decision: 'modify', modified }, stage)
    expect(found.ok).toBe(ok)
    if (found.ok) expect(found.verdict).toMatchObject({ decision: 'modify', modified })
  })

  it.each(['call', 'result', 'reply', 'log'] as const)(
    'modify without a form: stage %s',
    (stage) => {
      expect(read({ decision: 'modify' }, stage)).toMatchObject({ ok: false })
      expect(read({ decision: 'modify', allow: true }, stage)).toMatchObject({ ok: false })
    },
  )

  it('names the rules that were decisive', () => {
    const rules = [
      { id: 'refund_cap', reason: 'more than 50', severity: 'high' },
      { id: 'weekend', decision: 'observe' },
      { id: 'known customer', decision: 'allow' },
    ]
    const found = read({
      decision: 'deny',
      rules,
      reason: 'see rules',
      alert: true,
      fallback: true,
    })
    expect(found).toEqual({
      ok: true,
      verdict: {
        decision: 'deny',
        alert: true,
        fallback: true,
        rules: [
          { id: 'refund_cap', decision: 'deny', reason: 'more than 50', severity: 'high' },
          { id: 'weekend', decision: 'observe', reason: 'see rules' },
          { id: 'known-customer', decision: 'allow', reason: 'see rules' },
        ],
      },
    })
  })

  it('has a rule of its own where none of those named says what it says', () => {
    const rules = [{ id: 'r', decision: 'allow' }]
    const found = read({ decision: 'deny', id: 'total', reason: 'no', rules })
    expect(found).toMatchObject({
      verdict: { rules: [{ id: 'total', decision: 'deny', reason: 'no' }, { id: 'r' }] },
    })
    expect(read({ allow: true, rule: 'cap' })).toMatchObject({
      verdict: { rules: [{ id: 'cap' }] },
    })
    expect(read({ allow: true, id: 'a', rule: 'b' })).toMatchObject({
      verdict: { rules: [{ id: 'a' }] },
    })
  })

  it('leaves a fallback out where nothing is denied', () => {
    const found = read({ allow: true, fallback: true, alert: false })
    expect(found.ok && Object.keys(found.verdict)).toEqual(['decision', 'rules'])
  })

  it('keeps reasons to 300 characters', () => {
    const reason = 'no '.repeat(200)
    const found = read({ allow: false, reason, rules: [{ id: 'r', reason }] })
    expect(found.ok && found.verdict.rules.map((rule) => rule.reason.length)).toEqual([300])
  })
})

describe('ruleIdOf', () => {
  it.each([
    ['refund_cap', 'refund_cap'],
    ['support/decision', 'support.decision'],
    ['a rule\nwith breaks', 'a-rule-with-breaks'],
    ['__init', 'init'],
    ['<script>', 'script-'],
    ['§', 'p'],
    ['', 'p'],
  ])('%j is %s', (name, id) => {
    expect(ruleIdOf(name, 'p')).toBe(id)
  })

  it('is always an id', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), fc.string(), (name, otherwise) => {
        expect(ruleId.safeParse(ruleIdOf(name, otherwise)).success).toBe(true)
      }),
    )
  })
})
