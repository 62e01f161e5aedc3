import fc from 'fast-check'
import { marked } from 'marked'
import { expect, test } from 'vitest'
import { sayInMarkdown } from '../../src/report/say.ts'
import { markdownInline } from '../../src/text/sanitise-markdown.ts'

test('what means nothing where it stands needs no escape', () => {
  expect(sayInMarkdown('support-refund')).toBe('support-refund')
  expect(sayInMarkdown('0.1.0')).toBe('0.1.0')
  expect(sayInMarkdown('reference:?obey_injection=0.3 (C-22)')).toBe(
    'reference:?obey_injection=0.3 (C-22)',
  )
})

test('what could mean something keeps its escape', () => {
  expect(sayInMarkdown('- item')).toBe('\\- item')
  expect(sayInMarkdown('1. item')).toBe('1\\. item')
  expect(sayInMarkdown('12) item')).toBe('12\\) item')
  expect(sayInMarkdown('_a_ __b__')).toBe('\\_a\\_ \\_\\_b\\_\\_')
  expect(sayInMarkdown('---')).toBe('\\-\\-\\-')
  expect(sayInMarkdown('===')).toBe('\\=\\=\\=')
  expect(sayInMarkdown('[a](b)')).toBe('\\[a\\]\\(b)')
  expect(sayInMarkdown('(a)')).toBe('\\(a)')
})

/** Texts made of what Markdown and code hosts look for. */
const marks = fc.constantFrom(
  ...[
    'a',
    'B',
    '7',
    ' ',
    '-',
    '_',
    '=',
    '+',
    '(',
    ')',
    '[',
    ']',
    '.',
    '\\',
    '`',
    '*',
    '<',
    '>',
    '~',
    '|',
    '#',
    '!',
    '&',
    ':',
    '/',
    '@',
  ],
)
const texts = fc.array(marks, { maxLength: 40 }).map((all) => all.join(''))
const places = [
  (text: string): string => text,
  (text: string): string => `### agent-eval (${text}): pass`,
  (text: string): string => `words\n${text}`,
  (text: string): string => `- ${text}`,
  (text: string): string => `words **bold** ${text}; ${text}`,
  (text: string): string => `| a | b |\n| :-- | --: |\n| ${text} | (${text}) |`,
]

test('wherever it stands, the page is the same as with every mark escaped', () => {
  fc.assert(
    fc.property(texts, fc.constantFrom(...places), (text, place) => {
      const strict = marked.parse(place(markdownInline(text, 240)), { async: false })
      expect(marked.parse(place(sayInMarkdown(text)), { async: false })).toBe(strict)
    }),
    { numRuns: 2000 },
  )
})
