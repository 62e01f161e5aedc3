import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from '../cli/run-cli.ts'
import { env, key, smallModelProject } from './model-project.ts'
import { readEvents, readLines, readResult, runFolder, settled } from './read-results.ts'
import { service } from './small-services.ts'

const kinds = ['openai', 'anthropic'] as const
const argv = ['run', '--no-gate', '-q']

/** An address where nobody listens any more. */
async function closedPort(kind: (typeof kinds)[number]): Promise<string> {
  const server = await service({ kind })
  await server.close()
  return server.baseUrl
}

describe('a service that is not there', () => {
  it.each(kinds)('%s: ends the run in seconds with one clear line', async (kind) => {
    const cwd = smallModelProject({
      providers: { [kind]: { base_url: await closedPort(kind) } },
      agent: { models: { default: `${kind}:m` } },
      trials: 20,
    })
    const { exitCode, stderr, stdout } = await runCli(argv, { cwd, env })
    expect([exitCode, stdout]).toEqual([4, ''])
    const [line, hint, ...rest] = stderr.trimEnd().split('\n')
    expect(line).toMatch(
      new RegExp(
        `^error: ${kind}:m does not answer \\(\\d+ attempts in \\d+(\\.\\d)? s\\): ${kind} at 127\\.0\\.0\\.1:\\d+: .*refused`,
      ),
    )
    expect(hint).toMatch(/ agent-eval run --no-gate -q --resume small-[\w-]+$/)
    expect(rest).toEqual([])
    // Nothing is known of the agent: no trial has a line.
    expect(readLines(cwd)).toEqual([])
  })

  it.each(kinds)('%s: a wrong key ends it at once, and no text shows the key', async (kind) => {
    const server = await service({ kind, key: 'another' })
    const cwd = smallModelProject({
      providers: { [kind]: { base_url: server.baseUrl } },
      agent: { models: { default: `${kind}:m` } },
    })
    const { exitCode, stderr } = await runCli([...argv, '-j', '1'], { cwd, env })
    expect(exitCode).toBe(4)
    const name = `${kind.toUpperCase()}_API_KEY`
    expect(stderr.split('\n')[0]).toContain(
      `${kind}:m cannot be used: ${kind} at ${server.url.slice('http://'.length)}: 401, it refuses the key in ${name}`,
    )
    expect(stderr).not.toContain(key)
    expect(server.requests).toHaveLength(1)
  })

  it.each([404, 400])('a model that it does not know ends it with one line: %i', async (status) => {
    const server = await service({ faults: () => ({ kind: 'status', status }) })
    const cwd = smallModelProject({
      providers: { openai: { base_url: server.baseUrl } },
      agent: { models: { default: 'openai:gpt-4o-typo' } },
    })
    const { exitCode, stderr, stdout } = await runCli([...argv, '-j', '1'], { cwd, env })
    expect([exitCode, stdout]).toEqual([4, ''])
    const [line, , ...rest] = stderr.trimEnd().split('\n')
    expect(line).toMatch(
      new RegExp(
        `^error: openai:gpt-4o-typo takes no request \\(3 attempts in .* s\\): .*${status}`,
      ),
    )
    expect(rest).toEqual([])
    expect(server.requests).toHaveLength(3)
    expect(readLines(cwd)).toEqual([])
  })

  it('without a key nothing is sent at all', async () => {
    const server = await service()
    const cwd = smallModelProject({
      providers: { openai: { base_url: server.baseUrl } },
      agent: { models: { default: 'openai:m' } },
    })
    const { exitCode, stderr } = await runCli(argv, { cwd, env: {} })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('no key for "openai:m": OPENAI_API_KEY is not set')
    expect(server.requests).toEqual([])
  })

  it('a router that is down ends the run too: the executor alone is another agent', async () => {
    const up = await service()
    const cwd = smallModelProject({
      providers: {
        openai: { base_url: up.baseUrl },
        anthropic: { base_url: await closedPort('anthropic') },
      },
      agent: {
        model_tier: { router: 'router', executor: 'frontier' },
        models: { router: 'anthropic:r', frontier: 'openai:m' },
      },
    })
    const { exitCode, stderr } = await runCli(argv, { cwd, env })
    expect(exitCode).toBe(4)
    expect(stderr).toContain('error: anthropic:r does not answer')
    expect(readLines(cwd)).toEqual([])
  })
})

describe('a run that an outage cut off', () => {
  it('keeps what was finished, and goes on where it stopped', async () => {
    const undisturbed = await service()
    const settings = { agent: { models: { default: 'openai:m' } }, trials: 6 }
    const providers = (base: string): object => ({ openai: { base_url: base } })
    const other = smallModelProject({
      ...settings,
      providers: { ...providers(undisturbed.baseUrl) },
    })
    await runCli(argv, { cwd: other, env })

    // After 20 requests the key is taken back; once it is given again the run can go on.
    let lockedFrom = 20
    const server = await service({
      faults: (index) => (index >= lockedFrom ? { kind: 'status', status: 401 } : { kind: 'none' }),
    })
    const cwd = smallModelProject({ ...settings, providers: { ...providers(server.baseUrl) } })
    const cut = await runCli([...argv, '-j', '4'], { cwd, env })
    expect(cut.exitCode).toBe(4)
    expect(cut.stderr).toContain('401, it refuses the key')
    const before = readLines(cwd)
    expect(before.length).toBeGreaterThan(4)
    const finished = new Set(before.map((line) => `${line.case}#${line.trial}`))
    const answered = Math.min(lockedFrom, server.requests.length)

    lockedFrom = Number.POSITIVE_INFINITY
    const sent = server.requests.length
    const typed = cut.stderr.split('agent-eval run ')[1]?.trim().split(' ') ?? []
    expect(typed).toEqual(['--no-gate', '-q', '-j', '4', '--resume', path.basename(runFolder(cwd))])
    const resumed = await runCli(['run', ...typed], { cwd, env })
    expect([resumed.exitCode, resumed.stderr]).toEqual([0, ''])
    expect(settled(readLines(cwd))).toEqual(settled(readLines(other)))
    expect(readLines(cwd).slice(0, before.length)).toEqual(before)
    expect(readResult(cwd).metrics.tsr).toEqual(readResult(other).metrics.tsr)
    // Finished trials were not paid again.
    const whole = undisturbed.requests.length
    const ofFinished = before.reduce((sum, line) => sum + line.modelCalls, 0)
    expect(server.requests.length - sent).toBe(whole - ofFinished)
    expect(finished.size).toBe(before.length)
    expect(answered).toBe(20)
    expect(readEvents(cwd).length).toBeGreaterThan(0)
  })
})
