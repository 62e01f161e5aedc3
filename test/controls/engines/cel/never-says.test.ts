import { describe, expect, it } from 'vitest'
import type { PolicyQuestion } from '../../../../src/controls/policy-engine.ts'
import { aCall, aContext, aLogLine, aReply, aResult, atOnce, type Rule } from './ask.ts'

const promise: Rule = { never_says: ['we guarantee', String.raw`\bfull refund\b`] }
const said = (text: string, rule: Rule = promise): unknown => atOnce([rule], aReply(text))?.decision

describe('never_says', () => {
  it.each([
    'We can look into a refund.',
    'a fullrefund',
    'We  guarantee it.',
    'w\u0435 guarantee it',
    '',
  ])('lets pass: %j', (text) => {
    expect(said(text)).toBe('allow')
  })

  it.each([
    'Yes, WE GUARANTEE it.',
    'line\na Full Refund',
    'we\u200b gua\u00adran\ufefftee',
    'we\u00a0guarantee',
    'we\u2003guarantee',
    'we\u2028guarantee',
    'ｗｅ ｇｕａｒａｎｔｅｅ',
    'we guarante\u200de',
    'we gua\u0007ran\u001btee',
    'we guarantee\u{e0041}',
    'we gu\u{e0041}arantee',
    '𝐰𝐞 𝐠𝐮𝐚𝐫𝐚𝐧𝐭𝐞𝐞',
    'we&nbsp;guarantee',
    'we%20guarantee',
    'we\nguarantee',
    'we guar\nantee',
    'we guar-\r\n  antee',
    'we gu**arant**ee',
    'we _guarantee_',
    'we `guar`antee',
    'we gu<b>ar</b>antee',
    'we <a href="x">guarantee</a>',
    'we **guar-\nan**tee',
  ])('finds %j', (text) => {
    expect(said(text)).toBe('deny')
  })

  it('takes each text by itself, keys, numbers and fractions too', () => {
    const rule: Rule = { tool: '*', never_says: ['^secret$', '^0[.]75$', '^42$', 'free lunch'] }
    const ask = (args: object): unknown => atOnce([rule], aCall({ args: { ...args } }))?.decision
    expect(ask({ a: [{ b: 'SECRET' }] })).toBe('deny')
    expect(ask({ secret: 1 })).toBe('deny')
    expect(ask({ a: 0.75 })).toBe('deny')
    expect(ask({ a: 42 })).toBe('deny')
    expect(ask({ a: 'top secret', b: 142, c: 10.75, d: 'free', e: 'lunch' })).toBe('allow')
  })

  it('sees what it names', () => {
    const rule: Rule = { never_says: ['hush'], sees: ['log', 'result', 'arguments'] }
    expect(atOnce([rule], aLogLine('hush'))?.decision).toBe('deny')
    expect(atOnce([rule], aResult('hush'))?.decision).toBe('deny')
    expect(atOnce([rule], aCall({ args: { a: 'hush' } }))?.decision).toBe('deny')
    expect(atOnce([rule], aReply('hush'))).toBeUndefined()
  })

  it('names the pattern and not the words', () => {
    const reasonOf = (rule: Rule): unknown =>
      atOnce([rule], aReply('We guarantee'))?.rules[0]?.reason
    expect(reasonOf(promise)).toBe('it says we guarantee')
    expect(reasonOf({ ...promise, description: 'no promises' })).toBe(
      'no promises (it says we guarantee)',
    )
  })

  it('alternatives and flags of a pattern stay its own', () => {
    expect(said('B', { never_says: ['a|b'] })).toBe('deny')
    expect(said('abc', { never_says: ['(?-i)ABC'] })).toBe('allow')
    expect(() => said('x', { never_says: ['a)(b'] })).toThrow(/policy rule/)
  })

  it('is not slow where a regular expression would be', () => {
    const text = 'a'.repeat(50_000)
    expect(said(text, { never_says: ['^(a+)+$b'] })).toBe('allow')
  })

  it('cannot be told where there is nothing to look at', () => {
    const nothing: PolicyQuestion = { stage: 'reply', context: aContext() }
    expect(atOnce([promise], nothing)?.rules[0]).toMatchObject({
      decision: 'deny',
      error: 'there is nothing said to look at',
    })
  })
})
