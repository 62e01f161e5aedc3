import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { truncate, truncateBytes } from '../../src/text/truncate.ts'

describe('truncate', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['abcd', 1, '…'],
    ['abcd', 0, ''],
    ['\u{1f600}\u{1f600}\u{1f600}', 3, '\u{1f600}\u{1f600}\u{1f600}'],
    ['\u{1f600}\u{1f600}\u{1f600}', 2, '\u{1f600}…'],
    ['abcd', Infinity, 'abcd'],
  ])('truncate(%j, %d) is %j', (text, maxLength, expected) => {
    expect(truncate(text, maxLength)).toBe(expected)
  })

  it('keeps to the limit, counted in code points, and changes only what is over it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(12), (text, maxLength) => {
        const cut = truncate(text, maxLength)
        expect(Array.from(cut).length).toBeLessThanOrEqual(maxLength)
        expect(cut === text).toBe(Array.from(text).length <= maxLength)
        expect(/\p{Surrogate}/u.test(cut)).toBe(false)
      }),
    )
  })
})

describe('truncateBytes', () => {
  it.each([
    ['abc', 2, 'ab'],
    ['aé', 2, 'a'],
    ['aé', 3, 'aé'],
    ['\u{1f600}', 3, ''],
    ['abc', 0, ''],
  ])('truncateBytes(%j, %d) is %j', (text, maxBytes, expected) => {
    expect(truncateBytes(text, maxBytes)).toBe(expected)
  })

  it('is the longest beginning that fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(20), (text, maxBytes) => {
        const cut = truncateBytes(text, maxBytes)
        const next = String.fromCodePoint(text.codePointAt(cut.length) ?? 0)
        expect(text.startsWith(cut)).toBe(true)
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(maxBytes)
        expect(cut === text || Buffer.byteLength(cut + next) > maxBytes).toBe(true)
      }),
    )
  })
})
