import { terminalBlock, terminalLine } from '../../text/sanitise-terminal.ts'
import { wrapped } from '../terminal/columns.ts'
import type { Paint, Tone } from '../terminal/paint.ts'

/** What a person reads of one message, and of the data of one call or result. */
const mostWords = 6_000
const mostData = 1_200

interface Shown {
  readonly kind: string
  readonly text: string
  readonly tone?: Tone
  /** Somebody's own words, over several lines. */
  readonly isSaid?: boolean
}

/**
 * A transcript as a judge is shown it, for the eyes of a person: one numbered step after the other,
 * and nothing of what anybody voted. All of it is foreign text; a bar before each further line of a
 * message keeps it from posing as a step.
 *
 * @param transcript - JSON Lines, see `transcriptOf`
 */
export function transcriptLines(transcript: string, paint: Paint): readonly string[] {
  if (transcript === '') return ['  (nothing was said and nothing was done)']
  const lines = transcript.split('\n')
  const width = String(lines.length).length
  return lines.flatMap((line, index) => {
    const { isSaid = false, kind, text, tone } = shownOf(line)
    const start = `  ${String(index + 1).padStart(width)}  `
    const indent = ' '.repeat(start.length + 8)
    const body = isSaid ? said(text, indent) : wrapped(text, indent)
    const [first = '', ...rest] = body
    return [`${start}${paint(tone, kind.padEnd(6))}  ${first.trimStart()}`.trimEnd(), ...rest]
  })
}

function said(text: string, indent: string): readonly string[] {
  const paragraphs = terminalBlock(text, mostWords).trim().split('\n')
  return paragraphs
    .flatMap((paragraph) => wrapped(paragraph, ''))
    .map((line, index) => (index === 0 ? line : `${indent}| ${line}`))
}

type Line = Readonly<Record<string, unknown>>

function shownOf(text: string): Shown {
  const line = parse(text)
  if (line === undefined) return { kind: '?', text: terminalLine(text, mostData) }
  const { args, error, kind, reason, status, tool, value } = line
  const because = typeof reason === 'string' ? `, because "${terminalLine(reason, 240)}"` : ''
  switch (kind) {
    case 'user':
      return { kind: 'user', text: wordsOf(line), tone: 'bold', isSaid: true }
    case 'agent':
      return { kind: 'agent', text: wordsOf(line), tone: 'good', isSaid: true }
    case 'call':
      return { kind: 'call', text: `${dataOf(tool)} ${dataOf(args)}${because}`, tone: 'faint' }
    case 'result':
      return {
        kind: 'result',
        text: `${status === 'ok' ? '' : `${dataOf(status)} `}${dataOf(value ?? error)}`.trim(),
        tone: status === 'ok' ? 'faint' : 'warn',
      }
    default:
      return { kind: '…', text: terminalLine(text, mostData), tone: 'warn' }
  }
}

function wordsOf({ text }: Line): string {
  return typeof text === 'string' ? text : ''
}

function dataOf(value: unknown): string {
  if (value === undefined) return ''
  return terminalLine(typeof value === 'string' ? value : spaced(value), mostData)
}

/** JSON in one line with room to break it; line ends inside of texts are escaped in it. */
function spaced(value: unknown): string {
  return JSON.stringify(value, undefined, 1).replaceAll(/\n\s*/g, ' ')
}

/** A transcript that is committed may have been edited by hand. */
function parse(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Line) : undefined
  } catch {
    return undefined
  }
}
