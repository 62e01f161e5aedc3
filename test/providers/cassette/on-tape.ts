import { type Cassette, createCassette } from '../../../src/providers/cassette/cassette.ts'
import type { CassetteEntry } from '../../../src/providers/cassette/cassette-entry.ts'
import { createEntryDecoder } from '../../../src/providers/cassette/decode-entries.ts'
import type {
  ModelReply,
  ModelRequest,
  ModelResponse,
  Provider,
} from '../../../src/providers/provider.ts'
import type { CassetteHeader } from '../../../src/schema/cassette.ts'
import { textPart } from '../../../src/schema/message.ts'
import { createRedactor } from '../../../src/text/redact.ts'

export const header: CassetteHeader = {
  apiVersion: 'agent-eval/v1',
  kind: 'Cassette',
  evalSet: 'a-set',
  candidate: 'a-candidate',
}

export const reference = 'openai:a-model'

/** The exact value of this one is known to the process; it has no form and no name of a secret. */
export const markedKey = 'zebra.crossing.at.noon'
export const redactor = createRedactor({ values: [markedKey] })

export function aResponse(parts: Partial<ModelResponse> = {}): ModelReply {
  return {
    ok: true,
    response: {
      content: [textPart('Done.')],
      modelServed: 'a-model-2026-01-01',
      stopReason: 'end',
      usage: { inputTokens: 100, outputTokens: 10 },
      costUsd: 0.0125,
      latencyMs: 250,
      retries: 0,
      from: 'live',
      ...parts,
    },
  }
}

/** Everything in one go: records exchanges in this order, and gives the bytes of the file. */
export async function record(
  exchanges: readonly (readonly [ModelRequest, ModelReply])[],
  before: readonly CassetteEntry[] = [],
): Promise<string> {
  const cassette = createCassette({ mode: 'record', header, entries: before, redactor })
  for (const [request, reply] of exchanges) await ask(cassette, request, answering(reply))
  return bytesOf(cassette)
}

export function bytesOf(cassette: Cassette): string {
  return [...(cassette.finish().lines ?? [])].join('')
}

export function replayOf(bytes: string): Cassette {
  return createCassette({ mode: 'replay', header, entries: decode(bytes), redactor })
}

export function decode(bytes: string): readonly CassetteEntry[] {
  const read = createEntryDecoder()
  return bytes
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const decoded = read(line)
      if (!decoded.ok) throw new Error(`${decoded.problem}: ${line}`)
      return decoded.entry ?? []
    })
}

export function answering(reply: ModelReply): Provider {
  return { complete: () => Promise.resolve(reply) }
}

/** Whoever is asked in a replay has been asked for nothing. */
const unreachable: Provider = {
  complete: () => Promise.reject(new Error('it went live')),
}

export function ask(
  cassette: Cassette,
  request: ModelRequest,
  provider: Provider = unreachable,
): Promise<ModelReply> {
  return cassette.wrap(provider, reference).complete(request, new AbortController().signal)
}
