import fc from 'fast-check'
import { marked } from 'marked'
import { describe, expect, it } from 'vitest'
import { addressPart, folderAddress, linkAddress } from '../../src/text/link-address.ts'
import { parsedHtml } from '../report/page/parsed-html.ts'

describe('an address', () => {
  it.each([
    'https://github.com/acme/bot/actions/runs/42',
    'https://github.example.com:8443/acme/bot/actions/runs/42/attempts/2?pr=7&x=%C3%A9#step:3:1',
    'http://localhost/',
    'https://buildkite.com/acme/bot/builds/3#018c-77',
    'https://gitlab.example.com/acme/bot/-/jobs/9',
    'https://ci.example/~team/a+b=c/@v2/file_name.txt',
    'https://xn--bcher-kva.example/b%C3%BCcher',
  ])('of a page stays what it is: %s', (text) => {
    expect(linkAddress(text)).toBe(text)
  })

  it.each<[string, string]>([
    ['a script', 'javascript:alert(1)'],
    ['a script that looks like an address', 'javascript://example.com/%0aalert(1)'],
    ['data', 'data:text/html,<script>alert(1)</script>'],
    ['a file', 'file:///etc/passwd'],
    ['no scheme', '//evil.example/'],
    ['a scheme in capitals', 'HTTPS://example.com/'],
    ['a user and a password', 'https://user:secret@example.com/'],
    ['a user', 'https://github.com@evil.example/'],
    ['an empty user', 'https://@evil.example/'],
    ['a user behind a port', 'https://github.com:443@evil.example/'],
    ['a backslash that browsers read as a slash', 'https://example.com\\@evil.example/'],
    ['a newline', 'https://example.com/a\nb'],
    ['a newline at its end', 'https://example.com/a\n'],
    ['a carriage return', 'https://example.com/a\r::error::x'],
    ['a tab', 'https://example.com/a\tb'],
    ['a NUL', 'https://example.com/a\u0000'],
    ['an escape sequence', 'https://example.com/\u001b[2J'],
    ['a space', 'https://example.com/a b'],
    ['a space before it', ' https://example.com/a'],
    ['a space that is none', 'https://example.com/a\u00a0b'],
    ['a zero-width space', 'https://exam\u200bple.com/'],
    ['text that runs backwards', 'https://example.com/\u202egnp.exe'],
    ['a parenthesis that ends the link', 'https://example.com/)[x](https://evil.example'],
    ['a parenthesis that opens', 'https://example.com/('],
    ['angle brackets', 'https://example.com/<img/src=x>'],
    ['brackets', 'https://[::1]/'],
    ['quotation marks', 'https://example.com/"onclick="x'],
    ['an apostrophe', "https://example.com/'x"],
    ['a backtick', 'https://example.com/`x`'],
    ['a pipe that ends a cell', 'https://example.com/a|b'],
    ['a dollar', 'https://example.com/$(x)'],
    ['a name in another script', 'https://gіthub.com/acme'],
    ['letters of other scripts in its path', 'https://example.com/é'],
    ['a lone surrogate', 'https://example.com/\ud800'],
    ['no host', 'https:///a'],
    ['no path', 'https://example.com'],
    ['no port', 'https://example.com:/'],
    ['a port that is none', 'https://example.com:123456/'],
    ['nothing', ''],
    ['more than anybody reads', `https://example.com/${'a'.repeat(500)}`],
  ])('is none: %s', (_, text) => {
    expect(linkAddress(text)).toBeUndefined()
    expect(folderAddress(text)).toBeUndefined()
  })

  it('is none where nobody gave one', () => {
    expect(linkAddress(undefined)).toBeUndefined()
  })

  it('leads in Markdown where it says, whatever stands there, and nowhere else', () => {
    const part = fc.constantFrom(
      ...Array.from('/@:?#%&=+~.-_)(<>[]`"\'\\ \n|*!$é'),
      'a',
      '//',
      '](',
      '%0a',
    )
    const text = fc
      .array(part, { maxLength: 30 })
      .map((parts) => `https://a.example/${parts.join('')}`)
    fc.assert(
      fc.property(text, (one) => {
        const link = linkAddress(one)
        if (link === undefined) return
        expect(attributes(marked.parse(`| [run](${link}) |\n|---|\n`, { async: false }))).toEqual([
          ['href', link],
        ])
        expect(new URL(link)).toMatchObject({ host: 'a.example', username: '', password: '' })
      }),
      { numRuns: 300 },
    )
  })
})

/** Every attribute of a piece of HTML, so that one more than the link would be seen. */
function attributes(html: string): readonly (readonly [string, string])[] {
  return parsedHtml(html).elements.flatMap(({ attrs }) =>
    attrs.map(({ name, value }) => [name, value] as const),
  )
}

describe('an address of a folder', () => {
  it('ends in one slash', () => {
    expect(folderAddress('https://a.example/b')).toBe('https://a.example/b/')
    expect(folderAddress('https://a.example/b//')).toBe('https://a.example/b/')
  })

  it('is none where what is put behind it would be no path', () => {
    expect(folderAddress('https://a.example/b?to=')).toBeUndefined()
    expect(folderAddress('https://a.example/b#')).toBeUndefined()
  })
})

describe('part of an address', () => {
  it('holds nothing that Markdown reads, and is read again as what it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const part = addressPart(text)
        expect(part).toMatch(/^[\w.%-]*$/)
        expect(decodeURIComponent(part)).toBe(text)
        expect(linkAddress(`https://a.example/${part}`) === undefined).toBe(part.length > 482)
      }),
    )
  })

  it('replaces half a character', () => {
    expect(addressPart('a\ud800')).toBe('a%EF%BF%BD')
  })
})
