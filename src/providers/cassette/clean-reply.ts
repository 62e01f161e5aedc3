import type { z } from 'zod'
import { AgentEvalError } from '../../errors.ts'
import { recordedReply, recordedResponse } from '../../schema/cassette.ts'
import { asJson, type JsonObject } from '../../schema/json.ts'
import type { Redactor } from '../../text/redact.ts'
import type { ModelReply } from '../provider.ts'
import type { RecordedReply } from './cassette-entry.ts'
import type { HttpResponse } from './http-cassette.ts'

/**
 * What a cassette keeps of a reply: all of it but secrets and where it came from.
 *
 * @throws AgentEvalError (input) for a reply that could not be read again
 */
export function cleanReply(reply: ModelReply, redactor: Redactor): RecordedReply {
  if (!reply.ok)
    return checked(recordedReply, redactor.json(asJson(reply)) as JsonObject) as RecordedReply
  const { response } = reply
  // As deep in its object as in the message that the next request will hold: redaction counts levels.
  const said = redactor.json({ content: asJson(response.content) }) as JsonObject
  const rest = Object.entries(asJson(response)).filter(([name]) => !keptApart.has(name))
  const around = redactor.json(Object.fromEntries(rest)) as JsonObject
  return checked(recordedReply, { ok: true, response: { ...around, ...said } }) as RecordedReply
}

const keptApart = new Set(['content', 'from'])

/** @throws AgentEvalError (input) for a response that could not be read again */
export function cleanResponse(response: HttpResponse, redactor: Redactor): HttpResponse {
  const { body, ...rest } = response
  const around = redactor.json(asJson(rest)) as JsonObject
  return checked(recordedResponse, { ...around, body: cleanBody(body, redactor) }) as HttpResponse
}

/** Streamed answers are lines; each holds JSON of its own. */
function cleanBody(body: string, redactor: Redactor): string {
  if (!/^data:/m.test(body)) return redactor.text(body)
  // The whole first: a secret such as a private key may go over several lines.
  return redactor.text(body).replace(/^(data: ?)(.+)$/gm, (_, name: string, data: string) => {
    return name + redactor.text(data)
  })
}

function checked(schema: z.ZodType, value: JsonObject): unknown {
  // Without the members that are `undefined`, as it will be read.
  const written: unknown = JSON.parse(JSON.stringify(value))
  const { error } = schema.safeParse(written)
  if (error === undefined) return written
  const [issue] = error.issues
  const where = issue?.path.join('.') ?? ''
  throw new AgentEvalError(
    `a model's reply cannot be recorded: ${where}: ${issue?.message ?? 'not of the expected form'}`,
    'input',
  )
}
