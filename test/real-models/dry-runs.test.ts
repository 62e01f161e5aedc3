import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { dryRun } from '../../src/schema/dry-run.ts'
import { runCli } from '../cli/run-cli.ts'
import { env, key, smallModelProject } from './model-project.ts'
import { hasRun } from './read-results.ts'
import { service } from './small-services.ts'

const price = { input_per_mtok: 60, output_per_mtok: 60 }
const bin = path.join(import.meta.dirname, '..', '..', 'bin', 'agent-eval.js')

/** Throws where anything in the process opens a connection, or asks for a name. */
const refuseNetwork = `
const net = require('node:net'), dns = require('node:dns')
const refuse = (what) => () => { process.stderr.write('NETWORK ' + what); process.exit(99) }
net.Socket.prototype.connect = refuse('connect')
dns.lookup = refuse('lookup')
dns.promises.lookup = refuse('lookup')
globalThis.fetch = refuse('fetch')
`

describe('--dry-run', () => {
  it.each(['openai', 'anthropic'] as const)(
    '%s: sends nothing, and says the range',
    async (kind) => {
      const server = await service({ kind })
      const cwd = smallModelProject({
        money: { prices: { m: price } },
        agent: { models: { default: `${kind}:m` } },
      })
      const base = { [`${kind.toUpperCase()}_BASE_URL`]: server.baseUrl }
      const argv = ['run', '--dry-run', '--budget', '1']
      const shown = await runCli(argv, { cwd, env: { ...env, ...base } })
      expect([shown.exitCode, shown.stderr]).toEqual([0, ''])
      expect(shown.stdout).toMatch(/^small: a run would cost \$0\.\d+ to \$\d+\.\d+\n/)
      expect(shown.stdout).toContain(`10 trials of 5 cases, candidate good, models ${kind}:m.`)
      expect(shown.stdout).toContain('Nothing was sent.')

      const asJson = await runCli([...argv, '--json'], { cwd, env: { ...env, ...base } })
      const plan = dryRun.parse(JSON.parse(asJson.stdout))
      expect(plan).toMatchObject({ trials: 10, cases: 5, unpriced: [], beside: [], budgetUsd: 1 })
      expect(plan.costUsd?.low).toBeGreaterThan(0)
      expect(plan.costUsd?.high).toBeGreaterThan(plan.costUsd?.low ?? Infinity)
      expect(server.requests).toEqual([])
      expect(hasRun(cwd)).toBe(false)
    },
  )

  it('needs no key, and leaves nothing behind where a recording was asked for', async () => {
    const server = await service()
    const cwd = smallModelProject({
      providers: { openai: { base_url: server.baseUrl } },
      money: { prices: { m: price } },
      agent: { models: { default: 'openai:m' } },
    })
    const { exitCode } = await runCli(['run', '--dry-run', '--cassette', 'record'], { cwd })
    expect(exitCode).toBe(0)
    expect(existsSync(path.join(cwd, 'set/cassettes'))).toBe(false)
    // Without --dry-run the key is missed before anything is sent.
    const real = await runCli(['run', '--cassette', 'record'], { cwd })
    expect([real.exitCode, server.requests]).toEqual([2, []])
    const replay = await runCli(['run', '--cassette', 'replay'], { cwd })
    expect(replay.stderr).toContain('there is no such recording')
  })

  it('reckons from what the trials of the baseline cost, where that was the same model', async () => {
    const server = await service()
    const cwd = smallModelProject({
      providers: { openai: { base_url: server.baseUrl } },
      money: { prices: { m: price } },
      agent: { models: { default: 'openai:m' } },
    })
    await runCli(['run', '-q', '--no-gate'], { cwd, env })
    expect((await runCli(['baseline', 'update'], { cwd })).exitCode).toBe(0)
    const sent = server.requests.length
    const argv = ['run', '--dry-run', '--json']
    const plan = dryRun.parse(JSON.parse((await runCli(argv, { cwd, env })).stdout))
    // 22 requests of 30 tokens.
    const costUsd = (22 * 30 * 60) / 1e6
    expect(plan.fromBaseline).toBe(10)
    expect(plan.costUsd?.low).toBeCloseTo(costUsd / 1.25, 3)
    expect(plan.costUsd?.high).toBeCloseTo(costUsd * 1.25, 3)
    const other = [...argv, '--model', 'default=openai:n', '--no-gate']
    expect(dryRun.parse(JSON.parse((await runCli(other, { cwd, env })).stdout))).toMatchObject({
      fromBaseline: 0,
      unpriced: ['openai:n'],
    })
    expect(server.requests).toHaveLength(sent)
  })

  it('says what is left of a run that goes on', async () => {
    const server = await service({ latencyMs: 30 })
    const cwd = smallModelProject({
      providers: { openai: { base_url: server.baseUrl } },
      money: { prices: { m: price } },
      agent: { models: { default: 'openai:m' } },
    })
    const onListening = (send: (signal: 'SIGINT') => void): void => {
      setTimeout(() => {
        send('SIGINT')
      }, 200)
    }
    const argv = ['run', '-q', '--no-gate', '-j', '2']
    expect((await runCli(argv, { cwd, env, onListening })).exitCode).toBe(130)
    // What was on its way when the run was interrupted still arrives.
    await pause(100)
    const sent = server.requests.length
    const asked = await runCli([...argv, '--dry-run', '--json', '--resume'], { cwd, env })
    const { trials } = dryRun.parse(JSON.parse(asked.stdout))
    expect(trials).toBeGreaterThan(0)
    expect(trials).toBeLessThan(10)
    expect(server.requests).toHaveLength(sent)
  })

  it('the real program opens no connection at all, also not through a proxy', async () => {
    let connections = 0
    const proxy = createServer((socket) => {
      connections += 1
      socket.destroy()
    })
    await new Promise<void>((resolve) => {
      proxy.listen(0, '127.0.0.1', resolve)
    })
    onTestFinished(() => {
      proxy.close()
    })
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    const cwd = smallModelProject({
      agent: { models: { default: 'openai:gpt-4o-mini', other: 'anthropic:claude-sonnet-4-5' } },
    })
    const guard = path.join(cwd, 'refuse.cjs')
    const { writeFiles } = await import('../cli/run-cli.ts')
    writeFiles(cwd, { 'refuse.cjs': refuseNetwork })
    const start = (argv: readonly string[]): ReturnType<typeof spawnSync> =>
      spawnSync(process.execPath, ['--require', guard, bin, ...argv], {
        cwd,
        encoding: 'utf8',
        env: {
          PATH: process.env['PATH'] ?? '',
          OPENAI_API_KEY: key,
          HTTP_PROXY: url,
          HTTPS_PROXY: url,
          ALL_PROXY: url,
          NODE_USE_ENV_PROXY: '1',
        },
      })
    const dry = start(['run', '--dry-run'])
    expect([dry.status, dry.stderr]).toEqual([0, ''])
    // The published price of a known model.
    expect(dry.stdout).toMatch(/^small: a run would cost \$0\.\d+ to \$0\.\d+\n/)
    // The guard does see a request: the same run without --dry-run meets it.
    expect(start(['run', '--no-gate']).stderr).toContain('NETWORK')
    expect(connections).toBe(0)
  })
})
