import { marked } from 'marked'
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'

type Node = DefaultTreeAdapterTypes.Node

/** What our own renderer makes of our own text. */
const ours: ReadonlySet<string> = new Set(
  'h3 h4 p ul li strong em code pre table thead tbody tr th td details summary sub a br'.split(' '),
)

/** What a host makes a name, a number, a link or a picture of, in text outside of code. */
const references = /@\w|(?<!\w)[#!]\d|\bGH-\d|:\/\/|\bwww\.|(?<![\w:]):(?:[+-]1|\w*[a-z][\w+-]*):/gi

/** At the beginning of a list item a box to tick. */
const box = /^\s*\[[ x]\]/i

/** Commands of bots, which read the raw text line by line, and blocks that a host knows by their lines. */
const rawLine = /^\s*(?:\/\w|@\w|>|\[[^\]]*\]:)/

/** Footnotes and links that are not escaped; our parser knows no footnotes. */
const rawBrackets = /(?<!\\)\[\^|(?<!\\)\]\[/

/** A Markdown document as a host shows it. */
export interface RenderedMarkdown {
  /** Elements and attributes that are not ours, links that lead elsewhere, and references. */
  readonly live: readonly string[]
  readonly headings: readonly string[]
  /** HTML comments, wherever they stand. */
  readonly comments: readonly string[]
}

/** @param site - what every link must begin with */
export function renderedMarkdown(text: string, site: string): RenderedMarkdown {
  const nodes = below(parseFragment(marked.parse(text, { gfm: true, async: false })))
  return {
    live: [
      ...nodes.flatMap(({ node }) => foreignMarkup(node, site)),
      ...nodes.flatMap(({ node, isQuoted }) => (isQuoted ? [] : liveWords(node))),
      ...withoutCode(text)
        .split('\n')
        .filter((line) => rawLine.test(line) || rawBrackets.test(line)),
    ],
    headings: nodes.flatMap(({ node }) => (node.nodeName === 'h3' ? [wordsIn(node)] : [])),
    comments: nodes.flatMap(({ node }) => (node.nodeName === '#comment' ? [wordsIn(node)] : [])),
  }
}

interface Placed {
  readonly node: Node
  /** Stands in code, where hosts look for nothing, or in a link of ours. */
  readonly isQuoted: boolean
}

function below(node: Node, isQuoted = false): readonly Placed[] {
  const quotes = isQuoted || ['code', 'pre', 'a'].includes(node.nodeName)
  const children = 'childNodes' in node ? node.childNodes : []
  return [{ node, isQuoted }, ...children.flatMap((child) => below(child, quotes))]
}

function foreignMarkup(node: Node, site: string): readonly string[] {
  if (!('tagName' in node)) return []
  const { attrs, tagName } = node
  if (!ours.has(tagName)) return [`<${tagName}>`]
  return attrs
    .filter(({ name, value }) => !isOurs(`${tagName} ${name}`, value, site))
    .map(({ name, value }) => `<${tagName} ${name}="${value}">`)
}

function isOurs(attribute: string, value: string, site: string): boolean {
  if (attribute === 'a href') return value.startsWith(site)
  if (attribute === 'code class') return value === 'language-diff'
  return /^t[hd] align$/.test(attribute)
}

function liveWords(node: Node): readonly string[] {
  if (node.nodeName === 'li') return box.exec(firstWords(node)) ?? []
  return node.nodeName === '#text' ? (wordsIn(node).match(references) ?? []) : []
}

/** Those that an element begins with; none where code comes first. */
function firstWords(node: Node): string {
  if (node.nodeName === 'code') return ''
  const [first] = 'childNodes' in node ? node.childNodes : []
  return first === undefined ? wordsIn(node) : firstWords(first)
}

function wordsIn(node: Node): string {
  if ('value' in node) return node.value
  if ('data' in node) return node.data
  return 'childNodes' in node ? node.childNodes.map(wordsIn).join('') : ''
}

/** Without fenced blocks and code spans. */
function withoutCode(text: string): string {
  return text
    .replace(/^(`{3,})diff\n[\s\S]*?\n\1$/gm, '')
    .replace(/\\[\s\S]|(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, (found) =>
      found.startsWith('\\') ? found : 'CODE',
    )
}
