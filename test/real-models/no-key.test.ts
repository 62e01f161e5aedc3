import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from '../cli/run-cli.ts'
import type { FakeAnswer, FakeRequest } from '../fake-servers/fake-exchange.ts'
import type { Fault } from '../fake-servers/faults.ts'
import { smallModelProject } from './model-project.ts'
import { allFiles, readEvents, readLines, runFolder } from './read-results.ts'
import { service, solveSmall } from './small-services.ts'

// None has a form that a pattern would find.
const ownKey = 'marked0key7Qx4Lm9Wd2'
const gatewayKey = 'marked1pass5Rt8Vn3Zc'
const token = 'marked2token6Hy1Bk4Fs'
const marks = /marked[012]/i

const env = { OPENAI_API_KEY: ownKey, GATEWAY_PASS: gatewayKey }

/** All that a service could tell of what it was sent. */
const secrets = `${ownKey} ${gatewayKey} Bearer ${token}, that is ${token}`

/** Says the secrets in words, in arguments, as a model's name and in a tool's name. */
function echo(request: FakeRequest): FakeAnswer {
  const solved = solveSmall(request)
  const words = request.messages[0]?.text ?? ''
  if (words.includes('note')) throw new Error(`sent ${JSON.stringify(request.headers)}`)
  if (solved.text !== undefined) {
    return { ...solved, text: `${solved.text} ${secrets}`, model: `m-${ownKey}`, thinking: secrets }
  }
  const more = [
    { name: 'orders_get', args: { id: secrets, [ownKey]: gatewayKey } },
    { name: `tell_${token}`, args: `{"broken": "${secrets}` },
  ]
  return { ...solved, toolCalls: [...(solved.toolCalls ?? []), ...more] }
}

const faults: readonly Fault[] = [
  { kind: 'status', status: 500, message: `you sent ${secrets}`, code: ownKey },
  { kind: 'status', status: 503, text: `<p>${secrets}</p>` },
  { kind: 'status', status: 429, retryAfter: 0.01, message: secrets },
]

describe('a secret', () => {
  it('is in no file and no text, whatever services tell of it', async () => {
    const own = await service({ answer: echo, faults, key: ownKey })
    const gateway = await service({ answer: echo, faults, key: gatewayKey, kind: 'anthropic' })
    const price = { input_per_mtok: 60, output_per_mtok: 60 }
    const cwd = smallModelProject({
      providers: {
        openai: { base_url: own.baseUrl, max_retries: 1 },
        gateway: {
          kind: 'anthropic',
          base_url: gateway.baseUrl,
          api_key_env: 'GATEWAY_PASS',
          headers: { 'x-gateway-auth': `Bearer ${token}` },
          max_retries: 1,
        },
      },
      money: { prices: { m: price } },
      agent: {
        model_tier: { router: 'first', executor: 'second' },
        models: { first: 'openai:m', second: 'gateway:m' },
      },
    })
    const said: string[] = []
    const cli = async (...argv: readonly string[]): Promise<number> => {
      const { exitCode, stderr, stdout } = await runCli(argv, { cwd, env })
      said.push(stdout, stderr)
      return exitCode
    }
    await cli('run', '--cassette', 'record')
    expect(readLines(cwd)).toHaveLength(10)
    const run = runFolder(cwd)
    const answers = readEvents(cwd).filter((event) => event.type === 'model.response')
    expect(answers.flatMap((answer) => answer.attempts ?? []).length).toBeGreaterThan(3)

    for (const reporter of ['terminal', 'markdown', 'json']) {
      expect(await cli('report', run, '-r', reporter)).toBe(0)
    }
    expect(await cli('show', run)).toBe(0)
    for (const id of ['refund.one', 'status.paid', 'status.note', 'inject.note']) {
      expect(await cli('show', `${run}/${id}#1`)).toBe(0)
    }
    await cli('run', '--no-gate', '--cassette', 'replay', '-o', 'replayed')
    await cli('baseline', 'update')

    // Both services were sent everything, and told it.
    expect(gateway.requests[0]?.headers).toMatchObject({
      'x-api-key': gatewayKey,
      'x-gateway-auth': `Bearer ${token}`,
    })
    expect(own.requests[0]?.headers['authorization']).toBe(`Bearer ${ownKey}`)
    const events = allFiles(run).find(([file]) => file === 'events.jsonl')?.[1] ?? ''
    expect(events).toContain('redacted')

    expect(said.join('\n').match(marks)).toBeNull()
    const files = allFiles(cwd)
    expect(files.map(([file]) => file)).toContain(path.join('set', 'cassettes', 'good.jsonl'))
    const leaks = files.filter(([, text]) => marks.test(text)).map(([file]) => file)
    // Where the team itself has written it down.
    expect(leaks).toEqual(['agent-eval.yaml'])
  })

  it.each([
    [{ kind: 'status', status: 401, message: `wrong: ${secrets}` }],
    [{ kind: 'status', status: 403, message: `wrong: ${secrets}` }],
    [{ kind: 'status', status: 500, message: `broken: ${secrets}` }],
    [{ kind: 'status', status: 500, text: secrets }],
  ] as const)('is in no last word of a service that is given up on: %j', async (fault) => {
    const server = await service({ faults: () => fault })
    const cwd = smallModelProject({
      providers: {
        openai: { base_url: server.baseUrl, headers: { authentication: `Bearer ${token}` } },
        gateway: { kind: 'openai', base_url: server.baseUrl, api_key_env: 'GATEWAY_PASS' },
      },
      agent: { models: { default: 'openai:m' } },
    })
    const { exitCode, stderr } = await runCli(['run', '--no-gate'], { cwd, env })
    expect(exitCode).toBe(4)
    expect(stderr).toContain('openai:m')
    expect(stderr).not.toMatch(marks)
    const leaks = allFiles(cwd).filter(([, text]) => marks.test(text))
    expect(leaks.map(([file]) => file)).toEqual(['agent-eval.yaml'])
  })
})
