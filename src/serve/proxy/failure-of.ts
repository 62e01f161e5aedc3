import { classifyRefusal } from '../../providers/classify-error.ts'
import { readRefusal } from '../../providers/failed-attempt.ts'
import { parseJson } from '../../providers/foreign-json.ts'
import type { ModelFailure } from '../../providers/provider.ts'
import type { JsonObject } from '../../schema/json.ts'
import { redactText } from '../../text/redact.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import { objectIn } from './read-json.ts'

/** Enough of a service's own words to act on. */
const longestMessage = 240
/** Longer texts are cut before they are looked through. */
const longestLookedAt = 4_000

/** Why a service refused a request, from the status and the body of its answer. */
export function failureOf(status: number, body: string): ModelFailure {
  const refused = readRefusal(status, parseJson(body), body.slice(0, longestLookedAt))
  // What services say about a key that they refuse holds parts of it.
  const words = status === 401 ? 'it refuses the key' : refused.message
  return { class: classifyRefusal(refused), message: shown(`${status} ${words}`) }
}

/** An error that comes inside a stream, whose status said that all is well. */
export function failureIn(event: JsonObject): ModelFailure | undefined {
  const body = errorBody(event)
  if (body === undefined) return undefined
  const said = readRefusal(500, body, 'an error without words')
  const status = statuses.find(([form]) => form.test(said.codes.join(' ')))?.[1] ?? 500
  const message = shown(`in the stream: ${said.message}`)
  return { class: classifyRefusal({ ...said, status }), message }
}

/** Of either service, or of a response that failed. */
function errorBody(event: JsonObject): JsonObject | undefined {
  if (event['type'] === 'response.failed') return objectIn(event['response']) ?? {}
  if (event['type'] === 'error') return event
  return objectIn(event['error']) === undefined ? undefined : event
}

const statuses: readonly (readonly [RegExp, number])[] = [
  [/rate_limit/, 429],
  [/invalid_request|context_length/, 400],
  [/authentication|permission|api_key/, 401],
]

function shown(text: string): string {
  return terminalLine(redactText(text.slice(0, longestLookedAt)), longestMessage)
}
