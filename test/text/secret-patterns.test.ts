import { describe, expect, it } from 'vitest'
import { findPatterns, redactPatterns } from '../../src/text/secret-patterns.ts'
import { fakeSecrets } from './fake-secrets.ts'

describe('redactPatterns', () => {
  it.each(fakeSecrets)('finds %s', (kind, secret) => {
    const marker = `[redacted:${kind}]`
    expect(redactPatterns(secret)).toBe(marker)
    expect(redactPatterns(`use ${secret}\nnow`)).toBe(`use ${marker}\nnow`)
    expect(redactPatterns(`{"a":"${secret}"}`)).toBe(`{"a":"${marker}"}`)
    expect(redactPatterns(`(${secret})`)).toBe(`(${marker})`)
  })

  it.each(fakeSecrets)('finds %s behind an escape that ends like a word', (kind, secret) => {
    const marker = `[redacted:${kind}]`
    const escapes = [
      '\u001b[32m',
      '\u001b[1;31m',
      '\\u001b[32m',
      '\\e[m',
      '\\n',
      '\\t',
      '\\u0041',
      '%0A',
    ]
    for (const before of escapes) {
      expect(redactPatterns(`log${before}${secret}`)).toBe(`log${before}${marker}`)
      const [place] = findPatterns(`log${before}${secret}`)
      expect(place).toMatchObject({ kind, start: `log${before}`.length })
    }
  })

  it('finds several behind escapes, and keeps what stands between', () => {
    const [, key = ''] = fakeSecrets[0] ?? []
    expect(redactPatterns(`a\\n${key}\\tb\\n${key}%20c`)).toBe(
      'a\\n[redacted:openai-key]\\tb\\n[redacted:openai-key]%20c',
    )
  })

  it('finds a password in a URL and leaves the host', () => {
    expect(redactPatterns('postgres://app:hunt@er2@db:5432/x?a=b')).toBe(
      'postgres://[redacted:url-password]@db:5432/x?a=b',
    )
  })

  it('finds the cookies of a header, up to the end of its line', () => {
    expect(redactPatterns('Set-Cookie: sid=abc; HttpOnly\nAccept: */*')).toBe(
      '[redacted:cookie]\nAccept: */*',
    )
    expect(redactPatterns("curl -H 'Cookie: a=b; c=d' x")).toBe("curl -H '[redacted:cookie]' x")
  })

  it('redacts a private key with escaped newlines, as it stands in JSON', () => {
    const [, key = ''] = fakeSecrets.find(([kind]) => kind === 'private-key') ?? []
    expect(redactPatterns(JSON.stringify({ key }))).toBe('{"key":"[redacted:private-key]"}')
  })

  it('redacts a private key that is cut off, and only that', () => {
    const [, key = ''] = fakeSecrets.find(([kind]) => kind === 'private-key') ?? []
    const lines = key
      .replace(/\nProc-Type.*\n/, '')
      .split('\n')
      .slice(0, -1)
    expect(redactPatterns(`${lines.join('\n')}\nand then it refunded`)).toMatch(
      /^\[redacted:private-key\].*\nand then it refunded$/s,
    )
    expect(redactPatterns(`${lines[0] ?? ''} and then it refunded`)).toBe(
      '[redacted:private-key] and then it refunded',
    )
  })

  it.each([
    ['task-force-and-risk-assessment-of-the-whole-department'],
    ['sk-learn-tutorial-notebook-for-beginners'],
    ['the bearer of this certificate-of-authenticity'],
    ['bearer authentication-is-required-here'],
    ['Basic authentication and cookies: yes please'],
    ['https://example.com:8080/a@b and http://[::1]:80/ and mailto:a@b.example'],
    ['https://user@example.com/path:with@colon'],
    ['AKIA and AKIAIOSFODNN7 are too short'],
    ['-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----'],
    ['eyJhbGciOiJIUzI1NiJ9 alone is a header'],
    ['commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b, order O-1001, sha256:44136fa355b3678a'],
    ['3f2504e0-4f89-11d3-9a0c-0305e82c3301'],
    ['npm_config_registry=https://registry.npmjs.org'],
  ])('keeps %s', (text) => {
    expect(redactPatterns(text)).toBe(text)
  })
})
