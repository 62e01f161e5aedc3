import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { finishedTrials } from '../cli/real-process.ts'
import { type CliResult, runCli } from '../cli/run-cli.ts'
import type { FakeServer } from '../fake-servers/start-fake-server.ts'
import { env, smallModelProject } from './model-project.ts'
import { readEvents, readLines, readResult, results, settled } from './read-results.ts'
import { service } from './small-services.ts'
import { startBin } from './start-bin.ts'

const argv = ['run', '--no-gate', '-q', '-j', '4']
const trials = 6
/** Requests to a model that the whole run takes. */
const whole = 11 * trials

function project(server: FakeServer): string {
  return smallModelProject({
    providers: { openai: { base_url: server.baseUrl } },
    agent: { models: { default: 'openai:m' } },
    trials,
  })
}

/** Sends the signal once so many requests have come in. */
async function interruptAt(
  requests: number,
  server: FakeServer,
  { cwd, signal }: { readonly cwd: string; readonly signal: 'SIGINT' | 'SIGTERM' },
): Promise<CliResult & { readonly sent: number }> {
  let sent = 0
  const onListening = (send: (signal: 'SIGINT' | 'SIGTERM') => void): void => {
    const timer = setInterval(() => {
      if (server.requests.length < requests) return
      clearInterval(timer)
      send(signal)
      sent = server.requests.length
    }, 1)
  }
  const ended = await runCli(argv, { cwd, env, onListening })
  return { ...ended, sent }
}

describe('an interrupt', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s: sends nothing more, and a resumed run ends as any other',
    async (signal, code) => {
      const calm = await service()
      const undisturbed = project(calm)
      await runCli(argv, { cwd: undisturbed, env })
      expect(calm.requests).toHaveLength(whole)

      const server = await service({ latencyMs: 40 })
      const cwd = project(server)
      const { exitCode, sent, stderr } = await interruptAt(20, server, { cwd, signal })
      expect(exitCode).toBe(code)
      expect(stderr).toContain('finished trials are kept; go on with: npx agent-eval run ')
      expect(server.requests).toHaveLength(sent)
      const before = readLines(cwd)
      expect(before.length).toBeGreaterThan(2)
      // What was in flight is neither a pass nor a failure.
      expect(new Set(before.map((line) => line.outcome))).toEqual(new Set(['pass']))
      const ends = readEvents(cwd).filter((event) => event.type === 'trial.end')
      expect(ends.filter((end) => end.termination === 'aborted').length).toBeLessThanOrEqual(4)

      const resumed = await runCli([...argv, '--resume'], { cwd, env })
      expect([resumed.exitCode, resumed.stderr]).toEqual([0, ''])
      expect(settled(readLines(cwd))).toEqual(settled(readLines(undisturbed)))
      expect(readLines(cwd).slice(0, before.length)).toEqual(before)
      // No finished trial was paid again.
      const finished = before.reduce((sum, line) => sum + line.modelCalls, 0)
      expect(server.requests.length - sent).toBe(whole - finished)
    },
  )

  it('ends at once while a service hangs, or asks to wait', async () => {
    const server = await service({
      faults: (index) =>
        index % 2 === 0 ? { kind: 'hang' } : { kind: 'status', status: 429, retryAfter: 30 },
    })
    const cwd = project(server)
    const { exitCode } = await interruptAt(2, server, { cwd, signal: 'SIGINT' })
    expect(exitCode).toBe(130)
    expect(readLines(cwd)).toEqual([])
  })
})

describe('a process that is killed', () => {
  it('pays again for no trial but those that were in flight', async () => {
    const server = await service({ latencyMs: 15 })
    const cwd = project(server)
    const child = startBin(argv, { cwd, env })
    while (finishedTrials(path.join(cwd, results)) < 6) {
      await new Promise((resolve) => setTimeout(resolve, 3))
    }
    child.kill('SIGKILL')
    expect(await child.ended).toMatchObject({ code: null, signal: 'SIGKILL' })
    const before = readLines(cwd)
    const sent = server.requests.length
    expect(before.length).toBeLessThan(5 * trials)

    const resumed = startBin([...argv, '--resume'], { cwd, env })
    const { code, stderr } = await resumed.ended
    expect([code, stderr]).toEqual([0, ''])
    const lines = readLines(cwd)
    expect(new Set(lines.map((line) => `${line.case}#${line.trial}`)).size).toBe(5 * trials)
    expect(lines).toHaveLength(5 * trials)
    expect(lines.map((line) => line.outcome)).toEqual(lines.map(() => 'pass'))
    expect(readResult(cwd).metrics.tsr).toMatchObject({ rate: 1, n: 3 * trials })

    const finished = before.reduce((sum, line) => sum + line.modelCalls, 0)
    expect(server.requests.length - sent).toBe(whole - finished)
    // At most four trials were in flight, each of at most three requests.
    expect(server.requests.length - whole).toBeLessThanOrEqual(4 * 3)
  })
})
