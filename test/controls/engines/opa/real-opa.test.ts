import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { regoCompiler } from '../../../../src/cli/candidate/compile-rego.ts'
import { nodeOutside } from '../../../../src/cli/outside/outside.ts'
import type { EnginePorts } from '../../../../src/controls/engine-ports.ts'
import type { PolicyEngine, PolicyQuestion } from '../../../../src/controls/policy-engine.ts'
import { aCall, aReply } from '../cel/ask.ts'
import { gist, opened, portsOver, problemsOf, refundWasm } from './ports.ts'

const { status } = spawnSync('opa', ['version'])
const needsOpa = ({ skip }: TestContext): void => {
  skip(status !== 0, 'there is no `opa` on PATH')
}

const source = fileURLToPath(new URL('wasm/refund.rego', import.meta.url))
const folder = mkdtempSync(path.join(tmpdir(), 'agent-eval-real-opa-'))
const outside = nodeOutside({ env: process.env })

function portsWith(files: Record<string, string | Uint8Array> = {}): EnginePorts {
  const compileRego = regoCompiler(outside, path.join(folder, 'cache'))
  const all = { 'refund.rego': readFileSync(source), 'refund.wasm': refundWasm, ...files }
  return portsOver(all, { compileRego, fetch: outside.fetch })
}

const amounts = [
  -1,
  0,
  49.99,
  50,
  50.01,
  499.99,
  500,
  500.01,
  1e6,
  1e21,
  null,
  true,
  '60',
  [60],
  {},
]
const questions: readonly PolicyQuestion[] = [
  ...amounts.map((amount_usd) => aCall({ args: { amount_usd } })),
  aCall(),
  aCall({ tool: 'crm.read_ticket', args: { amount_usd: 900 } }),
  aReply('hello'),
]

async function decisionsOf(engine: PolicyEngine): Promise<readonly string[]> {
  const said: string[] = []
  for (const question of questions) said.push(gist(await engine.decide(question)))
  return said
}

const stages = ['call', 'reply'] as const
const expected = async (): Promise<readonly string[]> =>
  decisionsOf(await opened({ wasm: 'refund.wasm', stages: [...stages] }, portsWith()))

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('refund.rego, compiled by the real opa', () => {
  it('decides as refund.wasm does', async (context) => {
    needsOpa(context)
    const engine = await opened({ rego: 'refund.rego', stages: [...stages] }, portsWith())
    expect(await decisionsOf(engine)).toEqual(await expected())
  })

  it('reports what does not compile, with its place', async (context) => {
    needsOpa(context)
    const files = { 'p/broken.rego': 'package agent\n\ndecision := input.\n' }
    const [problem] = await problemsOf({ rego: 'p' }, portsWith(files))
    expect(problem?.message).toMatch(/^opa cannot compile it: [^]*p\/broken\.rego:3/)
  })

  it('has our clock, and not what only a server has', async (context) => {
    needsOpa(context)
    const head = 'package agent\n\nimport rego.v1\n\n'
    const files = {
      'now.rego': `${head}decision := time.now_ns() == 1767603600000000000`,
      'http.rego': `${head}decision := http.send({"method": "get", "url": input.url}).body.ok`,
    }
    const engine = await opened({ rego: 'now.rego' }, portsWith(files))
    expect(gist(await engine.decide(aCall()))).toBe('allow agent.decision')
    expect(await problemsOf({ rego: 'http.rego' }, portsWith(files))).toMatchObject([
      { message: 'it needs builtins that a compiled policy does not have: http.send' },
    ])
  })
})

describe('refund.rego, on the real server', () => {
  let server: ChildProcess | undefined
  const socket = path.join(folder, 'opa.sock')

  beforeAll(async () => {
    if (status !== 0) return
    server = spawn('opa', ['run', '--server', '--addr', `unix://${socket}`, source], {
      stdio: 'ignore',
    })
    await expect.poll(() => existsSync(socket), { timeout: 10_000 }).toBe(true)
  })
  afterAll(() => {
    server?.kill()
  })

  it('decides as refund.wasm does', async (context) => {
    needsOpa(context)
    const engine = await opened({ url: `unix:${socket}`, stages: [...stages] }, portsWith())
    expect(await decisionsOf(engine)).toEqual(await expected())
  })
})
