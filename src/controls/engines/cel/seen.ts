import type { JsonValue } from '../../../schema/json.ts'
import { readings } from '../../sensitive/readings.ts'
import { plainText } from './plain-text.ts'

/** What is said, returned or proposed, as rules look at it. */
export interface Seen {
  readonly value: JsonValue
  /**
   * Every text in it, keys too, and numbers as texts: as written, and without escapes and disguise,
   * because a browser, a mail program and a person do not read all of them alike.
   */
  readonly texts: () => readonly string[]
}

/** Its texts are collected once, and only when a rule asks. */
export function seenIn(value: JsonValue): Seen {
  let texts: readonly string[] | undefined
  return { value, texts: () => (texts ??= textsIn(value).flatMap(readingsOf)) }
}

function readingsOf(text: string): readonly string[] {
  return [...new Set([text, ...readings(text).map((reading) => plainText(reading.text))])]
}

/** Also fractions, which no detector of personal data looks at. */
function textsIn(value: JsonValue): readonly string[] {
  if (typeof value !== 'object' || value === null) return [String(value)]
  const members: readonly (readonly [string, JsonValue])[] = Object.entries(value)
  const keys = Array.isArray(value) ? [] : members.map(([key]) => key)
  return [...keys, ...members.flatMap(([, member]) => textsIn(member))]
}
