import { describe, expect, it } from 'vitest'
import { runCli, writeFiles } from '../cli/run-cli.ts'
import { env, smallModelProject } from './model-project.ts'
import { readEvents, readLines, readResult } from './read-results.ts'
import { service } from './small-services.ts'

const argv = ['run', '--no-gate', '-q']

/** Plays one case; at any other it says what it cannot do. */
const ownModel = `
export async function play({ messages, tools }: { messages: any[]; tools: any[] }) {
  const said = JSON.stringify(messages)
  const usage = { inputTokens: 50, outputTokens: 5 }
  if (!said.includes('O-2 cost')) throw Object.assign(new Error('busy'), { status: 503 })
  if (said.includes('paid_cents')) return { text: 'O-2 cost $90.', usage, costUsd: 0.25 }
  const [tool] = tools.filter((one) => one.name === 'orders.get')
  return { toolCalls: [{ tool: tool.name, args: { id: 'O-2' } }], usage, modelServed: 'own-1' }
}
`

describe('a module as a model', () => {
  it('plays its part, is priced by itself or by the project, and is retried', async () => {
    const cwd = smallModelProject({
      providers: { module: { max_retries: 1 } },
      money: {
        prices: { 'module:./own.ts#play': { input_per_mtok: 1000, output_per_mtok: 1000 } },
      },
      agent: { models: { default: 'module:./own.ts#play' } },
    })
    writeFiles(cwd, { 'own.ts': ownModel })
    const only = ['--case', 'status.paid', '--case', 'status.note', '-n', '1']
    expect((await runCli([...argv, ...only], { cwd })).exitCode).toBe(0)
    const [note, paid] = [...readLines(cwd)].sort((a, b) => a.case.localeCompare(b.case))
    expect(paid).toMatchObject({ outcome: 'pass', servedModels: ['own-1', 'play'] })
    // The first answer by the price of the project, the second by its own word.
    expect(paid?.costUsd).toBeCloseTo(0.055 + 0.25, 12)
    expect(note).toMatchObject({ outcome: 'invalid', retries: 1 })
    expect(note?.outcomeReason).toContain('transient')
    const answers = readEvents(cwd, 'status.paid#1').filter(({ type }) => type === 'model.response')
    expect(answers).toEqual([
      expect.objectContaining({ from: 'live', stopReason: 'tool_calls' }),
      expect.objectContaining({ from: 'live', stopReason: 'end' }),
    ])
  })

  it('that is not there is named before anything runs', async () => {
    const cwd = smallModelProject({ agent: { models: { default: 'module:./gone.ts' } } })
    const { exitCode, stderr } = await runCli(argv, { cwd })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('gone.ts')
  })

  it('is on cassette like any other model', async () => {
    const cwd = smallModelProject({ agent: { models: { default: 'module:./own.ts#play' } } })
    writeFiles(cwd, { 'own.ts': ownModel })
    const one = [...argv, '--case', 'status.paid', '-o']
    expect((await runCli([...one, 'live', '--cassette', 'record'], { cwd })).exitCode).toBe(0)
    writeFiles(cwd, { 'own.ts': 'export const play = () => { throw new Error("asked") }' })
    expect((await runCli([...one, 'again', '--cassette', 'replay'], { cwd })).exitCode).toBe(0)
    expect(readResult(cwd, 'again').metrics).toMatchObject({ tsr: { rate: 1 }, replayed: 4 })
  })
})

describe('a compatible service', () => {
  it.each(['openai', 'anthropic'] as const)('of %s needs no key where it says so', async (kind) => {
    const server = await service({ kind })
    const cwd = smallModelProject({
      providers: { local: { kind, base_url: server.baseUrl, api_key_env: 'none' } },
      agent: { models: { default: 'local:llama3:8b' } },
    })
    // Keys of other services lie about; none is sent.
    const { exitCode, stdout } = await runCli(argv, { cwd, env })
    expect(exitCode).toBe(0)
    expect(readResult(cwd).metrics.tsr).toMatchObject({ rate: 1, n: 6 })
    expect(new Set(server.requests.map((request) => request.model))).toEqual(new Set(['llama3:8b']))
    const sent = server.requests.map(({ headers }) => [
      headers['authorization'],
      headers['x-api-key'],
    ])
    for (const [authorization, apiKey] of sent) {
      expect(`${authorization ?? ''}${apiKey ?? ''}`).not.toContain(env.OPENAI_API_KEY)
    }
    // Nobody knows its price, and it is not taken for one of the makers'.
    expect(stdout).toContain('unknown price: local:llama3:8b')
  })

  it('names its key where it needs one', async () => {
    const server = await service()
    const cwd = smallModelProject({
      providers: { local: { kind: 'openai', base_url: server.baseUrl } },
      agent: { models: { default: 'local:m' } },
    })
    const { exitCode, stderr } = await runCli(argv, { cwd, env })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('providers.local names no key')
    expect(server.requests).toEqual([])
  })

  it('goes where the environment sends it, as the SDKs do', async () => {
    const server = await service()
    const cwd = smallModelProject({ agent: { models: { default: 'openai:m' } } })
    const base = { OPENAI_BASE_URL: server.baseUrl }
    expect((await runCli(argv, { cwd, env: { ...env, ...base } })).exitCode).toBe(0)
    expect(server.requests).toHaveLength(22)
  })
})
