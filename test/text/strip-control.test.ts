import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stripControl } from '../../src/text/strip-control.ts'
import { hostileTexts } from './hostile-corpus.ts'

const esc = '\u001b'

/** Random text in which control characters, joiners and half sequences are frequent. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        esc,
        `${esc}[`,
        `${esc}]`,
        `${esc}P`,
        '\u009b',
        '\u009d',
        '\u0007',
        `${esc}\\`,
      ),
      fc.constantFrom(
        '\u200d',
        '\u200c',
        '\ufe0f',
        '\ufe0e',
        '\u202e',
        '\ud83d',
        '\r',
        '\n',
        '\u0085',
      ),
      fc.constantFrom('é', '\u{1f469}', 'm', '3', ';', ' '),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
  )
  .map((parts) => parts.join(''))

describe('stripControl', () => {
  it.each([
    ['colours', `${esc}[1;31mred${esc}[0m`, 'red'],
    ['private parameters', `${esc}[?25lx${esc}[>4;2m`, 'x'],
    ['intermediate bytes', `${esc}[0 qx`, 'x'],
    ['a title, ended by BEL', `${esc}]0;owned\u0007x`, 'x'],
    ['a title, ended by ST', `${esc}]0;owned${esc}\\x`, 'x'],
    ['a link', `${esc}]8;;http://x\u0007click${esc}]8;;\u0007`, 'click'],
    ['a device control string', `${esc}Pq#0;2${esc}\\x`, 'x'],
    ['SOS, PM and APC', `${esc}Xa${esc}\\${esc}^b${esc}\\${esc}_c${esc}\\x`, 'x'],
    ['eight-bit forms', 'a\u009b31mb\u009d0;t\u009cc\u0090q\u009cd', 'abcd'],
    ['a reset and a character set', `a${esc}cb${esc}(0c`, 'abc'],
    ['half a sequence', `a${esc}[38;5`, 'a'],
    ['a sequence, and completes no other', `${esc}${esc}[0m[31mred`, '[31mred'],
    ['backspace, bell, NUL, DEL', 'a\b\u0007\u0000\u007fb', 'ab'],
    ['bidi controls', 'a\u202eb\u2066c\u200fd\u061ce', 'abcde'],
    ['zero-width characters', 'a\u200bb\u2060c\ufeffd\u00ade\u3164f', 'abcdef'],
    ['tag characters', 'a\u{e0041}\u{e007f}', 'a'],
    ['joiners in ASCII words', 'ig\u200dno\u200cre\u200d', 'ignore'],
    ['runs of joiners', 'é\u200d\u200c\u200dé', 'é\u200dé'],
    ['runs of variation selectors', 'x\ufe01\ufe02\u{e0100}', 'x\ufe01'],
    ['lone surrogates', 'a\ud800b', 'a\ufffdb'],
  ])('removes %s', (_, text, expected) => {
    expect(stripControl(text)).toBe(expected)
  })

  it('keeps eight marks of a letter: more are drawn over other lines', () => {
    const marks = '\u0300\u0323\u0336\u0489'
    expect(stripControl(`pa${marks.repeat(60)}ss`)).toBe(`pa${marks.repeat(2)}ss`)
    expect(stripControl(`a${`${marks}\u200d`.repeat(60)}b`)).toBe(
      `a${marks}\u200d\u0300\u0323\u0336b`,
    )
  })

  it('shows what stands behind an unterminated command string', () => {
    expect(stripControl(`a ${esc}]0;b\nc\u0007`)).toBe('a 0;b\nc')
  })

  it('makes a newline of every line break', () => {
    expect(stripControl('a\r\nb\rc\u0085d\u2028e\u2029f\u000bg\u000ch')).toBe(
      'a\nb\nc\nd\ne\nf\ng\nh',
    )
  })

  it.each([
    ['plain text\twith a tab\nand a line'],
    ['Grüße, 你好, שלום, नमस्ते, می\u200cخواهم'],
    ['\u{1f469}\u200d\u{1f469}\u200d\u{1f467} \u2764\ufe0f 1\ufe0f\u20e3'],
  ])('keeps %s', (text) => {
    expect(stripControl(text)).toBe(text)
  })

  it.each(hostileTexts)('leaves nothing that acts: $name', ({ text }) => {
    expectInert(stripControl(text))
  })

  it('leaves nothing that acts, whatever the text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expectInert(stripControl(text))
      }),
      { numRuns: 2000 },
    )
  })

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(stripControl(stripControl(text))).toBe(stripControl(text))
      }),
      { numRuns: 2000 },
    )
  })
})

function expectInert(text: string): void {
  expect(text).not.toMatch(/(?![\t\n])\p{Cc}|[\u2028\u2029]/u)
  expect(text).not.toMatch(
    /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u,
  )
  expect(text).not.toMatch(/\p{Surrogate}/u)
}
