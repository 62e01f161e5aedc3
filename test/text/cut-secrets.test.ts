import { describe, expect, it } from 'vitest'
import { cutValue } from '../../src/text/cut-secrets.ts'
import { createRedactor } from '../../src/text/redact.ts'
import { redactPatterns } from '../../src/text/secret-patterns.ts'
import { truncate } from '../../src/text/truncate.ts'
import { fakeSecrets } from './fake-secrets.ts'

/** Those of them that are found by how they begin; the others are found however they end. */
const tokens = fakeSecrets.filter(([kind]) => kind !== 'basic-auth')

describe('secrets that were cut off', () => {
  it.each(tokens)('finds the beginning of %s, wherever it was cut', (kind, secret) => {
    const begin = secret.indexOf('Fake0') === -1 ? secret.indexOf('FAKE0') : secret.indexOf('Fake0')
    for (let length = begin + 9; length < secret.length; length++) {
      const quoted = truncate(`see ${secret}`, length + 4)
      expect(redactPatterns(quoted)).toMatch(new RegExp(`^see \\[redacted:${kind}\\]`))
    }
  })

  it('finds them behind an escape', () => {
    expect(redactPatterns('log\\nghp_Fake0Secr…')).toBe('log\\n[redacted:github-token]…')
    expect(redactPatterns('\\u001b[1meyJFake0Secr.eyJFake0Secr…')).toBe('\\u001b[1m[redacted:jwt]…')
    const [, secret = ''] = fakeSecrets.find(([, one]) => one.startsWith('ASIA')) ?? []
    expect(redactPatterns(truncate(`q=1%26${secret}`, 45))).toBe('q=1%26[redacted:aws-key]…')
  })

  it('finds a private key as it stands in JSON, and nothing else behind its first line', () => {
    const [, key = ''] = fakeSecrets.find(([kind]) => kind === 'private-key') ?? []
    expect(redactPatterns(truncate(JSON.stringify(key), 90))).toBe('"[redacted:private-key]…')
    const [begin = ''] = key.split('\n')
    expect(redactPatterns(`${begin}\nand then it refunded…`)).toBe(
      '[redacted:private-key]\nand then it refunded…',
    )
  })

  it('finds a password in a URL', () => {
    expect(redactPatterns('postgres://app:hunter2…')).toBe('postgres://[redacted:url-password]…')
  })

  it.each([
    ['sk-learn-tutorial-notebook-for-begin…'],
    ['npm_config_regis…'],
    ['http://localhost:3000…'],
    ['http://localhost:3000/a:b…'],
    ['the bearer of this certific…'],
    ['sk-Fake0Secr without an ellipsis'],
  ])('keeps %s', (text) => {
    expect(redactPatterns(text)).toBe(text)
  })

  it('takes no longer than the text is long', () => {
    const started = performance.now()
    const begin = ['', 'BEGIN PRIVATE KEY', '\n'].join('-----')
    for (const part of [begin, `${begin}\n\n`, 'sk-1', 'eyJ.', 'bearer a1/', '://a:b1', 'AKIA,']) {
      redactPatterns(`${part.repeat(250_000)}…`)
    }
    // A quadratic form would take minutes.
    expect(performance.now() - started).toBeLessThan(20_000)
  })
})

describe('cutValue', () => {
  it('finds any beginning of a value of at least so many characters', () => {
    const found = cutValue(['correct-horse', 'other (value) 1'], 8)
    expect('a correct-h… and correct-… b other (va…'.replace(found, '#')).toBe('a #… and #… b #…')
    expect('correct… correct-horse and other (value) 1'.replace(found, '#')).toBe(
      'correct… correct-horse and other (value) 1',
    )
  })
})

describe('a redactor', () => {
  it('finds what was shortened before it', () => {
    const redactor = createRedactor({ values: ['my plain key'] })
    expect(redactor.text('it is "my plain k…"')).toBe('it is "[redacted:known-value]…"')
    const [, secret = ''] = fakeSecrets[0] ?? []
    expect(redactor.text(truncate(`{"key_id":"${secret}"}`, 40))).not.toContain('Fake0')
  })
})
