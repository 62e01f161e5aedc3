import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { terminalBlock, terminalLine } from '../../src/text/sanitise-terminal.ts'
import { hostileTexts } from './hostile-corpus.ts'

describe('terminalLine', () => {
  it('puts text on one line', () => {
    expect(terminalLine(' a\n\tb\u2028 c\u00a0 d ')).toBe('a b c d')
  })

  it('caps by code points', () => {
    expect(terminalLine('\u{1f600}\u{1f600}\u{1f600}', 2)).toBe('\u{1f600}…')
  })

  it('does not let one text overwrite another', () => {
    expect(terminalLine('FAIL: refunded twice\rPASS')).toBe('FAIL: refunded twice PASS')
  })

  it.each(hostileTexts)('keeps one printable line: $name', ({ text }) => {
    expect(terminalLine(text)).toMatch(/^\P{Cc}*$/u)
  })

  it('never has an escape character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(terminalLine(`\u001b[31m${text}\u009b`)).toMatch(/^\P{Cc}*$/u)
      }),
    )
  })
})

describe('terminalBlock', () => {
  it('keeps lines and indentation', () => {
    expect(terminalBlock('a\r\n\tb\n  \u001b[31mc\u001b[0m')).toBe('a\n\tb\n  c')
  })

  it('caps by code points', () => {
    expect(terminalBlock('a\nbcd', 4)).toBe('a\nb…')
  })
})
