import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markdownCode, markdownFence, markdownInline } from '../../src/text/sanitise-markdown.ts'
import { terminalBlock, terminalLine } from '../../src/text/sanitise-terminal.ts'
import { hostileTexts } from './hostile-corpus.ts'

/** Random text in which the active characters of Markdown are frequent. */
const markdown = fc
  .array(
    fc.oneof(
      fc.constantFrom(...Array.from('\\`*_{}[]()#+!|~$=-<>&@:/.1 \n')),
      fc.constantFrom('www', 'GH-', 'http://', '\u200b', '\u001b[1m', 'é', 'word'),
      fc.string({ unit: 'binary', maxLength: 2 }),
    ),
  )
  .map((parts) => parts.join(''))

describe('markdownInline', () => {
  it.each([
    ['**bold** _it_ `code` ~~x~~', '\\*\\*bold\\*\\* \\_it\\_ \\`code\\` \\~\\~x\\~\\~'],
    ['<b>&amp;</b>', '&lt;b&gt;&amp;amp;&lt;/b&gt;'],
    ['![x](https://e.example)', '\\!\\[x\\]\\(https:\u200b//e.example\\)'],
    ['a | b \\| c', 'a \\| b \\\\\\| c'],
    ['$x$', '\\$x\\$'],
    ['fixes #12 and GH-7', 'fixes \\#\u200b12 and GH\\-\u200b7'],
    ['cc @copilot, see www.x', 'cc @\u200bcopilot, see www\u200b.x'],
    ['# h', '\\# h'],
    ['1. x', '1\\. x'],
    ['---', '\\-\\-\\-'],
    ['===', '\\=\\=\\='],
    ['/approve', '/\u200bapprove'],
    ['a\n\n# b', 'a \\# b'],
    ['\u001b[31mred\u202e', 'red'],
  ])('%j', (text, expected) => {
    expect(markdownInline(text, 100)).toBe(expected)
  })

  it('caps the text before it escapes, so that no escape is cut in two', () => {
    expect(markdownInline('****', 3)).toBe('\\*\\*…')
    expect(markdownInline('<<<<', 2)).toBe('&lt;…')
  })

  it.each(hostileTexts)('has no active character: $name', ({ text }) => {
    expectInertInline(text)
  })

  it('has no active character, whatever the text', () => {
    fc.assert(fc.property(markdown, expectInertInline), { numRuns: 2000 })
  })
})

describe('markdownCode', () => {
  it.each([
    ['get_order', '`get_order`'],
    ['a `b` c', '``a `b` c``'],
    ['`', '`` ` ``'],
    ['``x', '``` ``x ```'],
    ['a\\', '`a\\`'],
    ['', '`  `'],
    ['a\nb', '`a b`'],
    ['@copilot', '`@copilot`'],
    ['a | `b`', '<code>a &#124; &#96;b&#96;</code>'],
    ['<b>|@x', '<code>&#60;b&#62;&#124;&#64;x</code>'],
  ])('%j', (text, expected) => {
    expect(markdownCode(text, 100)).toBe(expected)
  })

  it.each(hostileTexts)('is one code span, in a table too: $name', ({ text }) => {
    expectOneCodeSpan(text)
  })

  it('is one code span, whatever the text', () => {
    fc.assert(fc.property(markdown, expectOneCodeSpan), { numRuns: 2000 })
  })
})

describe('markdownFence', () => {
  it('names the language and closes on its own line', () => {
    expect(markdownFence('- a\n+ b\n', { language: 'diff', maxLength: 100 })).toBe(
      '```diff\n- a\n+ b\n```',
    )
  })

  it('is longer than any fence inside', () => {
    expect(markdownFence('```\n````\n', { maxLength: 100 })).toBe('`````\n```\n````\n`````')
  })

  it('caps the text and still closes', () => {
    expect(markdownFence('abcdef', { maxLength: 3 })).toBe('```\nab…\n```')
  })

  it.each(hostileTexts)('ends only at its own end: $name', ({ text }) => {
    expectOneFence(text)
  })

  it('ends only at its own end, whatever the text', () => {
    fc.assert(fc.property(markdown, expectOneFence), { numRuns: 2000 })
  })
})

/** Reads the output as CommonMark does, and expects nothing but literal characters of the text. */
function expectInertInline(text: string): void {
  const output = markdownInline(text, 80)
  const literal = output.replace(
    /\\([!-/:-@[-`{-~])|&(amp|lt|gt);|[\\`*_{}[\]()#+!|~$=\-<>&\n]/g,
    read,
  )
  expect(literal).not.toContain('\u0000')
  expect(literal.replaceAll('\u200b', '')).toBe(terminalLine(text, 80))
  expect(literal).not.toMatch(/@\w|[#!]\d|GH-\d|:\/\/|www\.|^\/\w/i)
  expect(output).not.toMatch(/^\d+[.)]/)
}

function read(active: string, escaped?: string, entity?: string): string {
  if (escaped !== undefined) return escaped
  // NUL marks an active character that stands unescaped.
  return entity === undefined ? '\u0000' : ({ amp: '&', lt: '<', gt: '>' }[entity] ?? active)
}

function expectOneCodeSpan(text: string): void {
  const output = markdownCode(text, 80)
  expect(output).not.toMatch(/[|\n]/)
  const element = /^<code>(.*)<\/code>$/.exec(output)?.[1]
  if (element !== undefined) {
    expect(element.replace(/&#\d+;/g, '')).not.toMatch(/[!-/:-@[-`{-~]/)
    return
  }
  const [, ticks = '', inside = ''] = /^(`+)(?!`)(.*)(?<!`)\1$/.exec(output) ?? []
  const content = /^ .*[^ ].* $/.test(inside) ? inside.slice(1, -1) : inside
  expect(content.match(/`+/g) ?? []).not.toContain(ticks)
  expect(content.trim()).toBe(terminalLine(text, 80))
}

function expectOneFence(text: string): void {
  const lines = markdownFence(text, { maxLength: 80 }).split('\n')
  const fence = lines.at(0) ?? ''
  const inside = lines.slice(1, -1)
  expect(fence).toMatch(/^`{3,}$/)
  expect(lines.at(-1)).toBe(fence)
  expect(inside.filter((line) => line.includes(fence))).toEqual([])
  expect(inside.join('\n')).toBe(terminalBlock(text, 80).replace(/\n+$/, ''))
}
