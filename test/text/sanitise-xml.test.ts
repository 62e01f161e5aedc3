import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sanitiseXml, sanitiseXmlAttribute } from '../../src/text/sanitise-xml.ts'
import { hostileTexts } from './hostile-corpus.ts'

/** The production Char of XML 1.0, without the markup characters. */
const allowed = /^(?:[\t\n\r -%'-;=?-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|&#\d+;)*$/u

describe('sanitiseXml', () => {
  it('escapes markup', () => {
    expect(sanitiseXml(`]]><a b="c">&'`)).toBe(']]&#62;&#60;a b=&#34;c&#34;&#62;&#38;&#39;')
  })

  it('drops what XML 1.0 has no way to write', () => {
    expect(sanitiseXml('a\u0000\u0008\u001b[1mb\ufffe\uffffc\ud800')).toBe('abc\ufffd')
  })

  it.each(hostileTexts)('is text in any XML document: $name', ({ text }) => {
    expect(sanitiseXml(text)).toMatch(allowed)
  })

  it('is text in any XML document, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(sanitiseXml(text)).toMatch(allowed)
      }),
    )
  })
})

describe('sanitiseXmlAttribute', () => {
  it('keeps newlines and tabs through the normalisation of attribute values', () => {
    expect(sanitiseXmlAttribute('a\n\tb"')).toBe('a&#10;&#9;b&#34;')
  })
})
