import { expect } from 'vitest'
import { attribute, dataOf, parsedHtml, textIn } from '../report/page/parsed-html.ts'
import { sarifProblems } from '../report/schemas/sarif-schema.ts'
import { liveInTerminal } from './live-in-terminal.ts'
import { renderedMarkdown } from './rendered-markdown.ts'
import { commandsInLog, otherCommandsInLog } from './runner-commands.ts'

/** Where links of a report may lead. */
const ourSite = 'https://github.com/acme/shop/'

/** What is printed into the log of a job: nothing that a runner obeys, and nothing invisible. */
export function expectInertLog(log: string): void {
  expect(commandsInLog(log)).toEqual([])
  expect(otherCommandsInLog(log)).toEqual([])
  expect(log).not.toContain('\r')
}

/**
 * Annotations, each a line of its own: their titles and messages are as inert as a log, because the runner
 * writes them into its log once more.
 */
export function expectInertAnnotations(lines: readonly string[]): void {
  const found = commandsInLog(lines.join('\n'))
  expect(found.map(({ at, form }) => [form, at])).toEqual(lines.map((_line, at) => ['::', at]))
  for (const line of lines) {
    expect(line).toMatch(annotation)
    const said = line.replace(/^::\w+ [^:]*?title=/, '').replace('::', '\n')
    const decoded = said.replace(/%(?:0D|0A|3A|2C|25)/g, (token) => decodeURIComponent(token))
    expectInertLog(decoded)
    expectInertText(decoded)
  }
}

const annotation =
  /^::(?:error|warning|notice) (?:file=hostile-\d+\/cases\/\w+\/cases\.yaml,line=\d+,)?title=[^,:\r\n]+::[^\r\n]+$/

/** Sanitisers put zero-width spaces in; beside these nothing invisible, and nothing that acts. */
export function expectInertText(text: string): void {
  expect(liveInTerminal(text.replaceAll('\u200b', ''))).toEqual([])
}

/** A comment has a marker on its first line; a job summary has none, and may have several headings. */
export function expectInertMarkdown(
  text: string,
  { headings, marker }: { readonly headings: readonly string[]; readonly marker?: string },
): void {
  const found = renderedMarkdown(text, ourSite)
  expect(found.live).toEqual([])
  expect(found.comments).toEqual(marker === undefined ? [] : [` ${marker} `])
  expect(found.headings.map((words) => words.replace(/\):.*/s, ')'))).toEqual(
    headings.map((id) => `agent-eval (${id})`),
  )
  if (marker !== undefined) {
    expect(text.startsWith(`<!-- ${marker} -->\n### agent-eval (`)).toBe(true)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000)
  }
  expectInertText(text)
}

export function markerOf(evalSet: string): string {
  return `agent-eval:comment v1 evalset=${evalSet}`
}

const ourElements = new Set([
  ...['html', 'head', 'meta', 'link', 'title', 'style', 'body', 'main', 'script'],
  ...['h1', 'h2', 'p', 'section', 'dl', 'dt', 'dd'],
])
const ourAttributes = new Set([
  ...['lang', 'charset', 'name', 'content', 'http-equiv', 'rel', 'href', 'id', 'type'],
])

/** No markup but ours, a policy, one style, and one script beside the data, which are its own. */
export function expectInertPage(html: string): void {
  const { elements, errors } = parsedHtml(html)
  expect(errors.filter((code) => code !== 'noncharacter-in-input-stream')).toEqual([])
  const tags = elements.map(({ tagName }) => tagName)
  expect(tags.filter((tag) => !ourElements.has(tag))).toEqual([])
  for (const single of ['style', 'h1', 'main', 'title']) {
    expect(tags.filter((tag) => tag === single)).toEqual([single])
  }
  const scripts = elements.filter(({ tagName }) => tagName === 'script')
  expect(scripts.map((one) => attribute(one, 'type'))).toEqual(['application/json', undefined])
  const names = elements.flatMap(({ attrs }) => attrs.map(({ name }) => name))
  expect(names.filter((name) => !ourAttributes.has(name))).toEqual([])
  expect(elements.flatMap((one) => attribute(one, 'href') ?? [])).toEqual(['data:,'])
  const policy = elements.find((one) => attribute(one, 'http-equiv') !== undefined)
  expect(policy && attribute(policy, 'content')).toMatch(/^default-src 'none'; script-src 'sha256-/)
  expect(elements.filter(({ tagName }) => tagName === 'title').map(textIn)[0]).not.toBe('')
  for (const text of stringsIn(dataOf({ elements, errors })))
    expect(liveInTerminal(text)).toEqual([])
}

interface SarifLog {
  readonly runs: readonly {
    readonly results: readonly {
      readonly message: { readonly text: string }
      readonly locations: readonly {
        readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } }
      }[]
    }[]
  }[]
}

/** Valid by the published schema; places are files of ours. */
export function expectInertSarif(text: string): void {
  const log = JSON.parse(text) as SarifLog
  expect(sarifProblems(log)).toEqual([])
  for (const { locations, message } of log.runs.flatMap(({ results }) => results)) {
    expectInertText(message.text)
    for (const { physicalLocation } of locations) {
      expect(physicalLocation.artifactLocation.uri).toMatch(/^(?!\.\.)[\w./%-]+$/)
    }
  }
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, child]) => [key, ...stringsIn(child)])
}
