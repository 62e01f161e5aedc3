import { isMap, isNode, isScalar, isSeq, type Node, type Pair, Scalar } from 'yaml'
import type { Finding } from './problem.ts'
import { type AliasTargets, findPair, resolveAlias } from './yaml-nodes.ts'

export interface YamlTree {
  readonly text: string
  readonly root: Node | null
  readonly targets: AliasTargets
}

interface Place {
  readonly key?: unknown
  readonly value: unknown
}

/**
 * The offset in the text that a finding points at.
 *
 * Follows aliases and merge keys to where the value is written. What is not in the document (a
 * missing key, a default) is the deepest thing on the way to it that is.
 */
export function locate(tree: YamlTree, { path, at, offset }: Finding): number {
  const wanted = at === 'parent' ? path.slice(0, -1) : path
  const place = descend(tree, wanted)
  const { key, value } = place
  if (at !== undefined && isNode(key)) return startOf(key)
  if (!isNode(value)) return isNode(key) ? startOf(key) : startOf(tree.root)
  if (offset !== undefined && isScalar(value))
    return startOf(value) + textOffset(tree.text, value, offset)
  return startOf(value)
}

function descend(tree: YamlTree, path: Finding['path']): Place {
  let place: Place = { value: tree.root }
  for (const step of path) {
    const next = stepInto(place.value, step, tree.targets)
    if (next === undefined) break
    place = next
  }
  return place
}

function stepInto(value: unknown, step: string | number, targets: AliasTargets): Place | undefined {
  const node = resolveAlias(value, targets)
  if (isMap(node)) {
    const pair: Pair | undefined = findPair(node, String(step), targets)
    return pair && { key: pair.key, value: pair.value }
  }
  if (!isSeq(node)) return undefined
  const item = node.items[Number(step)]
  return item === undefined ? undefined : { value: item }
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0
}

/**
 * Where the n-th character of a text value stands, from the start of the value. 0, its start,
 * where the text was folded or has escapes: better a place too early than a wrong one.
 */
function textOffset(text: string, scalar: Scalar, offset: number): number {
  const value = String(scalar.value)
  const start = startOf(scalar)
  if (scalar.type === Scalar.BLOCK_LITERAL) return literalOffset(text.slice(start), value, offset)
  const quotes = scalar.type === Scalar.QUOTE_DOUBLE || scalar.type === Scalar.QUOTE_SINGLE ? 1 : 0
  const before = value.slice(0, offset)
  return text.startsWith(before, start + quotes) ? quotes + offset : 0
}

/** In a `|` block every line of the value is a line of the file, behind the same indentation. */
function literalOffset(source: string, value: string, offset: number): number {
  const before = value.slice(0, offset).split('\n')
  const column = before.at(-1)?.length ?? 0
  const start = before.reduce((from) => source.indexOf('\n', from) + 1, 0)
  const indent = /^ */.exec(source.slice(start, start + 1000))?.[0].length ?? 0
  const valueIndent = /^ */.exec(value.split('\n')[before.length - 1] ?? '')?.[0].length ?? 0
  return start + indent - valueIndent + column
}
