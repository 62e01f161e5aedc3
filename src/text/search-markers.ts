import type { JsonValue } from '../schema/json.ts'

/** Whether a text, or any text within a value, brings a marker. Keys of objects do not count. */
export type MarkerSearch = (value: JsonValue) => boolean

/**
 * Looks for the texts by which an attack is recognised where it arrives. One search for all who
 * must agree on that: the agent that is to fall for it and the grader that says it was delivered.
 *
 * Templates and YAML wrap lines as they like, so a marker is its words: any white space equals any
 * other. Invisible characters are part of the words, because some attacks are written in them.
 *
 * @returns `undefined` where no marker has a word in it: there is nothing to look for
 */
export function searchMarkers(markers: readonly string[]): MarkerSearch | undefined {
  const wanted = markers.map(collapse).filter((marker) => marker !== '')
  if (wanted.length === 0) return undefined
  const brings: MarkerSearch = (value) => {
    if (typeof value === 'string') {
      const text = collapse(value)
      return wanted.some((marker) => text.includes(marker))
    }
    if (typeof value !== 'object' || value === null) return false
    return Object.values<JsonValue>(value).some(brings)
  }
  return brings
}

function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
