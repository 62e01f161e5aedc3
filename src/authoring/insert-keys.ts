import { isMap, isSeq, LineCounter, type Node, parseDocument, stringify, type YAMLMap } from 'yaml'
import type { JsonObject, JsonValue } from '../schema/json.ts'

/** Text to put into a document: where, and what. */
interface Insertion {
  readonly offset: number
  readonly text: string
}

export type Edited =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: string }

/** What to add: the mapping by its path inside the case, and its new keys. */
export interface NewKeys {
  readonly path: readonly string[]
  readonly keys: Readonly<Record<string, JsonValue>>
  /** Where such a list is there already, these are further items; otherwise that is refused. */
  readonly extends?: boolean
}

/**
 * Adds keys to a case in the text of its YAML file and leaves every other character as it is:
 * comments, quotes, order and blank lines are somebody's work.
 *
 * @param text - the file: one case, a list of cases, or a mapping with `cases`
 */
export function insertKeys(text: string, caseId: string, additions: readonly NewKeys[]): Edited {
  const document = parseDocument(text, { lineCounter: new LineCounter() })
  if (document.errors.length > 0) return { ok: false, why: 'the file is not valid YAML' }
  const found = findCase(document.contents, caseId)
  if (found === undefined) return { ok: false, why: `the file has no case ${caseId}` }
  const insertions: Insertion[] = []
  for (const addition of additions) {
    const target = addition.path.reduce<unknown>(
      (node, key) => (isMap(node) ? node.get(key, true) : undefined),
      found,
    )
    if (!isMap(target)) return { ok: false, why: `the case has no ${addition.path.join('.')}` }
    const planned = planKeys(text, target, addition)
    if (typeof planned === 'string') return { ok: false, why: planned }
    insertions.push(...planned)
  }
  // From the end, so that earlier offsets stay true; at one place, the later addition first.
  insertions.reverse().sort((a, b) => b.offset - a.offset)
  const edited = insertions.reduce(
    (result, { offset, text: added }) => result.slice(0, offset) + added + result.slice(offset),
    text,
  )
  return { ok: true, text: edited }
}

/** A case as its file has it; `undefined` where there is none of this id, or no valid YAML. */
export function caseInText(text: string, caseId: string): JsonObject | undefined {
  const document = parseDocument(text)
  const found = document.errors.length > 0 ? undefined : findCase(document.contents, caseId)
  return found?.toJS(document) as JsonObject | undefined
}

function findCase(root: Node | null, id: string): YAMLMap | undefined {
  if (isMap(root)) {
    if (root.get('id') === id) return root
    const list = root.get('cases', true)
    return isSeq(list) ? findInList(list.items, id) : undefined
  }
  return isSeq(root) ? findInList(root.items, id) : undefined
}

function findInList(items: readonly unknown[], id: string): YAMLMap | undefined {
  return items.find((item): item is YAMLMap => isMap(item) && item.get('id') === id)
}

function planKeys(
  text: string,
  map: YAMLMap,
  { keys, ...addition }: NewKeys,
): readonly Insertion[] | string {
  const indent = indentOf(text, map)
  if (indent === undefined) return planFlow(text, map, keys)
  const fresh: Record<string, JsonValue> = {}
  const insertions: Insertion[] = []
  for (const [key, value] of Object.entries(keys)) {
    const known = map.get(key, true)
    if (known === undefined) fresh[key] = value
    else if (addition.extends === true && isSeq(known) && known.flow !== true) {
      const column = indentOfList(text, known.range?.[0] ?? 0)
      insertions.push({ offset: endOf(text, known), text: block(value, column) })
    } else return `the case has ${key} already`
  }
  if (Object.keys(fresh).length === 0) return insertions
  return [...insertions, { offset: endOf(text, map), text: block(fresh, indent) }]
}

/** A mapping in braces gets its new keys before the closing one. */
function planFlow(
  text: string,
  map: YAMLMap,
  keys: NewKeys['keys'],
): readonly Insertion[] | string {
  const known = Object.keys(keys).find((key) => map.has(key))
  if (known !== undefined) return `the case has ${known} already`
  const close = text.lastIndexOf('}', (map.range?.[1] ?? 0) - 1)
  if (map.flow !== true || close === -1) return 'the case is not written as a mapping'
  const members = Object.entries(keys).map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
  const before = text.slice(0, close).trimEnd()
  const comma = map.items.length === 0 || before.endsWith(',') ? '' : ','
  return [{ offset: before.length, text: `${comma} ${members.join(', ')}` }]
}

/** The column of the mapping's keys; `undefined` for one in braces. */
function indentOf(text: string, map: YAMLMap): number | undefined {
  const [first] = map.items
  if (map.flow === true || first === undefined) return undefined
  const start = (first.key as Node).range?.[0] ?? 0
  return start - (text.lastIndexOf('\n', start - 1) + 1)
}

function indentOfList(text: string, start: number): number {
  return start - (text.lastIndexOf('\n', start - 1) + 1)
}

/** Behind the last line of a value, so that a comment beside it stays beside it. */
function endOf(text: string, node: Node): number {
  const last = node.range?.[1] ?? text.length
  const content = text.slice(0, last).trimEnd().length
  const line = text.indexOf('\n', content)
  return line === -1 ? text.length : line
}

function block(value: JsonValue, indent: number): string {
  const lines = stringify(value, { lineWidth: 100 - indent, indentSeq: true })
    .trimEnd()
    .split('\n')
  return `\n${lines.map((line) => (line === '' ? line : ' '.repeat(indent) + line)).join('\n')}`
}
