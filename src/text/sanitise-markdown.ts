import { breakReferences } from './break-references.ts'
import { terminalLine } from './sanitise-terminal.ts'
import { stripControl } from './strip-control.ts'
import { truncate } from './truncate.ts'

/**
 * Foreign text as words in a line, a list item or a table cell of GitHub Markdown.
 *
 * Inert: no emphasis, link, image, HTML, code, table, math, list or heading, and no mention.
 * Not for inside an HTML block (`<summary>`), where backslashes show: take
 * `sanitiseHtml(breakReferences(text))` there.
 *
 * @param maxLength - in code points of the text, before escaping
 */
export function markdownInline(text: string, maxLength: number): string {
  return breakReferences(terminalLine(text, maxLength))
    .replace(/[\\`*_{}[\]()#+!|~$=-]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/^(\d{1,9})\./, '$1\\.')
}

/**
 * Foreign text as an inline code span, in a sentence or in a table cell.
 *
 * A `|` would end a cell even inside a code span, and its escape `\|` shows outside of
 * tables; text with one becomes a `<code>` element that reads the same in both places.
 * Keep a space between two spans: adjacent backticks would join.
 */
export function markdownCode(text: string, maxLength: number): string {
  const line = terminalLine(text, maxLength)
  if (line.includes('|')) return `<code>${line.replace(/[!-/:-@[-`{-~]/g, numericEntity)}</code>`

  const ticks = '`'.repeat(longestBacktickRun(line) + 1)
  const isPadded = line === '' || line.startsWith('`') || line.endsWith('`')
  return isPadded ? `${ticks} ${line} ${ticks}` : `${ticks}${line}${ticks}`
}

/**
 * Foreign text as a fenced block, without a newline at its end. Hosts do not read mentions in it.
 *
 * Write it at the start of a line: its lines are not indented with a list. A fence is as
 * long as the text needs, so the block takes up to three times `maxLength`.
 *
 * @param options.language - for highlighting, such as `diff`; ours, never an agent's
 * @param options.maxLength - in code points of the text
 */
export function markdownFence(
  text: string,
  options: { readonly language?: string; readonly maxLength: number },
): string {
  const block = truncate(stripControl(text), options.maxLength).replace(/\n+$/, '')
  const fence = '`'.repeat(Math.max(3, longestBacktickRun(block) + 1))
  return `${fence}${options.language ?? ''}\n${block}\n${fence}`
}

function longestBacktickRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0)
}

function numericEntity(character: string): string {
  return `&#${character.charCodeAt(0)};`
}
