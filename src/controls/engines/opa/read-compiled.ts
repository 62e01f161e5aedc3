import type { JsonObject } from '../../../schema/json.ts'

/** A module of WebAssembly and the data that came with it; or why there is none, and what would work. */
export type ReadCompiled =
  | { readonly ok: true; readonly wasm: Uint8Array; readonly data: JsonObject }
  | { readonly ok: false; readonly error: string; readonly hint?: string }
