import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../src/schema/json.ts'
import { createRedactor, redactJson, redactText } from '../../src/text/redact.ts'
import { fakeSecrets } from './fake-secrets.ts'
import { hostileTexts } from './hostile-corpus.ts'

const json = fc.jsonValue() as fc.Arbitrary<JsonValue>

/** Secrets, names of secrets and what surrounds them, in any order. */
const secretive = fc
  .array(
    fc.oneof(
      fc.constantFrom(...fakeSecrets.map(([, secret]) => secret)),
      fc.constantFrom(
        'password',
        'api_key',
        'token',
        'Cookie',
        'session',
        'credentials',
        'max_tokens',
      ),
      fc.constantFrom(
        '=',
        ': ',
        ':',
        '"',
        '\\"',
        "'",
        '{',
        '}',
        '[',
        ']',
        ',',
        '\n',
        ' ',
        '\\',
        '-',
        '@',
      ),
      fc.constantFrom(
        '\\n',
        '\\u0041',
        '%20',
        '\\u001b[1m',
        '\u001b[1m',
        '\u200b',
        '\u202e',
        '\u0000',
      ),
      fc.constantFrom('…', 'hunter2', 'abcdef', '://user:pw1@', 'x', '[redacted:token]'),
    ),
  )
  .map((parts) => parts.join(''))

/** Text in which no secret can be: no digit, no separator, no name of one. */
const harmless = fc.string({
  unit: fc.constantFrom(...Array.from('abcdefghij XYZ.,!?-_()\n\téß你\u{1f600}')),
  maxLength: 200,
})

describe('redactText', () => {
  it.each(fakeSecrets)('leaves nothing of %s', (kind, secret) => {
    expect(redactText(`see ${secret}.`)).not.toContain('Fake0')
    expect(redactText(`see ${secret} `)).toBe(`see [redacted:${kind}] `)
  })

  it.each(fakeSecrets)('is not fooled by what has no ink, around and within %s', (kind, secret) => {
    const middle = Math.floor(secret.length / 2)
    for (const dress of [
      '\u001b[32m',
      '\u200b',
      '\u202e',
      '\u0000',
      '\u{e0061}',
      '\u001b]0;x\u0007',
    ]) {
      const halves = `${secret.slice(0, middle)}${dress}${secret.slice(middle)}`
      expect(redactText(`see ${dress}${secret}${dress} `)).not.toContain('Fake0')
      expect(redactText(`see ${halves} `)).toBe(`see [redacted:${kind}] `)
      expect(redactText(JSON.stringify({ note: `see ${halves} ` }))).not.toContain('Fake0')
    }
  })

  it('reads JSON that stands in a text, however deep and however spelt', () => {
    const inner = JSON.stringify({ credentials: { user: 'ann', pin: 'x' }, api_keys: ['a', 'b'] })
    expect(redactText(JSON.stringify({ body: inner, amount: 5 }))).toBe(
      JSON.stringify({
        body: JSON.stringify({
          credentials: { user: '[redacted:credential]', pin: '[redacted:credential]' },
          api_keys: ['[redacted:api-key]', '[redacted:api-key]'],
        }),
        amount: 5,
      }),
    )
    expect(redactText('{"pass\\u0077ord":"x"}')).toBe('{"password":"[redacted:password]"}')
  })

  it('finds the first of two members with one name', () => {
    expect(redactText('{"password":"one","password":"two"}')).not.toMatch(/one|two/)
  })

  it('keeps the white space of JSON without secrets', () => {
    const text = '{ "token_count": 12345678901234567890,  "secret_name": "a" }'
    expect(redactText(text)).toBe(text)
  })

  it('never changes text without secrets', () => {
    fc.assert(
      fc.property(harmless, (text) => {
        expect(redactText(text)).toBe(text)
      }),
    )
  })

  it.each(hostileTexts)('keeps a text that is hostile but no secret: $name', ({ text }) => {
    expect(redactText(text)).toBe(text)
  })

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(secretive, (text) => {
        const once = redactText(text)
        expect(redactText(once)).toBe(once)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('redactJson', () => {
  it('goes by name, at every depth', () => {
    expect(
      redactJson({
        headers: { Authorization: 'Basic x', 'x-api-key': ['a', 'b'], accept: 'json' },
        list: [{ password: 'p', note: 'n' }],
      }),
    ).toEqual({
      headers: {
        Authorization: '[redacted:authorization]',
        'x-api-key': ['[redacted:api-key]', '[redacted:api-key]'],
        accept: 'json',
      },
      list: [{ password: '[redacted:password]', note: 'n' }],
    })
  })

  it('goes into a collection of secrets, but not into an object that only bears the name', () => {
    expect(redactJson({ cookies: { sid: 'a', n: 1 }, session: { user: 'ann' } })).toEqual({
      cookies: { sid: '[redacted:cookie]', n: 1 },
      session: { user: 'ann' },
    })
  })

  it('goes by form, in values and in keys', () => {
    const [, secret = ''] = fakeSecrets[0] ?? []
    expect(redactJson({ [secret]: [`use ${secret}`] })).toEqual({
      '[redacted:openai-key]': ['use [redacted:openai-key]'],
    })
  })

  it.each<[string, JsonValue]>([
    ['counts of tokens', { max_tokens: 100, usage: { input_tokens: 5, token: 5 } }],
    ['a JSON Schema', { properties: { password: { type: 'string' }, cookies: { type: 'array' } } }],
    ['tools named after secrets', { reset_password: { effect: 'write' }, get_token: { calls: 3 } }],
    ['flags and empty texts', { password: '', secret: null, has_password: true, token: false }],
    [
      'words under ambiguous names',
      { session: 'afternoon', token: ' the', page_token: 'abc123456' },
    ],
    ['a key __proto__', JSON.parse('{"__proto__":{"a":[1]}}') as JsonValue],
  ])('returns the same reference for %s', (_, value) => {
    expect(redactJson(value)).toBe(value)
  })

  it('returns the same parts where only others changed', () => {
    const kept = { a: [1, 2] }
    expect(redactJson({ kept, password: 'x' })).toHaveProperty('kept', kept)
    expect((redactJson({ kept, password: 'x' }) as { kept: unknown }).kept).toBe(kept)
  })

  it('keeps a key __proto__ a key', () => {
    const value = JSON.parse('{"__proto__":{"password":"x"}}') as JsonValue
    expect(JSON.stringify(redactJson(value))).toBe(
      '{"__proto__":{"password":"[redacted:password]"}}',
    )
  })

  it('does not let depth hide a secret or overflow the stack', () => {
    const deep = `${'['.repeat(100_000)}"x"${']'.repeat(100_000)}`
    expect(JSON.stringify(redactJson(JSON.parse(deep) as JsonValue))).toBe(
      `${'['.repeat(100)}"[redacted:too-deep]"${']'.repeat(100)}`,
    )
    expect(redactText(`${deep.slice(0, -1)},"token"]`)).toContain('[redacted:too-deep]')
  })

  it('keeps the shape of any value, and changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.dictionary(secretive, fc.oneof(json, secretive)), (value) => {
        const once = redactJson(value)
        expect(redactJson(once)).toBe(once)
        expect(Object.keys(once as object).length).toBeLessThanOrEqual(Object.keys(value).length)
      }),
      { numRuns: 1000 },
    )
  })

  it('leaves JSON text that still parses', () => {
    fc.assert(
      fc.property(fc.dictionary(secretive, fc.oneof(json, secretive)), (value) => {
        expect(() => JSON.parse(redactText(JSON.stringify(value))) as unknown).not.toThrow()
      }),
      { numRuns: 2000 },
    )
  })
})

describe('createRedactor', () => {
  it('finds an exact value with something invisible in it', () => {
    const redactor = createRedactor({ values: ['my plain key'] })
    expect(redactor.text('it is my pl\u200bain \u001b[1mkey')).toBe('it is [redacted:known-value]')
    expect(redactor.text('it is my pl\u200bain \u001b[1mkettle')).toBe(
      'it is my pl\u200bain \u001b[1mkettle',
    )
  })

  it('redacts exact values besides names and forms', () => {
    const redactor = createRedactor({ values: ['my plain key'] })
    expect(redactor.text('it is my plain key, password=abcdef')).toBe(
      'it is [redacted:known-value], password=[redacted:password]',
    )
    expect(redactor.json({ note: 'my plain key' })).toEqual({ note: '[redacted:known-value]' })
    expect(redactText('my plain key')).toBe('my plain key')
  })
})
