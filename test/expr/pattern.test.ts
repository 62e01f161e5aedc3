import { describe, expect, it } from 'vitest'
import { compilePattern } from '../../src/expr/pattern.ts'

function matches(pattern: string, text: string): boolean {
  const compiled = compilePattern(pattern)
  if (!compiled.ok) throw new Error(compiled.error)
  return compiled.pattern.test(text)
}

function errorOf(pattern: string): string | undefined {
  const compiled = compilePattern(pattern)
  return compiled.ok ? undefined : compiled.error
}

describe('compilePattern', () => {
  it('finds a pattern anywhere unless it is anchored', () => {
    expect(matches('refund', 'the refund is on its way')).toBe(true)
    expect(matches('^refund$', 'the refund is on its way')).toBe(false)
  })

  it('knows inline flags', () => {
    expect(matches('(?i)refund', 'REFUNDED')).toBe(true)
    expect(matches('a.b', 'a\nb')).toBe(false)
    expect(matches('(?s)a.b', 'a\nb')).toBe(true)
    expect(matches('(?m)^b$', 'a\nb\nc')).toBe(true)
  })

  it('tests the same text again with the same answer', () => {
    const compiled = compilePattern('a+')
    expect(compiled.ok && [1, 2, 3].map(() => compiled.pattern.test('xa'))).toEqual([
      true,
      true,
      true,
    ])
  })

  it('takes time linear in the text where backtracking would take years', () => {
    expect(matches('^(a+)+$', `${'a'.repeat(100_000)}!`)).toBe(false)
    expect(matches('(x+x+)+y', 'x'.repeat(100_000))).toBe(false)
    expect(matches('^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(10_000))).toBe(false)
  })

  it('says what is wrong with a pattern', () => {
    expect(errorOf('(')).toBe('missing closing ): `(`')
    expect(errorOf('a(?=b)')).toMatch(/patterns are RE2, which has no look-around/)
    expect(errorOf('(a)\\1')).toBe('invalid escape sequence: `\\1`')
    expect(errorOf('(a{1000}){1000}')).toMatch(/invalid repeat count/)
    expect(errorOf(`${'('.repeat(1_500)}${')'.repeat(1_500)}`)).toMatch(/nests too deeply/)
  })

  it('refuses a pattern so long that compiling it would be an attack', () => {
    expect(errorOf('x'.repeat(4_001))).toBe('a pattern has at most 4000 characters')
  })

  it('is compiled once', () => {
    expect(compilePattern('once')).toBe(compilePattern('once'))
  })
})
