import { describe, expect, it } from 'vitest'
import { runCli } from '../cli/run-cli.ts'
import type { FakeRequest } from '../fake-servers/fake-exchange.ts'
import { dear, env, smallModelProject } from './model-project.ts'
import { readEvents, readLines, readResult } from './read-results.ts'
import { service, solveSmall } from './small-services.ts'

const kinds = ['openai', 'anthropic'] as const

describe('a service in rough weather', () => {
  it.each(kinds)('%s: loses no trial, and blames no agent', async (kind) => {
    const server = await service({
      kind,
      faults: { seed: 7, rateLimited: 0.3, retryAfter: 0.2, serverError: 0.05, dropped: 0.05 },
    })
    const trials = 5
    const cwd = smallModelProject({
      providers: { [kind]: { base_url: server.baseUrl } },
      agent: { models: { default: `${kind}:m` } },
      trials,
    })
    const { exitCode, stdout } = await runCli(['run', '--no-gate', '-q'], { cwd, env })
    expect(exitCode).toBe(0)

    const lines = readLines(cwd)
    // Four cases and the benign twin of one.
    expect(lines).toHaveLength(5 * trials)
    expect(new Set(lines.map((line) => line.outcome))).toEqual(new Set(['pass']))
    // Every request beyond those that were answered was an attempt that failed.
    const failed = server.requests.length - (3 + 2 + 2 + 2 + 2) * trials
    expect(failed).toBeGreaterThan(15)
    expect(readResult(cwd).metrics.retries).toBe(failed)
    expect(stdout).toContain(
      `retries: ${failed} attempts of model requests failed and were made again`,
    )

    const attempts = readEvents(cwd).flatMap((event) =>
      event.type === 'model.response' ? (event.attempts ?? []) : [],
    )
    expect(attempts).toHaveLength(failed)
    const seen = new Set(attempts.map((attempt) => `${attempt.class} ${attempt.status ?? 'none'}`))
    expect(seen).toEqual(new Set(['rate_limit 429', 'transient 500', 'transient none']))
    const limited = attempts.filter((attempt) => attempt.class === 'rate_limit')
    expect(Math.min(...limited.map((attempt) => attempt.waitedMs))).toBeGreaterThanOrEqual(199)
  })

  it('waits as long as the service asks, and says a fraction or a date as well', async () => {
    const soon = (): string => new Date(Date.now() + 1000).toUTCString()
    const server = await service({
      faults: [
        { kind: 'status', status: 429, retryAfter: 1 },
        {
          kind: 'status',
          status: 429,
          headers: { 'retry-after': soon(), date: new Date().toUTCString() },
        },
        { kind: 'status', status: 503, headers: { 'retry-after-ms': '20' } },
      ],
    })
    const cwd = smallModelProject({
      providers: { openai: { base_url: server.baseUrl } },
      agent: { models: { default: 'openai:m' } },
      trials: 1,
    })
    const argv = ['run', '--no-gate', '-q', '-j', '1', '--case', 'status.paid']
    expect((await runCli(argv, { cwd, env })).exitCode).toBe(0)
    const [answer] = readEvents(cwd).filter((event) => event.type === 'model.response')
    expect(answer?.attempts?.map((attempt) => attempt.status)).toEqual([429, 429, 503])
    const waited = answer?.attempts?.map((attempt) => attempt.waitedMs) ?? []
    expect(waited[0]).toBeGreaterThanOrEqual(999)
    expect(waited[1]).toBeGreaterThan(0)
    expect(waited[2]).toBeGreaterThanOrEqual(19)
    // The retries are no part of what the agent took.
    expect(answer?.latencyMs).toBeLessThan(900)
  })

  it.each(kinds)('%s: a trial that no retry saves is invalid with its class', async (kind) => {
    const answer = (request: FakeRequest): ReturnType<typeof solveSmall> => {
      const words = request.messages[0]?.text ?? ''
      if (words.includes('note')) throw new Error('no notes today')
      return solveSmall(request)
    }
    const server = await service({ kind, answer })
    const cwd = smallModelProject({
      providers: { [kind]: { base_url: server.baseUrl, max_retries: 1 } },
      money: { prices: { m: dear } },
      agent: { models: { default: `${kind}:m` } },
      trials: 2,
    })
    const { exitCode, stdout } = await runCli(['run'], { cwd, env })
    const lines = readLines(cwd)
    expect(lines).toHaveLength(10)
    for (const line of lines) {
      if (line.case !== 'status.note') {
        expect(line.outcome).toBe('pass')
        continue
      }
      expect(line.outcome).toBe('invalid')
      expect(line.outcomeReason).toContain('transient: ')
      expect(line.outcomeReason).toContain('500')
      expect(line.retries).toBe(1)
    }
    const errors = readEvents(cwd).filter((event) => event.type === 'model.error')
    expect(errors.map((error) => [error.class, error.attempts?.length])).toEqual([
      ['transient', 2],
      ['transient', 2],
    ])
    // Two of eight trials lost: that is no verdict.
    expect(exitCode).toBe(4)
    expect(readResult(cwd).metrics.tsr).toMatchObject({ n: 4, events: 4, lost: 2 })
    expect(stdout).toContain('missing  2 of 8 trials of the candidate have no result')
  })

  it('an agent that asks too much of its model has failed, and a bad answer has not', async () => {
    const server = await service({
      faults: (index) =>
        index === 0
          ? { kind: 'status', status: 400, code: 'context_length_exceeded', message: 'too long' }
          : { kind: index === 1 ? 'malformed' : 'none' },
    })
    const cwd = smallModelProject({
      providers: { openai: { base_url: server.baseUrl } },
      agent: { models: { default: 'openai:m' } },
      trials: 2,
    })
    const argv = ['run', '--no-gate', '-q', '-j', '1', '--case', 'status.paid']
    await runCli(argv, { cwd, env })
    expect(readLines(cwd).map((line) => [line.termination, line.outcome])).toEqual([
      ['context_overflow', 'fail'],
      ['done', 'pass'],
    ])
  })
})
