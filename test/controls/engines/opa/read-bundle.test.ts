import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readBundle } from '../../../../src/controls/engines/opa/read-bundle.ts'
import { bundleOf, headerOf, manifestOf, memberOf } from './bundle-of.ts'

const packed = (...parts: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(gzipSync(Buffer.concat(parts)))
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('readBundle', () => {
  it('finds the module of an entrypoint, and all data', async () => {
    const bundle = bundleOf({
      '/data.json': '{"limit":50,"support":{"open":true}}',
      '/support/hours/data.json': '{"from":9}',
      '/support/refund.rego': 'package support',
      '/policy.wasm': 'one',
      '/b/policy.wasm': 'two',
      '/.manifest': manifestOf(
        { entrypoint: 'a/x', module: '/policy.wasm' },
        { entrypoint: 'b/x', module: '/b/policy.wasm' },
      ),
    })
    const data = { limit: 50, support: { open: true, hours: { from: 9 } } }
    expect(await readBundle(bundle, 'a/x')).toEqual({ ok: true, wasm: bytes('one'), data })
    expect(await readBundle(bundle, 'b/x')).toEqual({ ok: true, wasm: bytes('two'), data })
  })

  it.each([undefined, '{}', '{"wasm":[]}', '{"wasm":7}', '{"wasm":[null,7,{},{"entrypoint":7}]}'])(
    'takes policy.wasm where the manifest names no module: %s',
    async (manifest) => {
      const bundle = bundleOf({
        'policy.wasm': 'one',
        ...(manifest !== undefined && { '.manifest': manifest }),
      })
      expect(await readBundle(bundle, 'a/x')).toEqual({ ok: true, wasm: bytes('one'), data: {} })
    },
  )

  it('lists the entrypoints that there are', async () => {
    const manifest = manifestOf(
      { entrypoint: 'a/x', module: '/policy.wasm' },
      { entrypoint: 'b/x', module: '/policy.wasm' },
    )
    expect(
      await readBundle(bundleOf({ '/policy.wasm': 'x', '/.manifest': manifest }), 'a/y'),
    ).toEqual({
      ok: false,
      error: 'it has no entrypoint a/y; it has a/x, b/x',
      hint: 'opa build -t wasm -e a/y …',
    })
  })

  it.each([
    ['no gzip', bytes('\0asm'), 'it is not packed with gzip'],
    ['broken gzip', bytes('\u001f').slice(0, 1), 'it is not packed with gzip'],
    [
      'gzip that is cut',
      bundleOf({ 'policy.wasm': 'x'.repeat(999) }).slice(0, 40),
      'its gzip is broken',
    ],
    ['gzip with a wrong sum', broken(bundleOf({ 'policy.wasm': 'x' })), 'its gzip is broken'],
    ['no archive', packed(bytes('x'.repeat(600))), 'it is no tar archive'],
    [
      'a way out',
      packed(memberOf('../policy.wasm', 'x')),
      '"../policy.wasm" is no name in a bundle',
    ],
    ['a link', packed(headerOf('policy.wasm', 0, '2')), '"policy.wasm" is not a file'],
    ['no module', bundleOf({ '/data.json': '{}' }), 'it has no policy.wasm'],
    [
      'a module that is not there',
      bundleOf({ '.manifest': manifestOf({ entrypoint: 'a/x', module: '/q.wasm' }) }),
      'it has no q.wasm',
    ],
    [
      'a manifest that is none',
      bundleOf({ 'policy.wasm': 'x', '.manifest': '[]' }),
      'its .manifest is no JSON object',
    ],
    [
      'data that is no object',
      bundleOf({ 'policy.wasm': 'x', 'data.json': '[]' }),
      'data.json is no JSON object',
    ],
    [
      'broken data',
      bundleOf({ 'policy.wasm': 'x', 'a/data.json': '{' }),
      'a/data.json is no JSON object',
    ],
    ['YAML', bundleOf({ 'policy.wasm': 'x', 'a/data.yaml': 'b: 1' }), 'a/data.yaml is YAML'],
    [
      'data that is there twice',
      bundleOf({ 'policy.wasm': 'x', 'data.json': '{"a":{"b":1}}', 'a/data.json': '{"b":2}' }),
      'a/data.json: data.a.b is in another document already',
    ],
  ])('refuses %s', async (_, bundle, error) => {
    expect(await readBundle(bundle, 'a/x')).toMatchObject({ ok: false, error })
  })

  it('does not unpack a bomb', async () => {
    const bomb = packed(Buffer.alloc(100 * 1024 * 1024))
    expect(bomb.length).toBeLessThan(150_000)
    const before = process.memoryUsage().rss
    expect(await readBundle(bomb, 'a/x')).toEqual({
      ok: false,
      error: 'unpacked it is more than 64 MB',
    })
    expect(process.memoryUsage().rss - before).toBeLessThan(250 * 1024 * 1024)
  })
})

/** The last eight bytes are the sum and the size. */
function broken(bundle: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(bundle)
  changed[changed.length - 6] = (changed[changed.length - 6] ?? 0) ^ 1
  return changed
}
