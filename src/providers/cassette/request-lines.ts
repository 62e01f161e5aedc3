import type { JsonObject, JsonValue } from '../../schema/json.ts'
import type { Asked } from './cassette-entry.ts'

/** One line of a request as a person reads it. */
export interface RequestLine {
  /** Where it stands: `message 1 (system)`. */
  readonly place: string
  /** The same, with the line where there are several. */
  readonly where: string
  /** Equal in two lines that say the same thing, wherever in the conversation they stand. */
  readonly same: string
  readonly text: string
}

/** Everything that a request says, a line of text or a value a line. */
export function requestLines(asked: Asked): readonly RequestLine[] {
  const lines: RequestLine[] = []
  addLines(lines, { path: ['model'], value: asked.reference })
  if (asked.type === 'http') {
    addLines(lines, { path: ['request'], value: `${asked.method} ${asked.path}` })
  }
  for (const name of Object.keys(asked.request).sort()) {
    const value = asked.request[name]
    if (value === undefined) continue
    if ((name === 'messages' || name === 'input' || name === 'tools') && Array.isArray(value)) {
      addItems(lines, name, value as readonly JsonValue[])
    } else addLines(lines, { path: [name], value })
  }
  return lines
}

function addItems(lines: RequestLine[], name: string, items: readonly JsonValue[]): void {
  for (const [index, item] of items.entries()) {
    const [where, same] = name === 'tools' ? toolPlace(item, index) : messagePlace(item, index)
    addLines(lines, { path: [where], same, value: item })
  }
}

/** How an item is called, and what it is called among others of its kind. */
type Place = readonly [where: string, same: string]

function messagePlace(item: JsonValue, index: number): Place {
  const kind = memberText(item, 'role') ?? memberText(item, 'type') ?? 'item'
  return [`message ${index + 1} (${kind})`, `message (${kind})`]
}

function toolPlace(item: JsonValue, index: number): Place {
  const wrapped = isObject(item) ? item['function'] : undefined
  const name = memberText(item, 'name') ?? memberText(wrapped, 'name') ?? String(index + 1)
  return [`tool ${name}`, `tool ${name}`]
}

function memberText(value: JsonValue | undefined, name: string): string | undefined {
  const member = isObject(value) ? value[name] : undefined
  return typeof member === 'string' ? member : undefined
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

interface Node {
  readonly path: readonly string[]
  /** What stands for the path where lines are compared; absent: the path itself. */
  readonly same?: string
  readonly value: JsonValue
}

/** Members that say where something stands, not what it says. */
const plainMembers = new Set(['content', 'text'])

/** What is nested deeper is one line of JSON. */
const maxDepth = 12

function addLines(lines: RequestLine[], { path, same = path.join('.'), value }: Node): void {
  if (typeof value === 'string') {
    addText(lines, { path, same, text: value })
  } else if (typeof value !== 'object' || value === null || path.length > maxDepth) {
    addText(lines, { path, same, text: JSON.stringify(value) })
  } else if (Object.keys(value).length === 0) {
    // No settings and no tools need no words of their own.
    if (path.length > 1) addText(lines, { path, same, text: JSON.stringify(value) })
  } else if (Array.isArray(value)) {
    for (const item of value as readonly JsonValue[]) addLines(lines, { path, same, value: item })
  } else addMembers(lines, { path, same, value: value as JsonObject })
}

function addMembers(
  lines: RequestLine[],
  { path, same, value }: { path: readonly string[]; same: string; value: JsonObject },
): void {
  for (const name of Object.keys(value).sort()) {
    const member = value[name]
    if (member === undefined || (isLabel(name) && isItem(path))) continue
    const isPlain = plainMembers.has(name)
    addLines(lines, {
      path: isPlain ? path : [...path, name],
      same: isPlain ? same : `${same}.${name}`,
      value: member,
    })
  }
}

/** What the place of a message tells already. */
function isLabel(name: string): boolean {
  return name === 'role' || name === 'type'
}

function isItem([first = '', ...members]: readonly string[]): boolean {
  return members.length === 0 && first.startsWith('message ')
}

interface Piece {
  readonly path: readonly string[]
  readonly same: string
  readonly text: string
}

function addText(lines: RequestLine[], { path, same, text }: Piece): void {
  const place = placeOf(path)
  const pieces = text.split('\n')
  for (const [index, piece] of pieces.entries()) {
    const where = pieces.length === 1 ? place : `${place}, line ${index + 1}`
    lines.push({ place, where, same: `${same}\n${piece}`, text: piece })
  }
}

function placeOf([first = '', ...members]: readonly string[]): string {
  return members.length === 0 ? first : `${first}, ${members.join('.')}`
}
