import { compilePolicy } from './wasm/build.mjs'

interface HostileParts {
  /** JSON: entrypoints by name. */
  readonly entrypoints?: string
  /** JSON: builtins by name. */
  readonly builtins?: string
  /** WAT: what evaluation does; has to leave an address. */
  readonly decide?: string
  /** WAT: more of the module. */
  readonly more?: string
}

/** A module that follows the ABI as far as it has to, to do harm with what is left. */
export function hostilePolicy({
  builtins = '{}',
  decide = '(i32.const 3000)',
  entrypoints = '{"agent/decision":0}',
  more = '',
}: HostileParts): Promise<Uint8Array> {
  const text = (value: string): string => `"${value.replaceAll('"', '\\"')}\\00"`
  return compilePolicy(`
    (data (i32.const 2000) ${text(entrypoints)})
    (data (i32.const 2500) ${text(builtins)})
    (data (i32.const 3000) ${text('[{"result":true}]')})
    (data (i32.const 3050) ${text('[]')})
    (data (i32.const 3100) ${text('var assignment conflict')})
    (func $entrypoints (result i32) (i32.const 2000))
    (func $builtins (result i32) (i32.const 2500))
    (func $decide (param $entrypoint i32) (param $input i32) (param $data i32) (result i32)
      ${decide})
    ${more}`)
}
