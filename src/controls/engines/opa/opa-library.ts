import type { JsonObject } from '../../../schema/json.ts'
import type { Builtin } from './builtins.ts'

/** A policy in memory, as the library gives it. */
export interface LoadedPolicy {
  readonly evaluate: (input: JsonObject, entrypoint: string) => unknown
  readonly setData: (data: JsonObject) => void
  readonly entrypoints: object
  readonly mem: { readonly buffer: ArrayBuffer }
  readonly wasmInstance: {
    readonly exports: {
      readonly builtins: () => number
      readonly opa_json_dump: (address: number) => number
    }
  }
}

/** The library throws errors, texts and objects with a message. */
export type Instantiate = (
  module: object,
  /** In pages of 64 KB. */
  memory: { initial: number; maximum: number },
  builtins: Readonly<Record<string, Builtin>>,
) => LoadedPolicy

/**
 * Loads `@open-policy-agent/opa-wasm`, which only those need who have a compiled policy.
 *
 * Its own types are of no use: they promise an export that it does not have, and are written in terms
 * of WebAssembly's, which the compiler has only for browsers.
 */
export async function loadOpaLibrary(): Promise<Instantiate> {
  const library = (await import('@open-policy-agent/opa-wasm')) as unknown as {
    readonly default: { readonly loadPolicySync: Instantiate }
  }
  return library.default.loadPolicySync
}

/** Of the global that Node has. */
declare const WebAssembly: {
  readonly compile: (bytes: Uint8Array) => Promise<object>
  readonly Module: { readonly exports: (module: object) => readonly { readonly name: string }[] }
}

const neededExports = [
  ...['builtins', 'entrypoints', 'opa_heap_ptr_get', 'opa_heap_ptr_set', 'opa_json_dump'],
  ...['opa_json_parse', 'opa_malloc', 'opa_wasm_abi_version', 'opa_wasm_abi_minor_version'],
]

type CompiledModule =
  | { readonly ok: true; readonly module: object }
  | { readonly ok: false; readonly error: string }

/** Compiles WebAssembly for this machine, where it is a policy of OPA's. */
export async function compileModule(wasm: Uint8Array): Promise<CompiledModule> {
  let module: object
  try {
    module = await WebAssembly.compile(wasm)
  } catch {
    return { ok: false, error: 'it is no WebAssembly' }
  }
  const exported = new Set(WebAssembly.Module.exports(module).map(({ name }) => name))
  const lacking = neededExports.find((name) => !exported.has(name))
  if (lacking === undefined) return { ok: true, module }
  return { ok: false, error: `it is no policy that opa has compiled: it has no ${lacking}` }
}
