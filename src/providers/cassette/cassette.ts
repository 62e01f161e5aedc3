import type { CassetteHeader } from '../../schema/cassette.ts'
import type { Redactor } from '../../text/redact.ts'
import type { ModelReply, Provider } from '../provider.ts'
import type { CassetteEntry } from './cassette-entry.ts'
import { cleanReply, cleanResponse } from './clean-reply.ts'
import { type CleanRequests, cleanRequests } from './clean-request.ts'
import { createEntryEncoder, encodeHeader } from './encode-entries.ts'
import { type CassetteMode, type HttpCassette, noHttpCassette } from './http-cassette.ts'
import { createRecording, type Recording } from './recording.ts'
import { createReplaying, type Misses, type Replaying, type Unused } from './replaying.ts'

export interface CassetteOptions {
  readonly mode: 'record' | 'replay'
  readonly header: CassetteHeader
  /** What was recorded before. */
  readonly entries: readonly CassetteEntry[]
  readonly redactor: Redactor
  /** Told the lines of each entry as soon as there is one, in the order in which replies come. */
  readonly append?: (lines: string) => void
}

/** What is left to do and to say once all trials have ended. */
interface CassetteEnd {
  /** The whole file; `undefined` in a replay, which changes nothing. */
  readonly lines: Iterable<string> | undefined
  /** Recordings that nobody asked for; `undefined` while recording. */
  readonly unused: Unused | undefined
}

export interface Cassette {
  readonly mode: CassetteMode
  /**
   * Puts the cassette before a provider. It belongs above retries and prices, so that a replayed
   * reply has the cost and the attempts that it had.
   *
   * @param reference - the model as the configuration names it: `provider:model`
   */
  readonly wrap: (provider: Provider, reference: string) => Provider
  /** For what goes through the recording proxy. */
  readonly http: HttpCassette
  /** Requests of which there is no recording. With any, the run ends as an error. */
  readonly misses: () => Misses
  /** @param planned - whether this run was to try a trial at all */
  readonly finish: (planned?: (trial: string) => boolean) => CassetteEnd
}

/** Goes live and keeps nothing. */
export const noCassette: Cassette = {
  mode: 'off',
  wrap: (provider) => provider,
  http: noHttpCassette,
  misses: () => ({ count: 0, first: [] }),
  finish: () => ({ lines: undefined, unused: undefined }),
}

/**
 * Records what models answer, or answers in their place.
 *
 * Which recording answers a request depends on all that is said, on who says it, and on the place in
 * the trial; never on time or on other trials. So trials may run side by side.
 */
export function createCassette(options: CassetteOptions): Cassette {
  return options.mode === 'record' ? recordingCassette(options) : replayingCassette(options)
}

function replayingCassette({ entries, redactor }: CassetteOptions): Cassette {
  const requests = cleanRequests(redactor)
  const replaying = createReplaying(entries)
  return {
    mode: 'replay',
    wrap: (_, reference) => ({
      complete: (request) =>
        Promise.resolve(modelReply(replaying.model(requests.model(request, reference)))),
    }),
    http: {
      mode: 'replay',
      find(request) {
        const found = replaying.http(requests.http(request))
        return 'asked' in found
          ? { ok: false, message: found.message }
          : { ok: true, response: found }
      },
      record: () => undefined,
    },
    misses: replaying.misses,
    finish: (planned = () => true) => ({ lines: undefined, unused: replaying.unused(planned) }),
  }
}

function modelReply(found: ReturnType<Replaying['model']>): ModelReply {
  if ('asked' in found) {
    return { ok: false, error: { class: 'cassette_miss', message: found.message } }
  }
  return found.ok ? { ok: true, response: { ...found.response, from: 'cassette' } } : found
}

function recordingCassette({ append, entries, header, redactor }: CassetteOptions): Cassette {
  const requests = cleanRequests(redactor)
  const recording = createRecording(entries)
  const encode = createEntryEncoder()
  const keep = (entry: CassetteEntry): void => {
    recording.keep(entry)
    append?.(encode(entry))
  }
  return {
    ...noCassette,
    mode: 'record',
    wrap: (provider, reference) =>
      recordingProvider(provider, { reference, recording, redactor, requests, keep }),
    http: {
      ...noHttpCassette,
      mode: 'record',
      record: (request, response) => {
        keep({ ...requests.http(request), reply: cleanResponse(response, redactor) })
      },
    },
    finish: () => ({ lines: fileLines(header, recording), unused: undefined }),
  }
}

interface RecordingPorts {
  readonly reference: string
  readonly recording: Recording
  readonly redactor: Redactor
  readonly requests: CleanRequests
  readonly keep: (entry: CassetteEntry) => void
}

function recordingProvider(
  provider: Provider,
  { keep, recording, redactor, reference, requests }: RecordingPorts,
): Provider {
  return {
    async complete(request, signal) {
      // Before the reply: the list of messages is the loop's own and goes on growing.
      const asked = requests.model(request, reference)
      const reply = await provider.complete(request, signal)
      if (isOurDoing(reply, signal)) recording.cutOff(asked.trial)
      else keep({ ...asked, reply: cleanReply(reply, redactor) })
      return reply
    },
  }
}

/** Not the service failed but we broke off, or had no more money: nothing that a replay should repeat. */
function isOurDoing(reply: ModelReply, signal: AbortSignal): boolean {
  if (reply.ok) return false
  return signal.aborted || reply.error.class === 'budget' || reply.error.class === 'cassette_miss'
}

function* fileLines(header: CassetteHeader, recording: Recording): Generator<string> {
  const encode = createEntryEncoder()
  yield encodeHeader(header)
  for (const entry of recording.entries()) yield encode(entry)
}
