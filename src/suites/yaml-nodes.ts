import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import { quote } from './describe.ts'
import { isForbiddenKey } from './forbidden-keys.ts'

/** Which node each alias stands for: the last anchor of that name before it. */
export type AliasTargets = ReadonlyMap<Alias, Node>

export interface NodeFault {
  readonly message: string
  readonly hint?: string
}

/** A key as text, whatever YAML takes it for: `1`, `true` and `null` are names here. */
export function keyText(key: unknown): string | undefined {
  return isScalar(key) ? (key.source ?? String(key.value)) : undefined
}

/** Why a key may not stand where it does, or `undefined` where it may. */
export function keyFault(key: Node, earlier: ReadonlySet<string>): NodeFault | undefined {
  const text = keyText(key)
  if (text === undefined || (text === '' && isScalar(key) && key.type === 'PLAIN')) {
    return { message: 'a key must be a text', hint: 'put it in quotes' }
  }
  if (isForbiddenKey(text)) return { message: `${quote(text)} is not allowed as a key` }
  return earlier.has(text) ? { message: `duplicate key ${quote(text)}` } : undefined
}

/** Why a plain word would not mean what is written, or `undefined` where it does. */
export function scalarFault({ value, source = '' }: Scalar): NodeFault | undefined {
  if (typeof value !== 'number') return undefined
  if (!Number.isFinite(value)) {
    return { message: `${source} is no number in JSON`, hint: 'put it in quotes if it is text' }
  }
  if (!/^[-+]?\d+$/.test(source)) return undefined
  const hint = 'put it in quotes'
  if (!Number.isSafeInteger(value)) return { message: `${source} is too large to stay exact`, hint }
  if (/^[-+]?0\d/.test(source)) return { message: `${source} would become ${value}`, hint }
  return undefined
}

/** `<<` without quotes. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.source === '<<' && key.type === 'PLAIN'
}

/** The mappings that a `<<` brings in, first wins; `undefined` where it brings in something else. */
export function mergedMaps(value: unknown, targets: AliasTargets): readonly YAMLMap[] | undefined {
  const node = resolveAlias(value, targets)
  if (isMap(node)) return [node]
  if (!isSeq(node)) return undefined
  const maps = node.items.map((item) => resolveAlias(item, targets)).filter((item) => isMap(item))
  return maps.length === node.items.length ? maps : undefined
}

export function resolveAlias(node: unknown, targets: AliasTargets): unknown {
  return isAlias(node) ? targets.get(node) : node
}

/** The entry that gives a mapping this key: its own, or one that `<<` brings in. */
export function findPair(map: YAMLMap, key: string, targets: AliasTargets): Pair | undefined {
  const own = map.items.find((pair) => keyText(pair.key) === key && !isMergeKey(pair.key))
  if (own !== undefined) return own
  for (const pair of map.items) {
    if (!isMergeKey(pair.key)) continue
    for (const merged of mergedMaps(pair.value, targets) ?? []) {
      const found = findPair(merged, key, targets)
      if (found !== undefined) return found
    }
  }
  return undefined
}
