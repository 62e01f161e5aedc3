import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalHost, hostsIn } from '../../../../src/controls/engines/cel/hosts-in.ts'

const unreadable = 'unreadable'
const found = (text: string): readonly string[] => [
  ...new Set(Array.from(hostsIn(text), ({ host }) => host ?? unreadable)),
]

describe('hostsIn', () => {
  it.each([
    ['https://good.com', 'good.com'],
    ['http://GOOD.com/a?b#c', 'good.com'],
    ['wss://good.com:8080/x', 'good.com'],
    ['ftp://good.com', 'good.com'],
    ['https://good.com.', 'good.com'],
    ['https://good.com%2e/', 'good.com'],
    ['https:good.com', 'good.com'],
    ['https:/good.com', 'good.com'],
    ['https:///good.com', 'good.com'],
    [String.raw`https:\\good.com\x`, 'good.com'],
    [String.raw`https:\/\/good.com\/x`, 'good.com'],
    ['gopher://good.com', 'good.com'],
    ['//good.com/x', 'good.com'],
    [String.raw`/\good.com/x`, 'good.com'],
    [String.raw`\\good.com\share`, 'good.com'],
    ['<img src=//good.com/x>', 'good.com'],
    ['www.good.com', 'www.good.com'],
    ['WWW.good.com/x', 'www.good.com'],
    ['https://xn--bcher-kva.de', 'xn--bcher-kva.de'],
    ['https://bücher.de', 'xn--bcher-kva.de'],
    ['https://BÜCHER。de', 'xn--bcher-kva.de'],
    ['http://0x7f.1/', '127.0.0.1'],
    ['http://2130706433/', '127.0.0.1'],
    ['http://[::1]:80/', '[::1]'],
    ['http://[0:0:0:0:0:ffff:127.0.0.1]/', '[::ffff:7f00:1]'],
    ['write to bob@good.com', 'good.com'],
    ['<bob@GOOD.com>', 'good.com'],
    ['bob@good.com.', 'good.com'],
    ['mailto:bob@good.com?subject=hi', 'good.com'],
    ['"bob smith"@good.com', 'good.com'],
    ['root@localhost', 'localhost'],
  ])('%s: %s', (text, host) => {
    expect(found(text)).toEqual([host])
  })

  it.each([
    ['(https://good.com)'],
    ['see https://good.com, then'],
    ['"https://good.com"'],
    ['[shop](https://good.com)'],
    ['[https://good.com](https://good.com)'],
    ['**https://good.com**'],
    ['<https://good.com>.'],
    ['<a href="https://good.com">x</a>'],
    ['at https://good.com: it is good.'],
    ['“https://good.com”'],
    ['https://good.com…'],
    ['https://good.com\nHope this helps.'],
    ['to: a@good.com,b@good.com;c@good.com'],
  ])('takes the host out of its sentence: %s', (text) => {
    expect(found(text)).toEqual(['good.com'])
  })

  it.each([
    ['https://good.com@evil.com'],
    ['https://good.com:443@evil.com'],
    ['https://good.com%2f@evil.com'],
    ['https://good.com\n@evil.com'],
    ['https://good.com\t@evil.com/ x'],
    ['\u0000 https://good.com\r\n@evil.com'],
    ['//good.com\n@evil.com'],
    ['h\nttps:evil.com'],
    ['https://evil.com\\@good.com'],
    ['https://evil.com#@good.com'],
    ['https://evil.com?@good.com'],
    ['https://good.com/?to=https://evil.com'],
    ['https://good.com//https:evil.com'],
    ['https://good.com/?to=//evil.com'],
    ['x"@evil.com'],
    ["o'hara@evil.com"],
    ['a/@evil.com'],
    ['@@evil.com'],
  ])('finds evil.com in %j', (text) => {
    expect(found(text)).toContain('evil.com')
  })

  it.each([
    ['https://good.com.evil.com', 'good.com.evil.com'],
    ['https://good.com%2eevil.com', 'good.com.evil.com'],
    ['https://good.com\n.evil.com', 'good.com.evil.com'],
    ['https://good.com).evil.com', 'good.com).evil.com'],
    ['https://good.com".evil.com', 'good.com".evil.com'],
    ['https://gооd.com', 'xn--gd-fmca.com'],
    ['https://good.com\u200b.evil.com', 'good.com.evil.com'],
    ['bob@good.com.evil.com', 'good.com.evil.com'],
  ])('%j leads to %s', (text, host) => {
    expect(found(text)).toContain(host)
  })

  it.each([
    ['https://good.com]@evil.com'],
    ['https://a@evil.com@good.com'],
    ['https://evil.com,x@good.com'],
    ['https://good.com<.evil.com'],
    ['https://good.com|x.evil.com'],
    ['https://good.com:evil'],
    ['https://good.com:99999'],
    ['https://good.com%00.evil.com'],
    ['https://good.com／evil.com'],
    ['http://[::1]evil.com'],
    ['http://[::1'],
    ['bob@[10.0.0.1]'],
    ['bob@[IPv6:2001:db8::1]'],
    [`https://${'a'.repeat(2_001)}@good.com`],
    ['https://xn--a.com'],
  ])('cannot read %j', (text) => {
    expect(found(text)).toContain(unreadable)
  })

  it.each([
    'example.com',
    'report.pdf',
    'and/or',
    'a//b',
    'https:// is a scheme',
    'use http: or https:.',
    'https://…',
    'www. is old',
    '// a comment',
    'call @bob',
    'https://',
    'zod@4.0.1',
    '(@bob)',
    'C:\\Users',
    '',
  ])('finds none in %j', (text) => {
    expect(found(text)).toEqual([])
  })

  it('a handle in a path is nobody else', () => {
    expect(found('https://good.com/@bob')).toEqual(['good.com'])
    expect(found('https://good.com/package/@types/node')).toEqual(['good.com'])
  })

  it('never overlooks where the browser goes', () => {
    const piece = fc.constantFrom(
      ...['https:', 'http:', '//', '/', '\\', '@', ':', '?', '#', '.', 'good.com', 'evil.com'],
      ...[
        '[',
        ']',
        '%2e',
        '%40',
        '\n',
        '\t',
        'a',
        '(',
        ',',
        '"',
        '80',
        'xn--',
        '\u200b',
        '。',
        '<',
      ],
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = `https:${pieces.join('')}`
        if (!URL.canParse(text)) return
        const browser = trimmed(new URL(text).hostname)
        const hosts = found(text)
        if (browser === '' || hosts.includes(unreadable)) return
        const same = [browser, canonicalHost(browser)]
        expect(
          hosts.filter((host) => same.includes(host) || trimmed(host) === browser),
        ).not.toEqual([])
      }),
      { numRuns: 5_000 },
    )
  })

  it('is linear in the length of what it reads', () => {
    for (const piece of [
      'http:',
      'https://a',
      '//',
      'www.',
      '@',
      'a@b.',
      '(',
      '\\',
      '[',
      'http:x@',
    ]) {
      const text = piece.repeat(Math.ceil(200_000 / piece.length))
      const before = performance.now()
      for (const { host } of hostsIn(text)) if (host === undefined) break
      expect(performance.now() - before, piece).toBeLessThan(5_000)
    }
  })
})

/** No domain ends in punctuation: that is of the sentence around it. */
function trimmed(host: string): string {
  return host.replace(/[\p{P}\p{S}]+$/u, '')
}

describe('canonicalHost', () => {
  it('is one spelling for each host, and none for what is none', () => {
    expect(canonicalHost('GOOD.com.')).toBe('good.com')
    expect(canonicalHost('bücher.de')).toBe('xn--bcher-kva.de')
    for (const text of ['', '.', 'a b', 'a@[', 'a^b']) expect(canonicalHost(text)).toBeUndefined()
  })
})
