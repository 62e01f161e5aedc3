import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { html } from '../../src/report/html.ts'
import { dataText, renderPageHtml } from '../../src/report/page/document.ts'
import { withTrials } from './page/page-examples.ts'
import { attribute, dataOf, type ParsedHtml, parsedHtml, textIn } from './page/parsed-html.ts'

const assets = { script: 'document.title = "<page>"', style: 'p > a { color: red }' }
const input = { ...withTrials, page: { ...withTrials.page, assets } }

function policyIn({ elements }: ParsedHtml): string {
  const meta = elements.find((element) => attribute(element, 'http-equiv') !== undefined)
  return (meta && attribute(meta, 'content')) ?? ''
}

function textsOf({ elements }: ParsedHtml, tag: string): readonly string[] {
  return elements.filter(({ tagName }) => tagName === tag).map(textIn)
}

function sourceHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

describe('the page in one file', () => {
  const page = html.render(input)
  const parsed = parsedHtml(page)

  it('is one document that asks nobody for anything', () => {
    expect(page.startsWith('<!doctype html>\n<html lang="en">')).toBe(true)
    expect(parsed.errors).toEqual([])
    const reaching = parsed.elements.flatMap((element) =>
      ['src', 'href', 'srcset', 'action', 'data'].flatMap((name) => attribute(element, name) ?? []),
    )
    expect(reaching).toEqual(['data:,'])
  })

  it('lets a browser run its own script and style, and nothing else', () => {
    const policy = policyIn(parsed).split('; ')
    expect(policy).toEqual([
      "default-src 'none'",
      `script-src ${sourceHash(assets.script)}`,
      `style-src ${sourceHash(assets.style)}`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ])
    // What is hashed is what a browser finds there.
    expect(textsOf(parsed, 'style')).toEqual([assets.style])
    expect(textsOf(parsed, 'script')[1]).toBe(assets.script)
  })

  it('can be read without its script: the verdict, the answers, the notes', () => {
    expect(textsOf(parsed, 'h1')[0]).toMatch(
      /^regression: payments.issue_refund ran without approval/,
    )
    expect(textsOf(parsed, 'h2')).toEqual([
      'What did it do?',
      'What did it cost?',
      'Would we do it again?',
      'Notes',
    ])
    expect(textsOf(parsed, 'dd')).toContain('regression (exit 1)')
    const main = parsed.elements.find((element) => attribute(element, 'id') === 'page')
    expect(main?.tagName).toBe('main')
  })

  it('is the same, byte for byte, of the same input', () => {
    expect(html.render(structuredClone(input))).toBe(page)
    expect(page.endsWith('</html>\n')).toBe(true)
  })

  it('holds its data once, as JSON', () => {
    expect(dataOf(parsed)).toMatchObject({ kind: 'PageData', status: 'regression' })
  })
})

describe('a page without its client', () => {
  it('is static: no script runs, and everything can be read', () => {
    const parsed = parsedHtml(html.render(withTrials))
    const scripts = parsed.elements.filter(({ tagName }) => tagName === 'script')
    expect(scripts.map((script) => attribute(script, 'type'))).toEqual(['application/json'])
    expect(textsOf(parsed, 'h1')).toHaveLength(1)
  })
})

describe('a served page', () => {
  it('may ask where it came from', () => {
    const data = dataOf(parsedHtml(html.render(input))) as Parameters<typeof renderPageHtml>[0]
    const served = renderPageHtml({ ...data, served: { isRunning: true } }, assets)
    expect(policyIn(parsedHtml(served))).toContain("; connect-src 'self';")
    expect(policyIn(parsedHtml(renderPageHtml(data, assets)))).not.toContain('connect-src')
  })
})

describe('data in a script element', () => {
  it.each([
    '</script><script>alert(1)</script>',
    '<!--<script>',
    ']]>',
    '\u2028\u2029',
    'half \ud800 a character',
    '&lt;',
    '__proto__',
    '##[error]live ###[group]',
  ])('%j stays what it is', (text) => {
    const json = dataText({ [text]: text })
    expect(JSON.parse(json)).toEqual({ [text]: text })
    expect(json).not.toMatch(/[<>&\u2028\u2029]|##|\p{Surrogate}/u)
  })
})
