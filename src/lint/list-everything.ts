import type { JsonObject, JsonValue } from '../schema/json.ts'
import { entriesByName } from './by-name.ts'
import { isList, isObject } from './json-walk.ts'

/**
 * Long enough for what a case is about. A pattern takes milliseconds for a long text, and a grader
 * that falls for a list falls for the first thousand characters of it.
 */
const longest = 1500

/** What an answer may turn on besides facts. */
const verdictWords =
  'yes no approved denied declined refunded cancelled canceled pending escalated done sent changed ' +
  'updated confirmed not possible sorry policy because'

/** Collects items, each once, until there is no room; then `add` says so by `false`. */
interface Pile {
  readonly add: (item: string) => boolean
}

/**
 * One text with every id, number and text of some values, the first of them first; amounts in cents
 * also as dollars. It is cut where it gets too long.
 */
export function listEverything(values: readonly JsonValue[]): string {
  const items = new Set<string>([verdictWords])
  let length = verdictWords.length
  const pile: Pile = {
    add(item) {
      if (items.has(item)) return true
      if (length + item.length + 2 > longest) return false
      items.add(item)
      length += item.length + 2
      return true
    },
  }
  values.every((value) => pileUp(value, '', pile))
  return [...items].join(', ')
}

function pileUp(value: JsonValue, key: string, pile: Pile): boolean {
  if (isList(value)) return value.every((item) => pileUp(item, key, pile))
  if (isObject(value)) return entriesByName(value).every((member) => pileUpMember(member, pile))
  if (typeof value === 'string') return pile.add(value)
  if (typeof value !== 'number') return true
  const isAmount = /cents/i.test(key)
  return pile.add(String(value)) && (!isAmount || pile.add(`$${(value / 100).toFixed(2)}`))
}

/** A name with a digit in it is an id of a record, such as O-1001. */
function pileUpMember([name, member]: readonly [string, JsonValue], pile: Pile): boolean {
  return (!/\d/.test(name) || pile.add(name)) && pileUp(member, name, pile)
}

/** The records of a state that some texts name, in the order of the texts. */
export function recordsNamed(state: JsonObject, texts: readonly string[]): readonly JsonValue[] {
  const collections = entriesByName(state)
    .map(([, member]) => member)
    .filter(isObject)
  return texts.flatMap((text) =>
    collections.flatMap((collection) => {
      const record = Object.hasOwn(collection, text) ? collection[text] : undefined
      return record === undefined ? [] : [record]
    }),
  )
}
