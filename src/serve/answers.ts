import type { ServedResponse } from '../ports.ts'
import type { JsonObject } from '../schema/json.ts'

/** An answer of our own to whoever knocked, as JSON. */
export function jsonAnswer(
  status: number,
  body: JsonObject,
  headers: Readonly<Record<string, string>> = {},
): ServedResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: new TextEncoder().encode(JSON.stringify(body)),
  }
}

/** A refusal that belongs to no protocol yet. */
export function plainRefusal(status: number, message: string): ServedResponse {
  return jsonAnswer(status, { error: { message } })
}
