import type { JsonObject, JsonValue } from '../schema/json.ts'
import { compareNames, entriesByName } from './by-name.ts'
import { isList, isObject, scalarsIn } from './json-walk.ts'

/** What the state of a world knows by name: its records, and which values stand for one another. */
export interface RecordIndex {
  /**
   * Other records of the collection that an id is of, the most alike first; of equally like ones the
   * first by name.
   */
  readonly othersLike: (id: string) => readonly string[]
  /** Other texts that stand under the same name somewhere: another postcode for a postcode. */
  readonly sameKind: (text: string) => Iterable<string>
  /** All ids of records, by collection; numbers as text. */
  readonly ids: readonly string[]
}

/** Records of a kind, by id; and for those that were asked for, which others are like them. */
interface Collection {
  readonly records: ReadonlyMap<string, JsonObject>
  readonly alike: Map<string, readonly string[]>
}

/** What one member of the state has of it; states share members that no case changes. */
interface PartIndex {
  readonly collections: readonly Collection[]
  readonly namesOf: ReadonlyMap<string, ReadonlySet<string>>
  readonly textsUnder: ReadonlyMap<string, ReadonlySet<string>>
}

const known = new WeakMap<object, PartIndex>()
const nothing: PartIndex = { collections: [], namesOf: new Map(), textsUnder: new Map() }

/** @param state - a snapshot, so that equal members of two states are one object */
export function indexRecords(state: JsonObject): RecordIndex {
  const parts = entriesByName(state).map(([, member]) => indexOf(member))
  const collections = parts.flatMap((part) => part.collections)
  const asked = new Map<string, readonly string[]>()
  return {
    ids: collections.flatMap(({ records }) => [...records.keys()]),
    othersLike(id) {
      const others = asked.get(id) ?? othersIn(collections, id)
      asked.set(id, others)
      return others
    },
    sameKind: (text) => othersUnderItsNames(parts, text),
  }
}

function* othersUnderItsNames(parts: readonly PartIndex[], text: string): Generator<string> {
  const names = new Set(parts.flatMap((part) => [...(part.namesOf.get(text) ?? [])]))
  const groups = parts.flatMap(({ textsUnder }) =>
    [...names].flatMap((name) => textsUnder.get(name) ?? []),
  )
  for (const texts of groups) {
    for (const other of [...texts].sort(compareNames)) if (other !== text) yield other
  }
}

function indexOf(member: JsonValue): PartIndex {
  if (typeof member !== 'object' || member === null) return nothing
  const made = known.get(member)
  if (made !== undefined) return made
  const collections: Collection[] = []
  collectFrom(member, collections)
  const index = { collections, ...indexTexts(member) }
  known.set(member, index)
  return index
}

function collectFrom(value: JsonValue, into: Collection[]): void {
  const records = recordsOf(value)
  if (records !== undefined) into.push({ records, alike: new Map() })
  for (const member of membersOf(value)) collectFrom(member, into)
}

function membersOf(value: JsonValue): readonly JsonValue[] {
  if (isList(value)) return value
  return isObject(value) ? entriesByName(value).map(([, member]) => member) : []
}

/** The records of a map of records or of a list of records with an `id`; `undefined`: it is neither. */
function recordsOf(value: JsonValue): ReadonlyMap<string, JsonObject> | undefined {
  if (isList(value)) {
    const records = value.filter(isObject)
    const named = records.flatMap((record) => {
      const { id } = record
      const isId = typeof id === 'string' || typeof id === 'number'
      return isId ? [[String(id), record] as const] : []
    })
    return named.length === 0 ? undefined : new Map(named)
  }
  if (!isObject(value)) return undefined
  const entries = entriesByName(value)
  const records = entries.flatMap(([id, record]) =>
    isObject(record) ? [[id, record] as const] : [],
  )
  if (records.length === 0 || records.length < entries.length) return undefined
  return haveOneShape(records.map(([, record]) => record)) ? new Map(records) : undefined
}

/** Whether things are records of a kind and not the parts of one thing: they share a name. */
function haveOneShape([first, ...others]: readonly JsonObject[]): boolean {
  if (first === undefined || others.length === 0) return false
  return Object.keys(first).some((name) => others.every((other) => Object.hasOwn(other, name)))
}

function othersIn(collections: readonly Collection[], id: string): readonly string[] {
  const own = collections.filter(({ records }) => records.has(id))
  return [...new Set(own.flatMap((collection) => mostAlike(collection, id)))]
}

function mostAlike({ alike, records }: Collection, id: string): readonly string[] {
  const known = alike.get(id) ?? sortByLikeness(records, id)
  alike.set(id, known)
  return known
}

function sortByLikeness(records: Collection['records'], id: string): readonly string[] {
  const record = records.get(id) ?? {}
  return [...records]
    .filter(([other]) => other !== id)
    .map(([other, value]) => ({ other, alike: alikeness(record, value) }))
    .sort((a, b) => b.alike - a.alike || compareNames(a.other, b.other))
    .map(({ other }) => other)
}

/** How many members two records have in common, equal ones counting double. */
function alikeness(record: JsonObject, other: JsonObject): number {
  let alike = 0
  for (const [name, value] of Object.entries(record)) {
    if (!Object.hasOwn(other, name)) continue
    alike += typeof value !== 'object' && other[name] === value ? 3 : 1
  }
  return alike
}

function indexTexts(member: JsonValue): Pick<PartIndex, 'namesOf' | 'textsUnder'> {
  const namesOf = new Map<string, Set<string>>()
  const textsUnder = new Map<string, Set<string>>()
  for (const { key, value } of scalarsIn(member)) {
    if (typeof value !== 'string' || key === '') continue
    add(namesOf, value, key)
    add(textsUnder, key, value)
  }
  return { namesOf, textsUnder }
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key) ?? new Set()
  map.set(key, values.add(value))
}
