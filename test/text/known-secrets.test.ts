import { describe, expect, it } from 'vitest'
import { knownSecrets } from '../../src/text/known-secrets.ts'

const marker = '[redacted:known-value]'

describe('knownSecrets', () => {
  it('replaces every occurrence', () => {
    expect(knownSecrets(['plain-value'])('a plain-value, plain-value')).toBe(
      `a ${marker}, ${marker}`,
    )
  })

  it('finds a value inside JSON and inside a URL', () => {
    const redact = knownSecrets(['p"ss/w rd&1'])
    expect(redact(JSON.stringify({ a: 'p"ss/w rd&1' }))).toBe(`{"a":"${marker}"}`)
    expect(redact(`?a=${encodeURIComponent('p"ss/w rd&1')}`)).toBe(`?a=${marker}`)
  })

  it('finds a value in lower case, as graders compare words', () => {
    expect(knownSecrets(['Plain-VALUE'])('plain-value, Plain-VALUE')).toBe(`${marker}, ${marker}`)
  })

  it('replaces the longest value first', () => {
    expect(knownSecrets(['12345678', '1234567890'])('1234567890')).toBe(marker)
  })

  it('ignores white space around a value, short values and parts of its own marker', () => {
    expect(knownSecrets([' plain-value\n'])('plain-value')).toBe(marker)
    expect(knownSecrets(['', ' ', 'true', '1234567'])('true 1234567')).toBe('true 1234567')
    expect(knownSecrets(['redacted', 'known-value'])(marker)).toBe(marker)
  })

  it('takes a value with half a surrogate pair', () => {
    expect(knownSecrets(['half \ud800 pair'])('half \ud800 pair')).toBe(marker)
  })
})
