import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outputFacts } from '../../../src/controls/output-facts.ts'
import { redactSensitive } from '../../../src/controls/sensitive/redact-sensitive.ts'
import { fromExprValue } from '../../../src/expr/value.ts'
import type { JsonValue } from '../../../src/schema/json.ts'
import { fakeSecrets } from '../../text/fake-secrets.ts'
import { vendorSecrets } from './vendor-secrets.ts'

describe('redactSensitive', () => {
  it('takes each finding out and leaves the rest', async () => {
    const text =
      'Ana (ana@example.com, +49 30 901820) paid with 4111 1111 1111 1111 from 203.0.113.7.'
    expect(await redactSensitive(text)).toEqual({
      value: 'Ana ([email], [phone]) paid with [card] from [ipv4].',
      kinds: ['email', 'card', 'phone', 'ipv4'],
    })
  })

  it('goes through keys, lists and numbers', async () => {
    const value = {
      'ana@example.com': [1, true, null, { card: 4111111111111111, paid: 40.5 }],
      note: ['redis://app:hunter2@cache', 'fine'],
    }
    expect(await redactSensitive(value)).toEqual({
      value: {
        '[email]': [1, true, null, { card: '[card]', paid: 40.5 }],
        note: ['redis://[secret]@cache', 'fine'],
      },
      kinds: ['email', 'card', 'url-password'],
    })
  })

  it('returns the same reference when there is nothing', async () => {
    const value = { id: 'O-1001', at: '2026-01-05T09:00:00Z', cents: [4200, 0.30000000000000004] }
    const redacted = await redactSensitive(value)
    expect(redacted.value).toBe(value)
    expect(redacted.kinds).toEqual([])
  })

  it('keeps a key called __proto__', async () => {
    const value = JSON.parse('{"__proto__": "ana@example.com"}') as JsonValue
    expect(JSON.stringify((await redactSensitive(value)).value)).toBe('{"__proto__":"[email]"}')
  })

  it('takes out only what is asked for; every secret is a `secret`', async () => {
    const text = 'ana@example.com, 078-05-1120, redis://app:hunter2@cache'
    expect(await redactSensitive(text, { kinds: ['ssn', 'secret'] })).toEqual({
      value: 'ana@example.com, [ssn], redis://[secret]@cache',
      kinds: ['ssn', 'url-password'],
    })
    expect(await redactSensitive(text, { kinds: ['jwt', 'card'] })).toEqual({
      value: text,
      kinds: [],
    })
  })

  it('takes out the whole spelling', async () => {
    expect((await redactSensitive('to a\u200bna&#64;ｅxample.com, now')).value).toBe(
      'to [email], now',
    )
    expect((await redactSensitive('{"mail":"ana\\u0040example.com"}')).value).toBe(
      '{"mail":"[email]"}',
    )
  })

  it('takes out what goes over two lines, and leaves the next word', async () => {
    const text = 'Mail bob@\nexample.com now, pay 4111 1111\n1111 1111.\nana@example.com\nThanks'
    expect((await redactSensitive(text)).value).toBe(
      'Mail [email] now, pay [card].\n[email]\nThanks',
    )
  })

  it('finds what another finding hid', async () => {
    expect((await redactSensitive('a@b.co078-05-1120')).value).toBe('[email][ssn]')
  })

  it('takes out a whole text that goes on hiding', async () => {
    const chain = Array.from({ length: 12 }, (_, i) => `+49309018${i + 10}`).join('')
    expect(await redactSensitive(`call ${chain}`)).toEqual({ value: '[phone]', kinds: ['phone'] })
  })

  it('leaves nothing to find, and nothing to redact again', async () => {
    const secrets = [...fakeSecrets, ...vendorSecrets].map(([, secret]) => secret)
    const personal = [
      'ana@example.com',
      'ana at example dot com',
      '4111 1111 1111 1111',
      '078-05-1120',
    ]
    const others = ['DE89 3704 0044 0532 0130 00', '+4930901820', '(415) 555-2671', '203.0.113.7']
    const glue = [
      '',
      ' ',
      '-',
      '.',
      ',',
      '/',
      '@',
      ':',
      '\n',
      '\u200b',
      '–',
      '&#64;',
      '%40',
      '1',
      'x',
      '[email]',
    ]
    const word = fc.constantFrom(...secrets, ...personal, ...others, ...glue, ...glue)
    const text = fc.array(word, { maxLength: 8 }).map((parts) => parts.join(''))
    const number = fc.constantFrom(4111111111111111, 40.5, -1, 378282246310005)
    const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        text,
        number,
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(text, tie('value'), { maxKeys: 3 }),
      ),
    }))
    await fc.assert(
      fc.asyncProperty(value, async (made) => {
        const once = await redactSensitive(made)
        const twice = await redactSensitive(once.value)
        expect(twice).toEqual({ value: once.value, kinds: [] })
        expect(twice.value).toBe(once.value)
        expect(fromExprValue(await outputFacts(once.value))).toMatchObject({
          contains_pii: false,
          contains_secret: false,
        })
        const before = fromExprValue(await outputFacts(made)) as Record<string, unknown>
        const found = before['contains_pii'] === true || before['contains_secret'] === true
        expect(once.value === made).toBe(!found)
      }),
      { numRuns: 500 },
    )
  })
})
