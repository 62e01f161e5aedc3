import {
  type Alias,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml'
import type { JsonObject, JsonValue } from '../schema/json.ts'
import { describeValue, quote } from './describe.ts'
import { limits } from './limits.ts'
import {
  type AliasTargets,
  isMergeKey,
  keyFault,
  keyText,
  mergedMaps,
  type NodeFault,
  scalarFault,
} from './yaml-nodes.ts'
import { type Fault, tooDeep } from './yaml-syntax.ts'

export interface YamlValue {
  readonly value: JsonValue
  readonly targets: AliasTargets
  /** All that a document of ours may not have; empty, or the value is not to be used. */
  readonly faults: readonly Fault[]
}

interface Walk {
  readonly faults: Fault[]
  /** The nodes that anchors name so far. */
  readonly anchors: Map<string, Node>
  readonly targets: Map<Alias, Node>
  /** Collections that are being read: an alias to one of them would never end. */
  readonly open: Set<Node>
  /** How many aliases we are inside of. What is wrong there was told where it is written. */
  inAlias: number
  /** Values that aliases added so far. */
  aliasValues: number
}

/**
 * Turns YAML nodes into a JSON value, and refuses what has no safe meaning: duplicate keys, keys
 * that are no text, prototype keys, tags, numbers that would change, aliases without end.
 *
 * Aliases are expanded, each to its own copy, up to a limit; `<<` merges mappings, and a key that
 * is written out wins. All faults are told at once.
 */
export function readYamlValue(root: Node | null): YamlValue {
  const walk: Walk = {
    faults: [],
    anchors: new Map(),
    targets: new Map(),
    open: new Set(),
    inAlias: 0,
    aliasValues: 0,
  }
  const value = readNode(root, walk)
  return { value, targets: walk.targets, faults: walk.faults }
}

function readNode(node: unknown, walk: Walk): JsonValue {
  if (isAlias(node)) return readAlias(node, walk)
  if (!isNode(node) || !fits(node, walk)) return null
  note(node, walk)
  if (isScalar(node)) {
    tell(walk, node, scalarFault(node))
    return node.value as JsonValue
  }
  walk.open.add(node)
  const value = isMap(node) ? readMap(node, walk) : readList(node, walk)
  walk.open.delete(node)
  return value
}

/** Whether one more value is within the limits. */
function fits(node: Node, walk: Walk): boolean {
  if (walk.inAlias > 0) {
    walk.aliasValues += 1
    if (walk.aliasValues > limits.aliasValues) return false
  }
  if (isScalar(node) || walk.open.size < limits.depth) return true
  if (walk.faults.length < limits.faults) walk.faults.push(tooDeep(offsetOf(node)))
  return false
}

/** Remembers the anchor of a node and refuses its tag. */
function note(node: Node & { readonly tag?: string; readonly anchor?: string }, walk: Walk): void {
  if (node.anchor !== undefined && walk.inAlias === 0) walk.anchors.set(node.anchor, node)
  if (node.tag === undefined) return
  const tag = quote(node.tag.replace('tag:yaml.org,2002:', '!!'))
  tell(walk, node, { message: `tag ${tag} is not allowed; values are plain JSON` })
}

function readAlias(alias: Alias, walk: Walk): JsonValue {
  const target = walk.targets.get(alias) ?? walk.anchors.get(alias.source)
  const name = quote(alias.source)
  if (target === undefined || walk.open.has(target)) {
    const why =
      target === undefined ? 'has no anchor before it' : 'stands inside what it stands for'
    tell(walk, alias, { message: `alias ${name} ${why}` })
    return null
  }
  walk.targets.set(alias, target)
  const before = walk.aliasValues
  walk.inAlias += 1
  const value = readNode(target, walk)
  walk.inAlias -= 1
  if (before <= limits.aliasValues && walk.aliasValues > limits.aliasValues) {
    const message = `with alias ${name} the aliases stand for more than ${limits.aliasValues} values`
    tell(walk, alias, { message, hint: 'use fewer of them, or smaller anchors' })
  }
  return value
}

function readList(node: Node, walk: Walk): readonly JsonValue[] {
  return isSeq(node) ? node.items.map((item) => readNode(item, walk)) : []
}

function readMap(map: YAMLMap, walk: Walk): Readonly<Record<string, JsonValue>> {
  const object: Record<string, JsonValue> = {}
  const merged: (readonly [string, JsonValue])[] = []
  const seen = new Set<string>()
  for (const { key, value } of map.items) {
    if (!isNode(key)) continue
    const wrong = keyFault(key, seen)
    tell(walk, key, wrong)
    if (wrong !== undefined) continue
    note(key, walk)
    const name = keyText(key) ?? ''
    seen.add(name)
    if (!isMergeKey(key)) object[name] = readNode(value, walk)
    else for (const entry of readMerge(value, walk)) merged.push(entry)
  }
  for (const [name, value] of merged) {
    if (!Object.hasOwn(object, name)) object[name] = value
  }
  return object
}

/** The entries that a `<<` brings in, those of the first mapping first. */
function readMerge(node: Pair['value'], walk: Walk): readonly (readonly [string, JsonValue])[] {
  const toldBefore = walk.faults.length
  const value = readNode(node, walk)
  if (mergedMaps(node, walk.targets) === undefined) {
    const message = `<< takes a mapping or a list of mappings, found ${describeValue(value)}`
    if (isNode(node) && walk.faults.length === toldBefore) tell(walk, node, { message })
    return []
  }
  // Where a limit was passed, there are holes.
  return [value].flat().flatMap((each) => (isObject(each) ? Object.entries(each) : []))
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function tell(walk: Walk, node: Node, wrong: NodeFault | undefined): void {
  if (wrong === undefined || walk.inAlias > 0 || walk.faults.length >= limits.faults) return
  walk.faults.push({ offset: offsetOf(node), ...wrong })
}

function offsetOf(node: Node): number {
  return node.range?.[0] ?? 0
}
