import { gzipSync } from 'node:zlib'
import { createTar } from 'nanotar'

type Members = Readonly<Record<string, string | Uint8Array>>

/** A bundle as `opa build` writes it, written by somebody else's code. */
export function bundleOf(members: Members): Uint8Array {
  return new Uint8Array(gzipSync(tarOf(members)))
}

export function tarOf(members: Members): Uint8Array {
  const files = Object.entries(members).map(([name, data]) => ({ name, data }))
  return createTar(files, { attrs: { mtime: 0 } })
}

/** `wasm[]` of a manifest, beside what else OPA writes into one. */
export function manifestOf(...modules: readonly { entrypoint: string; module: string }[]): string {
  return JSON.stringify({ revision: '', roots: [''], wasm: modules, rego_version: 1 })
}

/** A header of tar by hand, for what no library writes. */
export function headerOf(name: string, size: string | number, type = '0'): Uint8Array {
  const block = Buffer.alloc(512)
  block.write(name, 0, 100)
  block.write('0000600\0', 100)
  block.write(typeof size === 'string' ? size : `${size.toString(8).padStart(11, '0')}\0`, 124, 12)
  block.write('00000000000\0', 136)
  block.write('        ', 148)
  block.write(type, 156)
  block.write('ustar\0', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

/** One member by hand. */
export function memberOf(name: string, content: string, type = '0'): Uint8Array {
  const padded = Buffer.alloc(Math.ceil(content.length / 512) * 512)
  padded.write(content, 'latin1')
  return Buffer.concat([headerOf(name, content.length, type), padded])
}
