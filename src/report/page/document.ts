import { asJson } from '../../schema/json.ts'
import type { PageData, PageFact } from '../../schema/page-data.ts'
import { canonicalJson } from '../../text/canonical-json.ts'
import { sha256 } from '../../text/hash.ts'
import { sanitiseHtml } from '../../text/sanitise-html.ts'
import type { PageAssets } from './page-material.ts'

/**
 * The page as one file that needs nothing else: no network, no other file. What the browser may do stands
 * in its own head: run this script, use this style, and nothing else. A page that is served may also ask
 * where it came from. Without a script it can be read as far as the answers and the notes.
 *
 * All foreign text is escaped: in the document as HTML, in the data as JSON that holds no `<`.
 */
export function renderPageHtml(data: PageData, assets: PageAssets | undefined): string {
  const { script, style } = assets ?? { script: '', style: '' }
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="${policyOf(data, { script, style })}">`,
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    // Without it a browser asks the server for one.
    '<link rel="icon" href="data:,">',
    `<title>${sanitiseHtml(data.title)}</title>`,
    ...(style === '' ? [] : [`<style>${style}</style>`]),
    '</head>',
    '<body>',
    `<main id="page">`,
    ...firstPaint(data),
    '</main>',
    `<script type="application/json" id="page-data">${dataText(data)}</script>`,
    ...(script === '' ? [] : [`<script>${script}</script>`]),
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

/** What a browser may do for this page. */
export function policyOf(
  { served }: Pick<PageData, 'served'>,
  { script, style }: PageAssets,
): string {
  return [
    "default-src 'none'",
    `script-src '${sourceHash(script)}'`,
    `style-src '${sourceHash(style)}'`,
    'img-src data:',
    ...(served === undefined ? [] : ["connect-src 'self'"]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

function sourceHash(text: string): string {
  return `sha256-${Buffer.from(sha256(text), 'hex').toString('base64')}`
}

/**
 * JSON that nothing can end before its time: no `<` for a browser to see a tag in, no line separator, and
 * half a character stands as its escape. No two number signs stand together: whoever prints a page into the
 * log of a CI job gives its runner no command (`##[`).
 */
export function dataText(data: object): string {
  return canonicalJson(asJson(data)).replace(
    /[<>&\u2028\u2029]|(?<=#)#/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** What stands there before the script has run, and where none runs. */
function firstPaint({ answers, heading, notes, remarks }: PageData): readonly string[] {
  return [
    `<h1>${sanitiseHtml(heading)}</h1>`,
    ...remarks.map((remark) => `<p>${sanitiseHtml(remark)}</p>`),
    ...section('What did it do?', answers.did),
    ...section('What did it cost?', answers.cost),
    ...section('Would we do it again?', answers.again),
    ...section('Notes', notes),
  ]
}

function section(title: string, facts: readonly PageFact[]): readonly string[] {
  if (facts.length === 0) return []
  const rows = facts.map(
    ({ label, value }) => `<dt>${sanitiseHtml(label)}</dt><dd>${sanitiseHtml(value)}</dd>`,
  )
  return [`<section><h2>${title}</h2><dl>`, ...rows, '</dl></section>']
}
