import type { JsonObject } from '../../../schema/json.ts'
import { truncate } from '../../../text/truncate.ts'
import { missingBuiltins, ownBuiltins } from './builtins.ts'
import type { Evaluated } from './evaluated.ts'
import { compileModule, type LoadedPolicy, loadOpaLibrary } from './opa-library.ts'
import { withoutPrinting } from './without-printing.ts'

export interface CompiledPolicy {
  readonly wasm: Uint8Array
  /** What it sees as `data`. */
  readonly data: JsonObject
  /** The entrypoint, such as `support/decision`. */
  readonly path: string
}

/** A policy that decides in this process. */
export interface WasmPolicy {
  /** Never throws. `now`: ISO date and time of the trial's own clock. */
  readonly evaluate: (input: JsonObject, now: string) => Evaluated
}

interface Unusable {
  readonly ok: false
  readonly error: string
  readonly hint?: string
}

/** Pages of 64 KB. A policy with much text in it needs more to begin with than others ever use. */
const firstPages = { few: 64, many: 1_024 }
/** 256 MB: a policy that wants more fails, and the run goes on. */
const mostPages = 4_096

/**
 * Loads a policy that `opa build -t wasm` compiled.
 *
 * It runs in this thread: one that never ends cannot be stopped. Rego always ends, if not always soon;
 * only WebAssembly that was made of something else does not.
 */
export async function openWasmPolicy(
  compiled: CompiledPolicy,
): Promise<{ readonly ok: true; readonly policy: WasmPolicy } | Unusable> {
  const { data, path, wasm } = compiled
  const made = await compileModule(wasm)
  if (!made.ok) return made
  const load = await loadOpaLibrary()
  const asked = { now: '' }
  const builtins = ownBuiltins(() => asked.now)
  const instantiate = (): LoadedPolicy => {
    const policy = inEnoughMemory((initial) =>
      load(made.module, { initial, maximum: mostPages }, builtins),
    )
    policy.setData(data)
    return policy
  }
  try {
    return withoutPrinting(() => {
      const first = instantiate()
      const unusable = whyUnusable(first, path)
      return unusable ?? { ok: true, policy: policyOf(first, { asked, instantiate, path }) }
    })
  } catch (thrown) {
    return { ok: false, error: `it cannot be loaded: ${wordsOf(thrown)}` }
  }
}

function inEnoughMemory(load: (pages: number) => LoadedPolicy): LoadedPolicy {
  try {
    return load(firstPages.few)
  } catch {
    return load(firstPages.many)
  }
}

interface Loading {
  readonly path: string
  readonly asked: { now: string }
  readonly instantiate: () => LoadedPolicy
}

/**
 * After anything that is thrown a fresh instance decides: nobody knows what was left in the memory of
 * the old one.
 */
function policyOf(first: LoadedPolicy, { asked, instantiate, path }: Loading): WasmPolicy {
  let loaded: LoadedPolicy | undefined = first
  return {
    evaluate: (input, now) => {
      asked.now = now
      try {
        const set = withoutPrinting(() => {
          loaded ??= instantiate()
          return loaded.evaluate(input, path)
        })
        return onlyResult(set)
      } catch (thrown) {
        loaded = undefined
        return { ok: false, error: `the policy failed: ${wordsOf(thrown)}` }
      }
    },
  }
}

/** A set of assignments: none where the rule is undefined, else the one of `result`. */
function onlyResult(set: unknown): Evaluated {
  if (!Array.isArray(set) || set.length > 1)
    return { ok: false, error: 'the policy did not answer with one result' }
  const [only] = set as readonly unknown[]
  const isAssigned = typeof only === 'object' && only !== null && 'result' in only
  return { ok: true, result: isAssigned ? only.result : undefined }
}

function whyUnusable(policy: LoadedPolicy, path: string): Unusable | undefined {
  const entrypoints = Object.keys(policy.entrypoints)
  if (!entrypoints.includes(path)) {
    const error = `it has no entrypoint ${path}; it has ${entrypoints.join(', ') || 'none'}`
    return { ok: false, error, hint: `opa build -t wasm -e ${path} …` }
  }
  const missing = missingBuiltins(neededBuiltins(policy))
  if (missing.length === 0) return undefined
  const error = `it needs builtins that a compiled policy does not have: ${missing.join(', ')}`
  return { ok: false, error, hint: 'let a server of OPA decide (`url`), which has all of them' }
}

/** The library reads these too and keeps them to itself. */
function neededBuiltins({ mem, wasmInstance: { exports } }: LoadedPolicy): readonly string[] {
  const start = exports.opa_json_dump(exports.builtins())
  const memory = new Uint8Array(mem.buffer)
  const text = new TextDecoder().decode(memory.subarray(start, memory.indexOf(0, start)))
  return Object.keys(JSON.parse(text) as object)
}

function wordsOf(thrown: unknown): string {
  if (typeof thrown === 'string') return truncate(thrown, 300)
  const { message } = Object(thrown) as { readonly message?: unknown }
  return typeof message === 'string' ? truncate(message, 300) : 'without a message'
}
