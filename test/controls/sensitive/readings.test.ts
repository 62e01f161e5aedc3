import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinedLines, readings } from '../../../src/controls/sensitive/readings.ts'

function folded(text: string): string {
  return readings(text).at(-1)?.text ?? ''
}

describe('readings', () => {
  it('of plain text is one, the text', () => {
    expect(readings('50% of {"a": 1} & more\n').map(({ text }) => text)).toEqual([
      '50% of {"a": 1} & more\n',
    ])
    expect(readings('schön, 漢字').map(({ text }) => text)).toEqual(['schön, 漢字'])
  })

  it.each([
    ['ａ＠ｂ．ｃ', 'a@b.c'],
    ['a\u200b\u2060\ufeff\u00ad\u202eb', 'ab'],
    ['1–2—3‑4−5', '1-2-3-4-5'],
    ['a\u00a0b\u3000c', 'a b c'],
    ['&#64;&#x40;&commat;&#0064;', '@@@@'],
    ['&#8203;|&zwj;|&shy;', '||'],
    ['&#9999999;&nosuch;&', '&#9999999;&nosuch;&'],
    ['%40%2B%2540', '@+@'],
    ['100%2 and %zz', '100%2 and %zz'],
    ['\\u0040 \\\\u0040 \\x40 a\\nb', '@ @ @ a b'],
    ['%\u0301 \\\u0301', '%\u0301 \\\u0301'],
  ])('%j reads as %j', (text, reading) => {
    expect(folded(text)).toBe(reading)
  })

  it.each([
    ['٤२৩', '423'],
    ['a。b｡c', 'a.b.c'],
    ['文。b', '文。b'],
  ])('%j reads as %j in the end', (text, reading) => {
    expect(folded(text)).toBe(reading)
  })

  it('of several lines as one, and where each stands in the text', () => {
    const text = 'to bob@\r\n  ｅ.com!'
    const lines = readings(text).flatMap(joinedLines)
    expect(lines.map((reading) => reading.text)).toEqual([
      'to bob@ｅ.com!',
      'to bob@ ｅ.com!',
      'to bob@e.com!',
      'to bob@ e.com!',
    ])
    for (const reading of lines) {
      const [start, end] = [reading.text.indexOf('bob'), reading.text.indexOf('!')]
      expect(text.slice(...reading.original(start, end))).toBe('bob@\r\n  ｅ.com')
    }
    expect(readings('one line').flatMap(joinedLines)).toEqual([])
  })

  it('tells where a stretch of the reading stands in the text', () => {
    const text = 'to a\u200bna&#64;ｅ.com!'
    const [, reading] = readings(text)
    const at = reading?.text.indexOf('ana@e.com') ?? -1
    expect(text.slice(...(reading?.original(at, at + 9) ?? []))).toBe('a\u200bna&#64;ｅ.com')
    const sign = reading?.text.indexOf('@') ?? -1
    expect(text.slice(...(reading?.original(sign, sign + 1) ?? []))).toBe('&#64;')
  })

  it('maps every stretch into the text, in order, and the whole to the whole', () => {
    const pieces = [
      'a',
      '@',
      ' ',
      '＠',
      '\u200b',
      '&#64;',
      '%40',
      '\\n',
      '–',
      'ﬃ',
      '漢',
      '😀',
      '\ud800',
    ]
    const text = fc.array(fc.constantFrom(...pieces)).map((parts) => parts.join(''))
    fc.assert(
      fc.property(text, (original) => {
        const reading = readings(original).at(-1)!
        let last = 0
        for (let at = 0; at < reading.text.length; at++) {
          const [start, end] = reading.original(at, at + 1)
          expect(start).toBeGreaterThanOrEqual(last)
          expect(end).toBeGreaterThan(start)
          expect(end).toBeLessThanOrEqual(original.length)
          expect(folded(original.slice(start, end))).toContain(reading.text[at])
          last = start
        }
      }),
    )
  })
})
