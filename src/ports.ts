/** How the outside reaches pure code: passed in, never imported. */

/** A seeded source of numbers in [0, 1). */
export type Rng = () => number

/** Reading files of an eval set; paths use `/` and are relative to the eval set's folder. */
export interface Folder {
  /** How the folder is called in messages. */
  readonly name: string
  readonly read: (path: string) => Promise<string | undefined>
  /** For files that are no text; absent: all are. A folder has no bytes. */
  readonly readBytes?: (path: string) => Promise<Uint8Array | undefined>
  /** Files below a folder, sorted. */
  readonly list: (path: string) => Promise<readonly string[]>
}

/** Where a run writes. Each call appends whole lines; a trial's line never overtakes its events. */
export interface JournalSink {
  readonly appendEvents: (lines: string) => void
  readonly appendTrial: (line: string) => void
}

/** Real time, for what waits on the outside; nothing that is compared is computed from it. */
export interface Clock {
  /** Milliseconds that never go back. */
  readonly nowMs: () => number
  /** Ends early, without an error, when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

/** `fetch` as in the standard. */
export type Fetch = typeof globalThis.fetch

/** A program that was started, in a process group of its own. */
export interface Child {
  /** Chunks of its output as text, as they come. */
  readonly onStdout: (listener: (text: string) => void) => void
  readonly onStderr: (listener: (text: string) => void) => void
  /** Writes to its input; what nobody reads any more is dropped without an error. */
  readonly write: (text: string) => void
  readonly closeInput: () => void
  /** Ends the whole process group: asks, and after `graceMs` makes it. */
  readonly kill: (graceMs?: number) => void
  /** How it ended; `error` where it could not be started at all. Never rejects. */
  readonly ended: Promise<ChildEnd>
}

export interface ChildEnd {
  readonly code: number | null
  readonly signal: string | null
  readonly error?: string
}

export interface SpawnOptions {
  readonly cwd: string
  /** All that it sees; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>
}

export type Spawn = (command: readonly [string, ...string[]], options: SpawnOptions) => Child

/** One request to a server of ours. */
export interface ServedRequest {
  readonly method: string
  /** Path and query, as sent. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** Aborts when whoever asked hangs up. */
  readonly signal: AbortSignal
}

/** The answer: a body at once, or one that comes in chunks. */
export interface ServedResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | AsyncIterable<Uint8Array>
}

/**
 * A server on 127.0.0.1, on `port` or on one that is free. Bodies beyond `maxBytes` are refused with 413.
 * Rejects where the port is taken.
 */
export type Listen = (
  handle: (request: ServedRequest) => Promise<ServedResponse>,
  options: { readonly maxBytes: number; readonly port?: number },
) => Promise<{ readonly url: string; readonly close: () => Promise<void> }>

/** Everything of the outside that models and agents are reached by. */
export interface Outside {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly fetch: Fetch
  readonly spawn: Spawn
  readonly listen: Listen
  /** Loads a module by its absolute path, TypeScript too. */
  readonly importModule: (file: string) => Promise<Readonly<Record<string, unknown>>>
  /** Unguessable names, such as those that tell trials apart in a URL. */
  readonly token: () => string
}
