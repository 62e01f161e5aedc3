import type { JsonValue } from '../../schema/json.ts'
import { prettyCanonicalJson } from '../../text/canonical-json.ts'
import { stripControl } from '../../text/strip-control.ts'
import { truncate } from '../../text/truncate.ts'
import { whole } from '../format.ts'

/** Longest text of one step, in characters. */
const mostText = 8_000

/** Text over several lines, and how many characters of it are missing. */
export interface Cut {
  readonly text: string
  readonly left: number
}

/** Foreign text over several lines, plain and at most 8,000 characters; one that is cut says so. */
export function plainBlock(text: string): Cut {
  // What is going to be cut off needs no cleaning, and a tool may answer with megabytes.
  const clean = stripControl(text.slice(0, 2 * mostText)).trim()
  const shown = truncate(clean, mostText)
  if (text.length <= 2 * mostText && shown === clean) return { text: clean, left: 0 }
  const left = text.length - shown.length
  return { text: `${shown}\n(${whole(left)} more characters are left out)`, left }
}

/** A value as indented JSON, keys sorted. */
export function plainJson(value: JsonValue): Cut {
  return plainBlock(prettyCanonicalJson(value))
}
