import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { type CliResult, runCli, writeFiles } from '../cli/run-cli.ts'
import type { FakeAnswer, FakeRequest } from '../fake-servers/fake-exchange.ts'
import { answersSoFar } from '../fake-servers/scripts.ts'
import type { FakeServer } from '../fake-servers/start-fake-server.ts'
import { dear, env, type ModelProject, requestUsd, smallModelProject } from './model-project.ts'
import { readLines, readResult, resultBytes, settled } from './read-results.ts'
import { service, solveSmall } from './small-services.ts'

const argv = ['run', '--no-gate', '-q', '-o']
const prompt = 'You work for a shop.\nBe brief.\nRefund only what is owed.'

function settings(server: FakeServer, more: Partial<ModelProject> = {}): ModelProject {
  return {
    providers: { openai: { base_url: server.baseUrl } },
    money: { prices: { m: dear } },
    agent: { prompt, models: { default: 'openai:m' } },
    ...more,
  }
}

const cassetteOf = (cwd: string): string => path.join(cwd, 'set/cassettes/good.jsonl')

interface Recorded {
  readonly cwd: string
  readonly server: FakeServer
}

/** A run of two trials a case, on cassette; its results are in `live`. */
async function recorded(more?: Partial<ModelProject>): Promise<Recorded> {
  const server = await service({
    // One failed attempt, which belongs to the answer.
    faults: [{ kind: 'status', status: 429, retryAfter: 0.01 }],
  })
  const cwd = smallModelProject(settings(server, more))
  const run = await runCli([...argv, 'live', '--cassette', 'record'], { cwd, env })
  expect([run.exitCode, run.stderr]).toEqual([0, ''])
  return { cwd, server }
}

function replay(cwd: string, output: string, more: readonly string[] = []): Promise<CliResult> {
  return runCli([...argv, output, '--cassette', 'replay', ...more], { cwd })
}

describe('a cassette', () => {
  it('replays with the service off and no key, to the same grades at the same cost', async () => {
    const { cwd, server } = await recorded()
    await server.close()
    const sent = server.requests.length
    const { exitCode, stdout } = await replay(cwd, 'replayed')
    expect(exitCode).toBe(0)
    expect(server.requests).toHaveLength(sent)

    const live = readLines(cwd, 'live')
    const again = readLines(cwd, 'replayed')
    expect(again).toHaveLength(10)
    expect(again.map(({ trajectoryHash }) => trajectoryHash).sort()).toEqual(
      live.map(({ trajectoryHash }) => trajectoryHash).sort(),
    )
    const replayed = settled(live).map((line) => {
      const { modelCalls } = line as { modelCalls: number }
      return { ...(line as object), replayed: modelCalls, paidByRole: {} }
    })
    expect(settled(again)).toEqual(replayed)

    const [before, after] = [readResult(cwd, 'live').metrics, readResult(cwd, 'replayed').metrics]
    expect(before.costPerTaskUsd.mean).toBeGreaterThan(2 * requestUsd)
    expect(after.costPerTaskUsd).toEqual(before.costPerTaskUsd)
    expect(before.spentUsd['agent']).toBeCloseTo(22 * requestUsd, 9)
    expect(after.spentUsd).toEqual({})
    expect(after.replayed).toBe(22)
    expect(after.retries).toBe(1)
    // Latencies are those of then, to the last digit.
    expect(after.latencyMs).toEqual(before.latencyMs)
    expect(stdout).toContain('replayed: 22 model answers from the cassette, nothing paid now')
    expect(stdout).not.toMatch(/spent \$0\.[0-9]*[1-9]/)
  })

  it('replays to the same bytes, however many trials run at once', async () => {
    const { cwd } = await recorded()
    await replay(cwd, 'one', ['-j', '1'])
    await replay(cwd, 'many', ['-j', '10'])
    expect(resultBytes(cwd, 'many')).toBe(resultBytes(cwd, 'one'))
    expect(settled(readLines(cwd, 'many'))).toEqual(settled(readLines(cwd, 'one')))
  })

  it('misses after one changed word, and shows the nearest recording with the difference', async () => {
    const { cwd, server } = await recorded()
    const sent = server.requests.length
    const changed = prompt.replace('brief', 'short')
    const agent = { name: 'good', prompt: changed, models: { default: 'openai:m' } }
    writeFiles(cwd, { 'set/agents/good.yaml': JSON.stringify({ agent }) })
    const { exitCode, stderr, stdout } = await replay(cwd, 'replayed')
    expect([exitCode, stdout]).toEqual([4, ''])
    expect(stderr).toMatch(/^error: no recording of .*\nthe nearest recording is /)
    expect(stderr).toContain('- Be brief.')
    expect(stderr).toContain('+ Be short.')
    expect(stderr).not.toContain('Refund only')
    expect(stderr).toContain('--cassette record')
    expect(server.requests).toHaveLength(sent)
  })

  it('names recordings that nobody asked for', async () => {
    const { cwd } = await recorded()
    // The first trial of one case now ends one request earlier than it was recorded.
    const file = cassetteOf(cwd)
    const lines = readFileSync(file, 'utf8').split('\n')
    const at = lines.findIndex((line) => line.includes('"status.paid#1"'))
    expect(at).toBeGreaterThan(0)
    const argvLoud = argv.filter((word) => word !== '-q')
    const all = await runCli([...argvLoud, 'a', '--cassette', 'replay'], { cwd })
    expect(all.stderr).not.toContain('not asked for')
    const agent = { name: 'good', prompt, models: { default: 'openai:m' }, stop: { max_turns: 2 } }
    writeFiles(cwd, { 'set/agents/good.yaml': JSON.stringify({ agent }) })
    const fewer = await runCli([...argvLoud, 'b', '--cassette', 'replay'], { cwd })
    expect(fewer.stderr).toContain('2 recordings not asked for: ')
    expect(fewer.stderr).toContain('refund.one#1')
  })

  it('a cost gate on a replay judges what it cost then, and never passes on 0', async () => {
    const { cwd } = await recorded({ gate: { limits: { costPerTask: { max_usd: 0.01 } } } })
    const gated = ['run', '-q', '-o', 'gated', '--cassette', 'replay']
    const { exitCode, stdout } = await runCli(gated, { cwd })
    const { metrics, verdict } = readResult(cwd, 'gated')
    expect(metrics.costPerTaskUsd.mean).toBeGreaterThan(2 * requestUsd)
    expect([exitCode, verdict?.status]).toEqual([1, 'regression'])
    expect(verdict?.facts.map((fact) => fact.message)).toEqual([
      expect.stringMatching(/^a task costs \$0\.0675 on average .* the limit is \$0\.01$/),
    ])
    expect(stdout).toContain('nothing paid now')
  })

  it('what was recorded without a price has none in the replay', async () => {
    const { cwd } = await recorded({
      money: {},
      gate: { metrics: ['tsr', 'costPerTask'], limits: { costPerTask: { max_usd: 100 } } },
    })
    const gated = ['run', '-q', '-o', 'gated', '--cassette', 'replay']
    await runCli(gated, { cwd })
    const { metrics, verdict } = readResult(cwd, 'gated')
    expect(metrics.costPerTaskUsd).toEqual({ n: 0, unknown: 8 })
    expect(verdict?.status).toBe('inconclusive')
    expect(verdict?.warnings).toContain(
      'not proven either way: no trial has a known cost, the limit is $100',
    )
  })

  it('recorded twice has the same bytes', async () => {
    const server = await service({ answer: withFixedIds })
    const cwd = smallModelProject(settings(server))
    const texts: string[] = []
    for (const jobs of ['8', '1']) {
      await runCli([...argv, `live-${jobs}`, '--cassette', 'record', '-j', jobs], { cwd, env })
      texts.push(withoutTimes(readFileSync(cassetteOf(cwd), 'utf8')))
    }
    expect(server.requests).toHaveLength(44)
    expect(texts[1]?.split('\n')).toEqual(texts[0]?.split('\n'))
  })

  it('takes over what an interrupted recording holds', async () => {
    const server = await service({ latencyMs: 30 })
    const cwd = smallModelProject(settings(server, { trials: 4 }))
    const record = [...argv, 'live', '--cassette', 'record', '-j', '2']
    const cut = await runCli(record, {
      cwd,
      env,
      onListening: (send) =>
        setTimeout(() => {
          send('SIGINT')
        }, 300),
    })
    expect(cut.exitCode).toBe(130)
    const before = readLines(cwd, 'live')
    expect(before.length).toBeGreaterThan(0)
    expect(before.length).toBeLessThan(20)

    const rest = await runCli([...record, '--resume'], { cwd, env })
    expect([rest.exitCode, rest.stderr]).toEqual([0, ''])
    expect(existsSync(cassetteOf(cwd).replace('.jsonl', '.recording.jsonl'))).toBe(false)
    await server.close()
    expect((await replay(cwd, 'replayed')).exitCode).toBe(0)
    expect(readLines(cwd, 'replayed')).toHaveLength(20)
    expect(readResult(cwd, 'replayed').metrics.replayed).toBe(44)
  })

  it('keeps failures as they were', async () => {
    const server = await service({
      faults: (index) => (index < 2 ? { kind: 'status', status: 500 } : { kind: 'none' }),
    })
    const cwd = smallModelProject(
      settings(server, {
        providers: { openai: { base_url: server.baseUrl, max_retries: 1 } },
      }),
    )
    const one = ['-j', '1', '--case', 'status.paid']
    await runCli([...argv, 'live', '--cassette', 'record', ...one], { cwd, env })
    await server.close()
    expect((await replay(cwd, 'replayed', one)).exitCode).toBe(0)
    const [live, again] = ['live', 'replayed'].map((output) =>
      readLines(cwd, output).map(({ outcome, outcomeReason, trial }) => [
        trial,
        outcome,
        outcomeReason,
      ]),
    )
    expect(live).toEqual([
      [2, 'pass', undefined],
      [1, 'invalid', expect.stringContaining('transient: openai at 127.0.0.1')],
    ])
    expect(again).toEqual(live)
  })

  it('is refused where there is none, and where it was cut short', async () => {
    const server = await service()
    const cwd = smallModelProject(settings(server))
    const missing = await replay(cwd, 'a')
    expect([missing.exitCode, existsSync(path.join(cwd, 'a'))]).toEqual([2, false])
    expect(missing.stderr).toContain('there is no such recording')
    await runCli([...argv, 'live', '--cassette', 'record'], { cwd, env })
    const text = readFileSync(cassetteOf(cwd), 'utf8')
    writeFileSync(cassetteOf(cwd), text.slice(0, -20))
    const torn = await replay(cwd, 'b')
    expect([torn.exitCode, existsSync(path.join(cwd, 'b'))]).toEqual([2, false])
  })
})

/** The services' own ids are new each time; these are not. */
function withFixedIds(request: FakeRequest): FakeAnswer {
  const { toolCalls, ...rest } = solveSmall(request)
  const id = `call_${answersSoFar(request)}`
  return { ...rest, ...(toolCalls && { toolCalls: toolCalls.map((call) => ({ ...call, id })) }) }
}

/** How long an answer took is the one thing that no two recordings share. */
function withoutTimes(text: string): string {
  return text.replaceAll(/"(latencyMs|waitedMs)":[\d.e-]+/g, '"$1":0')
}
