import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { regoCompiler } from '../../../src/cli/candidate/compile-rego.ts'
import { nodeOutside } from '../../../src/cli/outside/outside.ts'
import type { Child, Outside } from '../../../src/ports.ts'
import { refundWasm } from '../../controls/engines/opa/ports.ts'
import { type FakeOpaProgram, installFakeOpa } from '../../fake-servers/opa-program.ts'

const sources = new Map([
  ['policies/refund.rego', 'package agent\n\ndecision := true\n'],
  ['../shared/of others/limits.rego', 'package shared\n'],
])
const entrypoint = 'agent/decision'

interface Compiling {
  readonly opa: FakeOpaProgram
  readonly cache: string
  readonly compile: ReturnType<typeof regoCompiler>
  /** As a later run would. */
  readonly again: () => ReturnType<typeof regoCompiler>
  /** What the program was called with, after its name. */
  readonly commands: () => readonly (string | undefined)[]
}

function compiling(changes: Partial<Outside> = {}): Compiling {
  const opa = installFakeOpa(refundWasm)
  const cache = mkdtempSync(path.join(tmpdir(), 'agent-eval-test-cache-'))
  onTestFinished(() => {
    opa.remove()
    rmSync(cache, { recursive: true, force: true })
  })
  const env = { PATH: opa.folder, SECRET_TOKEN: 'no' }
  const again = (): Compiling['compile'] =>
    regoCompiler({ ...nodeOutside({ env }), ...changes }, path.join(cache, 'rego'))
  const commands = (): readonly (string | undefined)[] => opa.calls().map(([command]) => command)
  return { opa, cache, compile: again(), again, commands }
}

const isRefund = (compiled: Awaited<ReturnType<Compiling['compile']>>): boolean =>
  compiled.ok && Buffer.from(compiled.wasm).equals(refundWasm)

describe('compiling Rego with the opa of the user', () => {
  it('gives the module of the bundle that it builds, and leaves nothing behind', async () => {
    const { compile, opa } = compiling()
    expect(isRefund(await compile(sources, entrypoint))).toBe(true)
    const [version, build] = opa.calls()
    expect(version).toEqual(['version'])
    expect(build?.slice(0, 6)).toEqual(['build', '-t', 'wasm', '-e', entrypoint, '-o'])
    expect(build?.slice(7)).toEqual(['source-0/refund.rego', 'source-1/limits.rego'])
    expect(existsSync(path.dirname(build?.[6] ?? tmpdir()))).toBe(false)
  })

  it('remembers by content, entrypoint and version', async () => {
    const { again, commands, compile, opa } = compiling()
    await compile(sources, entrypoint)
    expect(isRefund(await compile(sources, entrypoint))).toBe(true)
    expect(isRefund(await again()(sources, entrypoint))).toBe(true)
    expect(commands()).toEqual(['version', 'build', 'version'])
    const builds = (): number => commands().filter((one) => one === 'build').length

    const changed = new Map(sources).set(
      'policies/refund.rego',
      'package agent\n\ndecision := false\n',
    )
    await again()(changed, entrypoint)
    expect(builds()).toBe(2)
    await again()(sources, 'agent/allow')
    expect(builds()).toBe(3)
    opa.setVersion('1.10.0')
    await again()(sources, entrypoint)
    expect(builds()).toBe(4)
    await again()(sources, entrypoint)
    expect(builds()).toBe(4)
  })

  it('takes what is kept for nothing where it is broken, and lives without a cache', async () => {
    const { again, cache, commands, compile } = compiling()
    await compile(sources, entrypoint)
    const [file = ''] = readdirSync(path.join(cache, 'rego'))
    expect(file).toMatch(/^[0-9a-f]{64}\.wasm$/)
    const kept = path.join(cache, 'rego', file)
    writeFileSync(kept, 'broken')
    expect(isRefund(await again()(sources, entrypoint))).toBe(true)
    expect(readFileSync(kept)).toEqual(Buffer.from(refundWasm))
    expect(readdirSync(path.dirname(kept))).toEqual([file])

    rmSync(path.join(cache, 'rego'), { recursive: true })
    writeFileSync(path.join(cache, 'rego'), 'no folder')
    expect(await again()(sources, entrypoint)).toMatchObject({ ok: true })
    expect(commands().filter((one) => one === 'build')).toHaveLength(3)
  })

  it('by default keeps it with the user and not in the project', async () => {
    const { cache, opa } = compiling()
    const env = { PATH: opa.folder, HOME: '/nowhere', XDG_CACHE_HOME: cache }
    await regoCompiler(nodeOutside({ env }))(sources, entrypoint)
    expect(readdirSync(path.join(cache, 'agent-eval', 'rego'))).toHaveLength(1)
    const nobody = regoCompiler(nodeOutside({ env: { PATH: opa.folder, HOME: 'relative' } }))
    expect(await nobody(sources, entrypoint)).toMatchObject({ ok: true })
  })

  it('says what would work where there is no opa', async () => {
    const { cache } = compiling()
    const compile = regoCompiler(nodeOutside({ env: { PATH: cache } }), cache)
    expect(await compile(sources, entrypoint)).toEqual({
      ok: false,
      message: 'there is no `opa` on PATH',
      hint: 'install it, or compile once where there is one (opa build -t wasm -e agent/decision …) and name the bundle',
    })
  })

  it('says what opa says, with the names of the files as they are', async () => {
    const { commands, compile } = compiling()
    const broken = new Map(sources).set('../shared/of others/limits.rego', 'pakage x\n')
    for (let i = 0; i < 2; i += 1)
      expect(await compile(broken, entrypoint)).toEqual({
        ok: false,
        message:
          'opa cannot compile it: error: load error: 1 error occurred during loading: ' +
          '../shared/of others/limits.rego:1: rego_parse_error: package expected\n\tpakage x\n\t^',
      })
    // What failed is not remembered.
    expect(commands()).toEqual(['version', 'build', 'build'])
    expect(await compile(sources, 'support/decision')).toMatchObject({
      ok: false,
      message: expect.stringContaining(
        'entrypoint "support/decision" does not refer to a rule',
      ) as string,
    })
    const long = new Map([['a.rego', `x${'y'.repeat(9_000)}\u001b[2J`]])
    const said = await compile(long, entrypoint)
    expect(said.ok ? '' : said.message).toMatch(/^opa cannot compile it: [^\u001b]{1000,2000}…$/)
  })

  it('says so where opa builds nothing, or a bundle without the policy', async () => {
    const { cache, compile, opa } = compiling()
    const silent = new Map([['a.rego', 'package agent\n# writes nothing\n']])
    expect(await compile(silent, entrypoint)).toEqual({
      ok: false,
      message: '`opa build` wrote no bundle',
    })
    writeFileSync(path.join(opa.folder, 'opa'), '#!/bin/sh\necho "no such library" >&2\nexit 3\n')
    const other = regoCompiler(nodeOutside({ env: { PATH: opa.folder } }), cache)
    expect(await other(sources, entrypoint)).toMatchObject({
      ok: false,
      message: '`opa` cannot be run: no such library',
    })
  })

  it('ends an opa that does not come to an end', async () => {
    let left = 1
    const patience: Outside['clock'] = {
      nowMs: () => 0,
      // The first is for `opa version`, which does end.
      sleep: (_, signal) =>
        new Promise((resolve) => {
          if (left-- < 1) setTimeout(resolve, 700)
          signal.addEventListener('abort', () => {
            resolve()
          })
        }),
    }
    const { compile } = compiling({ clock: patience })
    expect(await compile(new Map([['a.rego', 'package agent\n# hang\n']]), entrypoint)).toEqual({
      ok: false,
      message: '`opa build` does not come to an end',
    })
  })

  it('passes no secret on', async () => {
    const seen: Readonly<Record<string, string>>[] = []
    const none: Child = {
      onStdout: () => undefined,
      onStderr: () => undefined,
      write: () => undefined,
      closeInput: () => undefined,
      kill: () => undefined,
      ended: Promise.resolve({ code: 1, signal: null }),
    }
    const spawn: Outside['spawn'] = (_, { env }) => {
      seen.push(env)
      return none
    }
    const { compile } = compiling({ spawn })
    await compile(sources, entrypoint)
    expect(seen.map((env) => Object.keys(env))).toEqual([['PATH']])
  })
})
