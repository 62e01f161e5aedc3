import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findPii, findSensitive } from '../../../src/controls/sensitive/find-sensitive.ts'
import { kindsIn, wordsOf } from './kinds-in.ts'

describe('findPii', () => {
  it.each([
    ['write to bob.smith+shop@mail.example.co.uk!', ['email']],
    ['jürgen@müller.de', ['email']],
    ['a@b.xn--p1ai', ['email']],
    // Test numbers of Visa, Mastercard, American Express and Discover.
    ['card 4111111111111111', ['card']],
    ['card 5555 5555 5555 4444', ['card']],
    ['card 3782-822463-10005', ['card']],
    ['card 4111.1111.1111.1111.', ['card']],
    ['6011111111111117.', ['card']],
    ['order 12 4111 1111 1111 1111', ['card']],
    ['2 4111111111111111', ['card']],
    ['4111 1111 1111 1111 12/27', ['card']],
    // Examples of the IBAN registry.
    ['DE89 3704 0044 0532 0130 00', ['iban']],
    ['GB29NWBK60161331926819', ['iban']],
    ['gb29nwbk60161331926819', ['iban']],
    ['NO9386011117947', ['iban']],
    ['NO93 8601 1117 947 is hers', ['iban']],
    ['MT84 MALT 0110 0001 2345 MTLC AST0 01S', ['iban']],
    ['AT611904300234573201 PAID', ['iban']],
    ['PO12 3456 7890 DE89 3704 0044 0532 0130 00', ['iban']],
    ['her number is 078-05-1120', ['ssn']],
    ['bob@example.com, 4111111111111111, 078-05-1120', ['email', 'card', 'ssn']],
    ['+14155552671', ['phone']],
    ['call +49 30 901820 today', ['phone']],
    ['+44 (0)20 7946 0958', ['phone']],
    ['(+55) 11 91234-5678', ['phone']],
    ['tel:+1-415-555-2671', ['phone']],
    // Nobody has these numbers, and they are meant as phones.
    ['+1 (555) 123-4567', ['phone']],
    ['555-123-4567', ['phone']],
    ['(415) 555-2671', ['phone']],
    ['1-415-555-2671 x12', ['phone']],
    ['415.555.2671', ['phone']],
    ['her phone number is 0171 1234567', ['phone']],
    ['Tel.: 030/901820', ['phone']],
    ['from 203.0.113.7:443', ['ipv4']],
    ['ip=8.8.8.8', ['ipv4']],
    ['http://198.51.100.23/login', ['ipv4']],
  ])('%s: %j', async (text, kinds) => {
    expect(kindsIn(await findPii(text))).toEqual(kinds)
  })

  it.each([
    '',
    'visit us at example.com',
    'visit us at example dot com',
    'meet Ana at the dot in the map',
    'the dot com boom at the time',
    'bob@localhost',
    'npm i zod@4.0.1',
    'logo@2x.png',
    '4111111111111112',
    '0000000000000000',
    '1767603600006 ms',
    'tracking 41111111111111111111111111111111',
    '3.14159265358979',
    'DE88 3704 0044 0532 0130 00',
    // Passes the check digits, and no country has accounts of DD.
    'commit dd950d252ca84d29',
    'the order O-1 of 2026-01-05',
    '000-12-3456',
    '666-12-3456',
    '912-12-3456',
    '123-00-4567',
    '123-45-0000',
    'SKU-123-45-6789',
    '123-45-6789-0',
    '555-22-9999X',
    'call 555-0134',
    'O-1234567890',
    'order 1234567890',
    'order number 4155552671',
    '415 555 2671',
    'tracking 1Z999AA10123456784 or 9400 1000 0000 0000 0000 00',
    'ref SKU-415-555-2671',
    '112-3456789-1234567',
    '2026-01-05T09:00:00+01:00',
    '2026-01-05 09:00:00 +0100',
    'between 2026-01-05 and 2026-02-11, 14 days',
    '$1,234,567.89 and +1 234.50 and 1,000,000+',
    '= 10 + (499.28 - 471.82) + 2459.74 - 2520.52',
    '+499.28 - 471.82',
    '+15 % or +1 point',
    '1+4155552671',
    'my iPhone: 12345678',
    '2026/01/05 and 2026/02/11, 1/2/3/4',
    'path/4111/1111/1111/1112',
    // A column of four-digit numbers, of which every fourth window would pass for a card.
    '4111\n1111\n1111\n1111',
    '2019\n2020\n2021\n2022\n2023\n2024\n2025\n2026\n2027\n2028',
    '好。OK',
    '+999 1234567890',
    '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
    'version 1.2.3.4',
    'v1.2.3.4 and foo-1.2.3.4-beta',
    'Mozilla/5.0 Chrome/120.0.0.0',
    'pip install foo==1.2.3.4',
    'section 4.1.2.3, § 4.1.2.3',
    '1.2.3.4.5',
    '256.1.1.1 and 1.2.3.256 and 01.02.03.04',
    // Nobody outside of one network is at these.
    '10.0.0.1 127.0.0.1 192.168.1.20 172.16.0.9 169.254.1.1 100.64.0.1 0.0.0.0 255.255.255.0',
  ])('nothing in: %s', async (text) => {
    expect(await findPii(text)).toEqual([])
  })

  it.each([
    'ana at example dot com',
    'ana dot lopez at mail dot example dot com',
    'ana[at]example.com',
    'ana (at) example (dot) com',
    'ana {AT} example {DOT} org',
    'ana @ example.com',
    'ana@example dot com',
    'ａｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ',
    'a\u200bna@exam\u200bple.c\u00adom',
    '\u202eana@example.com\u202c',
    'ana&#64;example&period;com',
    'ana&#x40;example.com',
    'ana&amp;#64;example.com',
    'ana%40example.com',
    'ana%2540example.com',
    'ana\\u0040example.com',
    '𝐚𝐧𝐚@𝐞𝐱𝐚𝐦𝐩𝐥𝐞.𝐜𝐨𝐦',
    'mu\u0308ller@mu\u0308ller.de',
  ])('the address in: %s', async (text) => {
    expect(kindsIn(await findPii(text))).toEqual(['email'])
  })

  it.each([
    ['４１１１ １１１１ １１１１ １１１１', ['card']],
    ['4111\u00a01111\u202f1111\u20091111', ['card']],
    ['4111‑1111–1111—1111', ['card']],
    ['41\u200b1111\u200b1111111111', ['card']],
    // Without the invisible sign they are eighteen digits and no card.
    ['12\u200b4111111111111111', ['card']],
    ['078–05–1120', ['ssn']],
    ['＋49 30 901820', ['phone']],
    ['+1&nbsp;415&nbsp;555&#8209;2671', ['phone']],
    ['first\\n078-05-1120\\nlast', ['ssn']],
    ['٤١١١١١١١١١١١١١١١', ['card']],
    ['४१११ ११११ ११११ ११११', ['card']],
    ['4111_1111_1111_1111', ['card']],
    ['4111/1111/1111/1111', ['card']],
    ['3782_822463_10005', ['card']],
    ['bob@example。com', ['email']],
    ['ｂｏｂ＠ｅｘａｍｐｌｅ｡ｃｏｍ', ['email']],
    ['"bob smith"@example.com', ['email']],
    // A reply in several parts is one text with line breaks.
    ['bob@\nexample.com', ['email']],
    ['bob@example\r\n.com', ['email']],
    ['bob\n@exa\n  mple.com', ['email']],
    ['ｂｏｂ＠\nｅｘａｍｐｌｅ．ｃｏｍ', ['email']],
    ['4111 1111\n1111 1111', ['card']],
    ['4111-1111 \n\n 1111-1111', ['card']],
    ['41111111\n11111111', ['card']],
    ['DE89 3704 0044\n0532 0130 00', ['iban']],
    ['+49 30\n901820', ['phone']],
  ])('however it is spelt: %s', async (text, kinds) => {
    expect(kindsIn(await findPii(text))).toEqual(kinds)
  })

  it('one wrong digit makes a card number none', async () => {
    const digits = Array.from('4111111111111111')
    await fc.assert(
      fc.asyncProperty(fc.nat(15), fc.integer({ min: 1, max: 9 }), async (at, by) => {
        const wrong = digits.with(at, String((Number(digits[at]) + by) % 10))
        expect(await findPii(wrong.join(''))).toEqual([])
      }),
    )
  })

  it('leaves off the groups that only follow a phone number', async () => {
    const text = 'call +1 415 555 2671 2026 or +49 30 901820.'
    expect(wordsOf(text, await findPii(text))).toEqual(['+1 415 555 2671', '+49 30 901820'])
  })

  it('takes no word of the next line for a part of what stands in one', async () => {
    const text = 'Write to bob@example.com\nThanks!\nCall +1 415 555 2671\n2026 is near.'
    expect(wordsOf(text, await findSensitive(text))).toEqual(['bob@example.com', '+1 415 555 2671'])
  })

  it('asks about two thousand phone numbers and takes the others as told', async () => {
    const noCountry = '+999 12345678, '
    expect(await findPii(noCountry.repeat(2_000))).toEqual([])
    expect(await findPii(noCountry.repeat(2_500))).toHaveLength(500)
  })

  it('takes no longer than the text is long', async () => {
    // Anything worse than linear would run into the test's own time limit.
    const parts = ['1 ', '1-', '4111 ', '@', 'a.', 'a@', 'x@a.', 'a at b dot ', '[at]', '+1 ', '+']
    const others = ['+1-1-1-1-1-1-1-1', 'AB12 ', 'DE89 3704 ', '1.1.1.', 'tel 1', '(415) 555-']
    const folded = ['\u200b', '–', 'ａ', '&#64;', '&amp;', '%40', '\\u0040', 'a\u0301\u0323']
    const lines = ['\n', '4111\n', 'a@\n', 'a@b.co\n', '1\r\n ', '٤', '4_', '"', '"@', 'a。']
    for (const part of [...parts, ...others, ...folded, ...lines]) {
      const findings = await findSensitive(part.repeat(100_000))
      for (const [index, { start }] of findings.entries()) {
        expect(start).toBeGreaterThanOrEqual(findings[index - 1]?.end ?? 0)
      }
    }
  })
})
