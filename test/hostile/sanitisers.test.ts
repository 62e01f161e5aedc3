import fc from 'fast-check'
import { marked } from 'marked'
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'
import { describe, expect, test } from 'vitest'
import { prettyCanonicalJson } from '../../src/text/canonical-json.ts'
import { sanitiseCiLog } from '../../src/text/sanitise-ci-log.ts'
import { sanitiseHtml } from '../../src/text/sanitise-html.ts'
import { markdownCode, markdownFence, markdownInline } from '../../src/text/sanitise-markdown.ts'
import { terminalBlock, terminalLine } from '../../src/text/sanitise-terminal.ts'
import { sanitiseXml, sanitiseXmlAttribute } from '../../src/text/sanitise-xml.ts'
import { stripControl } from '../../src/text/strip-control.ts'
import { problemsOf } from '../report/junit/xml-schema.ts'
import { hostileTexts } from '../text/hostile-corpus.ts'
import { liveInTerminal } from './live-in-terminal.ts'
import { renderedMarkdown } from './rendered-markdown.ts'
import { commandsInLog, otherCommandsInLog } from './runner-commands.ts'

const runs = { numRuns: 1_000, seed: 7 }
const anywhere = fc.nat({ max: 200 })

/** Pieces of hostile texts, cut anywhere, in any order, with what joins and ends things in between. */
const mixed = fc
  .array(
    fc.oneof(
      fc
        .tuple(
          fc.constantFrom(...hostileTexts.map(({ text }) => text.slice(0, 400))),
          anywhere,
          anywhere,
        )
        .map(([text, from, length]) => text.slice(from % (text.length + 1)).slice(0, length)),
      fc.constantFrom(
        ...'\n|\r|`|``|\\|||[|]|(|)|<|>|&|;|::|##|[x] |@|#1|"|\u001b|\u200b|\u009b| |\t'.split('|'),
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))

type Node = DefaultTreeAdapterTypes.Node

function namesIn(node: Node): readonly string[] {
  const children = 'childNodes' in node ? node.childNodes.flatMap(namesIn) : []
  return node.nodeName === '#text' || node.nodeName === '#document-fragment'
    ? children
    : [node.nodeName, ...children]
}

function wordsIn(node: Node): string {
  if ('value' in node) return node.value
  return 'childNodes' in node ? node.childNodes.map(wordsIn).join('') : ''
}

/** Elements of a Markdown document, and what a host would do with its text. */
function shown(markdown: string): {
  readonly names: readonly string[]
  readonly live: readonly string[]
} {
  const tree = parseFragment(marked.parse(markdown, { gfm: true, async: false }))
  return { names: namesIn(tree), live: renderedMarkdown(markdown, 'https://ours.example/').live }
}

/** A text wherever our reports put one: in a sentence, a list, a cell, a heading, a summary of details. */
function frames(text: string): readonly (readonly [markdown: string, names: readonly string[]])[] {
  return [
    [`before ${text} after`, ['p']],
    [text === '' ? 'x' : text, ['p']],
    [`- ${text}\n- b`, ['ul', 'li', 'li']],
    [`**Cases** (${text}), ${text}`, ['p', 'strong']],
    [`### h: ${text}`, ['h3']],
    [
      `| a | b |\n|---|---|\n| ${text} | c |`,
      ['table', 'thead', 'tr', 'th', 'th', 'tbody', 'tr', 'td', 'td'],
    ],
    [`<details><summary>s</summary>\n\n${text}\n\n</details>`, ['details', 'summary', 'p']],
  ]
}

describe('pieces of hostile texts, mixed', () => {
  test('are words of Markdown', () => {
    fc.assert(
      fc.property(mixed, fc.constantFrom(20, 240), (text, maxLength) => {
        const inline = markdownInline(text, maxLength)
        for (const [markdown, names] of frames(inline === '' ? 'x' : inline)) {
          const found = shown(markdown)
          expect([markdown, found.live]).toEqual([markdown, []])
          expect([markdown, found.names]).toEqual([markdown, names])
        }
      }),
      { ...runs, numRuns: 600 },
    )
  })

  test('are code of Markdown, letter for letter', () => {
    fc.assert(
      fc.property(mixed, (text) => {
        const code = markdownCode(text, 120)
        for (const [markdown, names] of frames(code)) {
          const found = shown(markdown)
          expect([markdown, found.live]).toEqual([markdown, []])
          const others = found.names.filter((name) => name !== 'code')
          expect([markdown, others]).toEqual([markdown, names])
        }
        const [element] = parseFragment(marked.parse(code, { gfm: true, async: false })).childNodes
        expect(element && wordsIn(element).trim()).toBe(terminalLine(text, 120))
      }),
      { ...runs, numRuns: 600 },
    )
  })

  test('are a block of Markdown that ends where it should', () => {
    fc.assert(
      fc.property(mixed, (text) => {
        const found = shown(`before\n\n${markdownFence(text, { maxLength: 300 })}\n\nafter`)
        expect(found.names).toEqual(['p', 'pre', 'code', 'p'])
      }),
      runs,
    )
  })

  test('are text of an HTML element and of an attribute', () => {
    fc.assert(
      fc.property(mixed, (text) => {
        const safe = sanitiseHtml(text)
        const tree = parseFragment(`<p title="${safe}" lang='${safe}'>${safe}</p><b>x</b>`)
        expect(namesIn(tree)).toEqual(['p', 'b'])
        const [element] = tree.childNodes
        const plain = stripControl(text)
        expect(element && wordsIn(element)).toBe(plain)
        expect(element && 'attrs' in element && element.attrs).toEqual([
          { name: 'title', value: plain },
          { name: 'lang', value: plain },
        ])
        expect(commandsInLog(`<p>${safe}</p>\n${safe}`)).toEqual([])
      }),
      runs,
    )
  })

  test('are text of an XML document', async () => {
    const texts = fc.sample(mixed, { ...runs, numRuns: 300 })
    const documents = texts.map(
      (text) =>
        `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${sanitiseXmlAttribute(text)}"><testsuite name="a" tests="1"><testcase name="b"><failure message="${sanitiseXmlAttribute(text)}">${sanitiseXml(text)}</failure></testcase></testsuite></testsuites>\n`,
    )
    expect(await problemsOf(...documents)).toEqual([])
  })

  test('give no runner anything to obey', () => {
    fc.assert(
      fc.property(mixed, (text) => {
        for (const log of [text, terminalLine(text), terminalBlock(text), ` \t${text}`]) {
          const safe = sanitiseCiLog(log)
          expect([safe, commandsInLog(safe)]).toEqual([safe, []])
          expect(safe).not.toContain('\r')
        }
        expect(otherCommandsInLog(sanitiseCiLog(terminalBlock(text)))).toEqual([])
      }),
      runs,
    )
  })

  test('show a terminal what it shows, and nothing to act on', () => {
    fc.assert(
      fc.property(mixed, (text) => {
        expect(liveInTerminal(terminalLine(text))).toEqual([])
        expect(liveInTerminal(terminalBlock(text))).toEqual([])
        expect(terminalLine(text)).not.toMatch(/[\n\t]/)
        expect(terminalBlock(terminalBlock(text))).toBe(terminalBlock(text))
      }),
      runs,
    )
  })

  test('are a string of JSON that a terminal can show', () => {
    fc.assert(
      fc.property(mixed, (text) => {
        const json = prettyCanonicalJson({ [text]: [text] })
        expect(JSON.parse(json)).toEqual({ [text]: [text] })
        expect(liveInTerminal(json.replace(/[\p{M}\u200c\u200d]/gu, ''))).toEqual([])
        expect(commandsInLog(json.replaceAll('##', '#\\u0023'))).toEqual([])
      }),
      runs,
    )
  })
})
