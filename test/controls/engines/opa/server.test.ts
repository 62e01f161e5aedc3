import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createRawServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { keepAliveFetch } from '../../../../src/cli/outside/keep-alive-fetch.ts'
import type { PolicyEngine, PolicyQuestion } from '../../../../src/controls/policy-engine.ts'
import type { JsonValue } from '../../../../src/schema/json.ts'
import { type FakeOpa, type FakeOpaOptions, startFakeOpa } from '../../../fake-servers/opa.ts'
import { aCall } from '../cel/ask.ts'
import { gist, opened, portsOver, problemsOf, refundWasm } from './ports.ts'

/** Node's own does not know sockets; ours does, and does all that is asked here. */
const ourFetch = (): typeof fetch => keepAliveFetch(() => Promise.reject(new Error('not asked')))

interface Asking extends Partial<FakeOpaOptions> {
  readonly timeoutMs?: number
  readonly env?: Readonly<Record<string, string>>
  readonly path?: string
  readonly fetch?: typeof fetch
}

async function serving(asking: Asking = {}): Promise<{ server: FakeOpa; engine: PolicyEngine }> {
  const server = await startFakeOpa({ decide: await refundPolicy(), ...asking })
  onTestFinished(() => server.close())
  return { server, engine: await asked(server.url, asking) }
}

function asked(url: string, asking: Asking = {}): Promise<PolicyEngine> {
  const { env = {}, fetch = ourFetch(), path: rule, timeoutMs = 2_000 } = asking
  const settings = {
    url,
    timeout_ms: timeoutMs,
    ...(rule !== undefined && { path: rule }),
    ...('OPA_TOKEN' in env && { token_env: 'OPA_TOKEN' }),
  }
  return opened(settings, portsOver({}, { fetch, env }))
}

/** The compiled policy decides for the server too, so both really read their input. */
async function refundPolicy(): Promise<FakeOpaOptions['decide']> {
  const { openWasmPolicy } = await import('../../../../src/controls/engines/opa/wasm-policy.ts')
  const loaded = await openWasmPolicy({ wasm: refundWasm, data: {}, path: 'agent/decision' })
  if (!loaded.ok) throw new Error(loaded.error)
  return (rule, input) => {
    if (rule !== 'agent/decision') return undefined
    const evaluated = loaded.policy.evaluate(input as Record<string, never>, '')
    return evaluated.ok ? evaluated.result : undefined
  }
}

const ofAmount = (amount: number | string): PolicyQuestion =>
  aCall({ args: { amount_usd: amount } })
const undefinedRule = 'deny agent.decision !agent/decision is undefined, not a decision'

describe('a server of OPA', () => {
  it('is asked for one decision, as OPA wants to be asked', async () => {
    const { engine, server } = await serving()
    expect(await engine.decide(ofAmount(60))).toEqual({
      source: 'policy',
      engine: 'opa',
      decision: 'escalate',
      rules: [{ id: 'refund_cap', decision: 'escalate', reason: 'more than 50 dollars' }],
      version: engine.version,
    })
    const [request] = server.requests
    expect(request).toMatchObject({ method: 'POST', url: '/v1/data/agent/decision' })
    expect(request?.headers).toMatchObject({ 'content-type': 'application/json' })
    expect(request?.headers).not.toHaveProperty('authorization')
    expect(JSON.parse(request?.body ?? '')).toEqual({
      input: {
        stage: 'call',
        tool: { name: 'payments.issue_refund', tier: 2, effect: 'write' },
        args: { amount_usd: 60 },
        agent: { principal: 'agent' },
        calls: [],
        now: '2026-01-05T09:00:00.000Z',
      },
    })
  })

  it.each([
    ['ours', ourFetch()],
    ['the standard one', fetch],
  ])('is reached by any fetch: %s', async (_, one) => {
    const { engine } = await serving({ fetch: one })
    expect(gist(await engine.decide(ofAmount(40)))).toBe('allow refund_cap')
    expect(gist(await engine.decide(ofAmount(600)))).toBe('deny refund_never_above_500')
    expect(gist(await engine.decide(ofAmount('40')))).toBe(undefinedRule)
  })

  it('denies what is undefined there: 200 and {}', async () => {
    const { engine } = await serving({ path: 'agent/no_such_rule' })
    expect(gist(await engine.decide(ofAmount(40)))).toBe(
      'deny agent.no_such_rule !agent/no_such_rule is undefined, not a decision',
    )
  })

  it('is asked on one connection, which is opened again when it was hung up', async () => {
    const { engine, server } = await serving()
    for (let i = 0; i < 20; i += 1) await engine.decide(ofAmount(40))
    expect(server.connections()).toBe(1)
    server.hangUp()
    expect(gist(await engine.decide(ofAmount(60)))).toBe('escalate refund_cap')
    expect(server.connections()).toBe(2)
  })

  it('is asked again, once, where the connection breaks before an answer', async () => {
    const { engine, server } = await serving({ faults: [{ kind: 'drop' }] })
    expect(gist(await engine.decide(ofAmount(40)))).toBe('allow refund_cap')
    expect(server.requests).toHaveLength(2)
    const twice = await serving({ faults: [{ kind: 'drop' }, { kind: 'drop' }] })
    expect(gist(await twice.engine.decide(ofAmount(40)))).toBe(
      'deny agent.decision !the policy server cannot be reached: ECONNRESET',
    )
    expect(gist(await twice.engine.decide(ofAmount(40)))).toBe('allow refund_cap')
  })

  it('decides many actions at once, each for itself', async () => {
    const { engine } = await serving()
    const amounts = Array.from({ length: 60 }, (_, index) => index * 10)
    const said = await Promise.all(amounts.map(async (amount) => engine.decide(ofAmount(amount))))
    expect(said.map(gist)).toEqual(
      amounts.map((amount) => {
        if (amount <= 50) return 'allow refund_cap'
        return amount <= 500 ? 'escalate refund_cap' : 'deny refund_never_above_500'
      }),
    )
  })

  it('that goes wrong denies, and the next decision is made', async () => {
    const html = '<html><body>Bad gateway</body></html>'
    const faults = [
      { kind: 'status', status: 500, message: 'eval_conflict_error: functions must not…' },
      { kind: 'status', status: 502, text: html },
      { kind: 'status', status: 200, text: html },
      { kind: 'status', status: 200, text: '' },
      { kind: 'status', status: 200, text: '[true]' },
      { kind: 'status', status: 200, text: 'true' },
      { kind: 'status', status: 200, text: '{"result": "yes"}' },
      { kind: 'status', status: 200, text: '{"result": null}' },
      { kind: 'status', status: 200, text: '{"result": {"allow": "yes"}}' },
      { kind: 'status', status: 201, text: '{"result": true}' },
      { kind: 'status', status: 204, text: '' },
      {
        kind: 'status',
        status: 302,
        headers: { location: '/v1/data/agent/lax' },
        text: '{"result": true}',
      },
      { kind: 'status', status: 400, code: 'invalid_parameter', message: 'x'.repeat(5_000) },
      { kind: 'malformed' },
      { kind: 'drop', midway: true },
    ] as const
    const { engine, server } = await serving({ faults })
    const said: string[] = []
    while (said.length < faults.length) said.push(gist(await engine.decide(ofAmount(40))))
    const deny = 'deny agent.decision !'
    expect(said.slice(0, -1)).toEqual(
      [
        'the policy server answered 500 (internal_error: eval_conflict_error: functions must not…)',
        'the policy server answered 502',
        ...Array.from(
          { length: 4 },
          () => 'the policy server answered with something other than a JSON object',
        ),
        'agent/decision is a text, not a decision',
        'agent/decision is null, not a decision',
        'agent/decision: `allow` is not true or false',
        'the policy server answered 201',
        'the policy server answered 204',
        'the policy server answered 302',
        `the policy server answered 400 (invalid_parameter: ${'x'.repeat(180)}…)`,
        'the policy server answered with something other than a JSON object',
      ].map((words) => deny + words),
    )
    expect(said.at(-1)).toMatch(/^deny agent.decision !the policy server cannot be reached: /)
    expect(server.requests.map(({ url }) => url)).not.toContain('/v1/data/agent/lax')
    expect(gist(await engine.decide(ofAmount(40)))).toBe('allow refund_cap')
  })

  it.each([
    ['hangs', { kind: 'hang' }],
    ['drips', { kind: 'slow', pauseMs: 50, pieces: 60 }],
  ] as const)('that %s denies within its time', async (_, fault) => {
    const { engine } = await serving({ faults: [fault], timeoutMs: 300 })
    const started = performance.now()
    expect(gist(await engine.decide(ofAmount(40)))).toBe(
      'deny agent.decision !the policy server did not answer within 300 ms',
    )
    expect(performance.now() - started).toBeLessThan(1_500)
    expect(gist(await engine.decide(ofAmount(40)))).toBe('allow refund_cap')
  })

  it('ends in time even where nobody heeds the signal', async () => {
    const deaf = (() => new Promise(() => undefined)) as typeof fetch
    const engine = await asked('http://127.0.0.1:1', { fetch: deaf, timeoutMs: 50 })
    expect(gist(await engine.decide(ofAmount(40)))).toBe(
      'deny agent.decision !the policy server did not answer within 50 ms',
    )
  })

  it('that lets go of a request in time ends it on the server too', async () => {
    let hungUp = false
    const server = createServer((request) => {
      request.socket.on('close', () => {
        hungUp = true
      })
    })
    server.listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const engine = await asked(`http://127.0.0.1:${port}`, { timeoutMs: 100 })
    await engine.decide(ofAmount(40))
    await expect.poll(() => hungUp).toBe(true)
  })

  it('that is not there denies at once', async () => {
    const { engine, server } = await serving()
    await server.close()
    expect(gist(await engine.decide(ofAmount(40)))).toBe(
      'deny agent.decision !the policy server cannot be reached: ECONNREFUSED',
    )
    const nowhere = await asked('http://no-such-host.invalid', { timeoutMs: 20_000 })
    expect(gist(await nowhere.decide(ofAmount(40)))).toMatch(
      /^deny agent.decision !the policy server cannot be reached: (?:ENOTFOUND|EAI_AGAIN)$/,
    )
  })

  it('that is none at all denies', async () => {
    const server = createRawServer((socket) => {
      socket.on('error', () => undefined).end('SSH-2.0-OpenSSH_9.2\r\n')
    })
    server.listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const engine = await asked(`http://127.0.0.1:${port}`)
    expect(gist(await engine.decide(ofAmount(40)))).toMatch(
      /^deny agent.decision !the policy server cannot be reached: [A-Z_]+$/,
    )
  })

  it.each([
    ['as it is', (text: string) => Buffer.from(text), {}],
    ['packed', (text: string) => gzipSync(text), { 'content-encoding': 'gzip' }],
  ])('that answers with more than a megabyte denies: %s', async (_, pack, headers) => {
    let sent = 0
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', ...headers })
      const body = pack(`{"result":true,"more":"${'x'.repeat(30 * 1024 * 1024)}"}`)
      response.write(body, () => {
        sent = body.length
      })
      response.end()
    })
    server.listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const engine = await asked(`http://127.0.0.1:${port}`, { timeoutMs: 20_000 })
    expect(gist(await engine.decide(ofAmount(40)))).toBe(
      'deny agent.decision !the policy server answered with more than 1 MB',
    )
    if (!('content-encoding' in headers)) expect(sent).toBe(0)
  })

  it('is not asked what cannot be written', async () => {
    const { engine, server } = await serving()
    let deep: JsonValue = 1
    for (let i = 0; i < 200_000; i += 1) deep = [deep]
    expect(gist(await engine.decide(aCall({ args: { amount_usd: 40, deep } })))).toBe(
      'deny agent.decision !the action cannot be written as JSON',
    )
    expect(server.requests).toEqual([])
  })

  it('on a socket of this machine', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'agent-eval-o p:a-'))
    onTestFinished(() => {
      rmSync(folder, { recursive: true })
    })
    const { engine, server } = await serving({ socketPath: path.join(folder, 'opa.sock') })
    expect(server.url).toMatch(/^unix:\//)
    for (const amount of [40, 60, 600]) await engine.decide(ofAmount(amount))
    expect(gist(await engine.decide(ofAmount(60)))).toBe('escalate refund_cap')
    expect(server.requests[0]).toMatchObject({ method: 'POST', url: '/v1/data/agent/decision' })
    expect(server.connections()).toBe(1)
    const nobody = await asked(`unix:${path.join(folder, 'no.sock')}`)
    expect(gist(await nobody.decide(ofAmount(40)))).toBe(
      'deny agent.decision !the policy server cannot be reached: ENOENT',
    )
  })
})

describe('a token', () => {
  const token = 's3cr3t-token-of-opa'

  it('is shown to the server', async () => {
    const { engine, server } = await serving({ token, env: { OPA_TOKEN: token } })
    expect(gist(await engine.decide(ofAmount(40)))).toBe('allow refund_cap')
    expect(server.requests[0]?.headers['authorization']).toBe(`Bearer ${token}`)
  })

  it('that is refused denies', async () => {
    const { engine } = await serving({ token, env: { OPA_TOKEN: 'another' } })
    expect(gist(await engine.decide(ofAmount(40)))).toBe(
      'deny agent.decision !the policy server answered 401 ' +
        '(unauthorized: request rejected by administrative policy)',
    )
  })

  it('is in no text of ours, whatever the server says', async () => {
    const faults = [
      { kind: 'status', status: 500, message: `you sent Bearer ${token}` },
      { kind: 'status', status: 500, text: `<p>Bearer ${token}</p>` },
      { kind: 'status', status: 200, text: `Bearer ${token}` },
      { kind: 'status', status: 403, code: token },
    ] as const
    const { engine } = await serving({ faults, env: { OPA_TOKEN: token } })
    for (let i = 0; i < faults.length; i += 1) {
      const said = await engine.decide(ofAmount(40))
      expect(said?.decision).toBe('deny')
      expect(JSON.stringify(said)).not.toContain(token)
    }
  })

  it.each([
    [{}, 'the environment variable OPA_TOKEN is not set'],
    [{ OPA_TOKEN: '' }, 'the environment variable OPA_TOKEN is not set'],
    [{ OPA_TOKEN: `${token}\r\nx: y` }, /^the environment variable OPA_TOKEN holds no token/],
    [{ OPA_TOKEN: `${token} ${token}` }, /^the environment variable OPA_TOKEN holds no token/],
    [{ OPA_TOKEN: 'ключ' }, /^the environment variable OPA_TOKEN holds no token/],
  ])('has to be one: %j', async (env, message) => {
    const settings = { url: 'http://localhost:8181', token_env: 'OPA_TOKEN' }
    const problems = await problemsOf(settings, portsOver({}, { env }))
    expect(problems).toMatchObject([
      {
        path: ['token_env'],
        message: typeof message === 'string' ? message : (expect.stringMatching(message) as string),
      },
    ])
    expect(JSON.stringify(problems)).not.toContain(token)
  })
})

describe('what cannot be asked', () => {
  it('tells all of it at once', async () => {
    const settings = { url: 'opa:8181', token_env: 'T', data: 'd.json' }
    const problems = await problemsOf(settings, portsOver({}))
    expect(problems.map(({ path: at }) => at)).toEqual([['data'], ['url'], ['token_env']])
  })
})
