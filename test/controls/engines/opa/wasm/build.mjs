/**
 * Makes `refund.wasm`: `node test/controls/engines/opa/wasm/build.mjs`. A test builds it again and
 * compares the bytes.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import openWabt from 'wabt'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))

/** A policy as WebAssembly: what it brings itself, in WAT, with OPA's ABI and a reader of JSON. */
export async function compilePolicy(own) {
  const { parseWat } = await openWabt()
  const parts = [readFileSync(here('abi.wat'), 'utf8'), readFileSync(here('json.wat'), 'utf8'), own]
  const module = parseWat('policy.wat', `(module\n${parts.join('\n')})\n`)
  try {
    module.validate()
    return module.toBinary({ write_debug_names: false }).buffer
  } finally {
    module.destroy()
  }
}

/** One that lies beside this file, such as `refund.wat`. */
export async function compileFile(name) {
  return compilePolicy(readFileSync(here(name), 'utf8'))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(here('refund.wasm'), await compileFile('refund.wat'))
