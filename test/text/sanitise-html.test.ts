import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sanitiseHtml } from '../../src/text/sanitise-html.ts'
import { hostileTexts } from './hostile-corpus.ts'

describe('sanitiseHtml', () => {
  it('escapes markup and both quotes', () => {
    expect(sanitiseHtml(`<a b="c" d='e'>&`)).toBe('&#60;a b=&#34;c&#34; d=&#39;e&#39;&#62;&#38;')
  })

  it('drops escape sequences and bidi overrides', () => {
    expect(sanitiseHtml('\u001b[1ma\u202eb')).toBe('ab')
  })

  it('holds nothing that a CI runner obeys where the document is printed into a log', () => {
    expect(sanitiseHtml('x\n::error::a')).toBe('x\n&#58;:error&#58;:a')
    expect(sanitiseHtml("'###[error]b")).toBe('&#39;&#35;&#35;#[error]b')
    expect(sanitiseHtml('10:30 #1')).toBe('10:30 #1')
  })

  it.each(hostileTexts)('cannot leave its element or attribute: $name', ({ text }) => {
    expect(sanitiseHtml(text)).not.toMatch(/[<>"'`]|&(?!#\d+;)/)
  })

  it('cannot leave its element or attribute, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(sanitiseHtml(text)).not.toMatch(/[<>"'`\u0000\u001b]|&(?!#\d+;)/)
      }),
    )
  })
})
