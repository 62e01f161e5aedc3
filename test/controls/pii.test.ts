import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findPii } from '../../src/controls/pii.ts'

describe('findPii', () => {
  it.each([
    ['write to bob.smith+shop@mail.example.co.uk!', ['email']],
    ['jürgen@müller.de', ['email']],
    ['a@b.xn--p1ai', ['email']],
    // Test numbers of Visa, Mastercard, American Express and Discover.
    ['card 4111111111111111', ['card']],
    ['card 5555 5555 5555 4444', ['card']],
    ['card 3782-822463-10005', ['card']],
    ['6011111111111117.', ['card']],
    ['order 12 4111 1111 1111 1111', ['card']],
    ['2 4111111111111111', ['card']],
    ['4111 1111 1111 1111 12/27', ['card']],
    // Examples of the IBAN registry.
    ['DE89 3704 0044 0532 0130 00', ['iban']],
    ['GB29NWBK60161331926819', ['iban']],
    ['gb29nwbk60161331926819', ['iban']],
    ['NO9386011117947', ['iban']],
    ['AT611904300234573201 PAID', ['iban']],
    ['PO12 3456 7890 DE89 3704 0044 0532 0130 00', ['iban']],
    ['her number is 078-05-1120', ['ssn']],
    ['bob@example.com, 4111111111111111, 078-05-1120', ['email', 'card', 'ssn']],
  ])('%s: %j', (text, kinds) => {
    expect(findPii(text)).toEqual(kinds)
  })

  it.each([
    '',
    'bob at example dot com',
    'bob@localhost',
    'npm i zod@4.0.1',
    '4111111111111112',
    '0000000000000000',
    '1767603600006 ms',
    'tracking 41111111111111111111111111111111',
    'DE88 3704 0044 0532 0130 00',
    'the order O-1 of 2026-01-05',
    '000-12-3456',
    '666-12-3456',
    '912-12-3456',
    '123-00-4567',
    '123-45-0000',
    'SKU-123-45-6789',
    '123-45-6789-0',
    'call 555-0134',
  ])('nothing in: %s', (text) => {
    expect(findPii(text)).toEqual([])
  })

  it('one wrong digit makes a card number none', () => {
    const digits = Array.from('4111111111111111')
    fc.assert(
      fc.property(fc.nat(15), fc.integer({ min: 1, max: 9 }), (at, by) => {
        const wrong = digits.with(at, String((Number(digits[at]) + by) % 10))
        expect(findPii(wrong.join(''))).toEqual([])
      }),
    )
  })

  it('takes no longer than the text is long', () => {
    // Anything worse than linear would run into the test's own time limit.
    for (const part of ['1 ', 'a.', 'a@', 'AB12 ', '1-', 'x@a.', '4111 ', 'DE89 3704 '])
      expect(findPii(part.repeat(100_000)).length).toBeLessThanOrEqual(4)
  })
})
