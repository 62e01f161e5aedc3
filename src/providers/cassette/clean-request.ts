import { asJson, type JsonObject, type JsonValue } from '../../schema/json.ts'
import type { Redactor } from '../../text/redact.ts'
import type { ModelRequest } from '../provider.ts'
import type { AskedHttp, AskedModel } from './cassette-entry.ts'
import type { HttpRequest } from './http-cassette.ts'
import { withKey } from './request-key.ts'

/** Turns requests into what a cassette knows of them. */
export interface CleanRequests {
  readonly model: (request: ModelRequest, reference: string) => AskedModel
  readonly http: (request: HttpRequest) => AskedHttp
}

/**
 * Redacts requests, and only then gives them their keys: a secret in a prompt neither enters a file
 * nor keeps the replay from finding it.
 *
 * A message or a list of tools that comes again as the same object is redacted once; callers do not
 * change what they have sent.
 */
export function cleanRequests(redactor: Redactor): CleanRequests {
  const known = new WeakMap<object, JsonValue>()
  const clean = (value: object): JsonValue => {
    const found = known.get(value) ?? redactor.json(asJson(value))
    known.set(value, found)
    return found
  }
  const place = ({ reference, trial }: { reference: string; trial: string }) => ({
    reference: redactor.text(reference),
    trial: redactor.text(trial),
  })
  return {
    model: (asked, reference) =>
      withKey<AskedModel>({
        type: 'model',
        ...place({ reference, trial: asked.trial }),
        role: asked.role,
        ordinal: asked.ordinal,
        request: {
          messages: asked.messages.map(clean),
          tools: clean(asked.tools),
          sampling: clean(asked.sampling),
          ...(asked.output !== undefined && { output: clean(asked.output) }),
          // A seed that is not sent changes nothing of the answer.
          ...(asked.sampling.send_seed === true && { seed: asked.seed }),
        },
      }),
    http: (asked) =>
      withKey<AskedHttp>({
        type: 'http',
        ...place(asked),
        role: 'agent',
        ordinal: asked.ordinal,
        method: asked.method.toUpperCase(),
        path: redactor.text(asked.path),
        request: cleanBody(asked.body, redactor),
      }),
  }
}

/** A body as JSON; one that is no JSON object stands as one text. */
function cleanBody(body: string, redactor: Redactor): JsonObject {
  const value = objectIn(body)
  const clean = value === undefined ? undefined : redactor.json(value)
  return clean === undefined ? { text: redactor.text(body) } : (clean as JsonObject)
}

function objectIn(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? asJson(value) : undefined
  } catch {
    return undefined
  }
}
