import type { Clock, Fetch } from '../ports.ts'

/** How policy engines reach their files, their servers and the compiler of the user's. */
export interface EnginePorts {
  /** The bytes of a file, by a path relative to the document that names it. */
  readonly readBytes: (path: string) => Promise<Uint8Array | undefined>
  /** Paths of the files below a folder, sorted; of a file itself; empty where there is neither. */
  readonly list: (path: string) => Promise<readonly string[]>
  /** Also for `unix:/run/opa.sock` addresses, written as `http://unix:/run/opa.sock:/v1/data/…`. */
  readonly fetch: Fetch
  readonly clock: Clock
  readonly env: Readonly<Record<string, string | undefined>>
  readonly compileRego: CompileRego
}

/**
 * Compiles Rego to a wasm policy with the user's own `opa`, remembered by content.
 *
 * @param sources - text by path
 * @param entrypoint - such as `support/decision`
 */
export type CompileRego = (
  sources: ReadonlyMap<string, string>,
  entrypoint: string,
) => Promise<
  | { readonly ok: true; readonly wasm: Uint8Array }
  /** What keeps it from being compiled, and what would work. */
  | { readonly ok: false; readonly message: string; readonly hint?: string }
>

/** What is wrong with a policy when it is opened: the key that names it, and what would work. */
export interface EngineProblem {
  /** Below the engine's section, such as `['schema']`. */
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly hint?: string
}

export type OpenedEngine<Engine> =
  | { readonly ok: true; readonly engine: Engine }
  | { readonly ok: false; readonly problems: readonly EngineProblem[] }
