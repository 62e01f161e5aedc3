import { describe, expect, it, onTestFinished } from 'vitest'
import { openService } from '../../src/providers/open-service.ts'
import { resolveModel } from '../../src/providers/registry.ts'
import { providerSettings } from '../../src/schema/project.ts'
import type { Fault } from '../fake-servers/faults.ts'
import { startFakeServer } from '../fake-servers/start-fake-server.ts'
import { aModelRequest } from './a-model-request.ts'
import { anOutside } from './an-outside.ts'
import { aKey, aLiveService, never } from './live.ts'

const kinds = ['openai', 'anthropic'] as const
const status = (code: number, more: object = {}): Fault => ({
  kind: 'status',
  status: code,
  ...more,
})

describe.each(kinds)('%s', (kind) => {
  const answer = (): { text: string } => ({ text: 'hi' })

  it.each<[string, Fault, object]>([
    [
      '429',
      status(429, { retryAfter: 3 }),
      { error: { class: 'rate_limit' }, hints: { status: 429, retryAfterMs: 3000 } },
    ],
    ['500', status(500), { error: { class: 'transient' }, hints: { status: 500 } }],
    ['529', status(529), { error: { class: 'transient' }, hints: { status: 529 } }],
    ['403', status(403), { error: { class: 'auth' }, hints: { status: 403 } }],
    [
      'no credit',
      status(429, { code: 'insufficient_quota', retryAfter: 1 }),
      { error: { class: 'auth' } },
    ],
    ['404', status(404), { error: { class: 'bad_request' } }],
    ['422', status(422), { error: { class: 'bad_request' } }],
    [
      'a redirect',
      status(302, { headers: { location: 'http://elsewhere.example' } }),
      { error: { class: 'bad_request' } },
    ],
    [
      'an overflow',
      status(400, { message: 'prompt is too long: 210000 tokens > 200000 maximum' }),
      { error: { class: 'context_overflow' } },
    ],
    [
      'malformed JSON',
      { kind: 'malformed' },
      { error: { class: 'transient' }, hints: { status: 200 } },
    ],
    ['a dropped connection', { kind: 'drop' }, { error: { class: 'transient' }, hints: {} }],
    ['a torn body', { kind: 'drop', midway: true }, { error: { class: 'transient' } }],
  ])('classifies %s', async (_, fault, reply) => {
    const { server, service } = await aLiveService({ kind, answer, faults: [fault] })
    expect(await service.attempt(aModelRequest(), never)).toMatchObject({ ok: false, ...reply })
    // One attempt a call, whatever the SDK would have done.
    expect(server.requests).toHaveLength(1)
    expect(await service.attempt(aModelRequest(), never)).toMatchObject({ ok: true })
  })

  it('reads slow bodies to their end', async () => {
    const faults = [{ kind: 'slow', pauseMs: 5 }] as const
    const { service } = await aLiveService({ kind, answer, faults })
    expect(await service.attempt(aModelRequest(), never)).toMatchObject({
      response: { content: [{ text: 'hi' }] },
    })
  })

  it('answers a timeout of its own, also in the middle of a body', async () => {
    const faults = [{ kind: 'hang' }, { kind: 'slow', pauseMs: 400, pieces: 2 }] as const
    const { service } = await aLiveService({ kind, answer, faults }, { timeout_seconds: 0.2 })
    for (let asked = 0; asked < faults.length; asked += 1) {
      const reply = await service.attempt(aModelRequest(), never)
      expect(reply).toMatchObject({ error: { class: 'timeout' } })
      expect(!reply.ok && reply.error.message).toMatch(/: no answer within 0\.2 s$/)
    }
  })

  it('answers when aborted, before and during a request', async () => {
    const { server, service } = await aLiveService({ kind, answer, faults: [{ kind: 'hang' }] })
    const stop = new AbortController()
    const reply = service.attempt(aModelRequest(), stop.signal)
    await expect.poll(() => server.requests.length).toBe(1)
    stop.abort()
    expect(await reply).toMatchObject({ error: { class: 'timeout' } })
    const late = await service.attempt(aModelRequest(), stop.signal)
    expect(!late.ok && late.error.message).toMatch(/: the request was aborted$/)
    expect(server.requests).toHaveLength(1)
  })

  it('tells how many requests the service still allows', async () => {
    const { service } = await aLiveService({ kind, answer, remaining: 12 })
    expect((await service.attempt(aModelRequest(), never)).hints).toMatchObject({
      status: 200,
      remainingRequests: 12,
      resetsInMs: kind === 'openai' ? 60_000 : (expect.any(Number) as number),
    })
  })

  it('names the service and never the key', async () => {
    const echo = `the key ${aKey} is no good\n\u001b[31m${'x'.repeat(999)}`
    const faults = [status(400, { message: echo }), status(500, { text: `<html>${echo}</html>` })]
    const { server, service } = await aLiveService({ kind, answer, faults })
    const host = new URL(server.url).host
    const bad = await service.attempt(aModelRequest(), never)
    const message = bad.ok ? '' : bad.error.message
    expect(message).toContain(
      `${kind} at ${host}: 400 the key [redacted:known-value] is no good xxx`,
    )
    expect(message.length).toBeLessThan(300)
    const page = await service.attempt(aModelRequest(), never)
    expect(!page.ok && page.error.message).toBe(`${kind} at ${host}: 500 answered with a web page`)
  })

  it('says which variable holds a key that is refused or missing', async () => {
    const server = await startFakeServer({ kind, answer, key: 'another' })
    onTestFinished(server.close)
    const named = {
      [kind]: providerSettings.parse({ base_url: server.baseUrl, api_key_env: 'MY_KEY' }),
    }
    const replyOf = async (env: Record<string, string>): Promise<unknown> => {
      const resolved = resolveModel(`${kind}:a-model`, named)
      const service = openService(resolved, { outside: anOutside({ env }), root: '/none' })
      const reply = await service.attempt(aModelRequest(), never)
      return reply.ok || [reply.error.class, reply.error.message]
    }
    const place = `${kind} at ${new URL(server.url).host}`
    expect(await replyOf({ MY_KEY: aKey })).toEqual([
      'auth',
      `${place}: 401, it refuses the key in MY_KEY`,
    ])
    expect(await replyOf({})).toEqual(['auth', `${place}: there is no key: set MY_KEY`])
    expect(server.requests).toHaveLength(1)
  })

  it('sends no key where the service needs none', async () => {
    const server = await startFakeServer({ kind, answer })
    onTestFinished(server.close)
    const own = { kind, base_url: server.baseUrl, api_key_env: 'none' }
    const resolved = resolveModel('local:a-model', { local: providerSettings.parse(own) })
    const env = { OPENAI_API_KEY: aKey, ANTHROPIC_API_KEY: aKey, OPENAI_ORG_ID: 'org-1' }
    const service = openService(resolved, { outside: anOutside({ env }), root: '/none' })
    expect(await service.attempt(aModelRequest(), never)).toMatchObject({ ok: true })
    const names = Object.keys(server.requests[0]?.headers ?? {})
    expect(names).not.toContain('authorization')
    expect(names).not.toContain('x-api-key')
    expect(names).not.toContain('openai-organization')
  })

  it('says that nothing listens', async () => {
    const server = await startFakeServer({ kind, answer })
    await server.close()
    const own = { kind, base_url: server.baseUrl, api_key_env: 'none' }
    const resolved = resolveModel('local:a-model', { local: providerSettings.parse(own) })
    const service = openService(resolved, { outside: anOutside(), root: '/none' })
    const reply = await service.attempt(aModelRequest(), never)
    expect(!reply.ok && reply.error).toEqual({
      class: 'transient',
      message: `local at ${new URL(server.url).host}: nothing listens there (connection refused)`,
    })
  })

  it('takes an error in an answer of 200 for what it is', async () => {
    const error = { code: 429, message: 'slow down' }
    const { service } = await aLiveService({ kind, answer: () => ({ raw: { error } }) })
    expect(await service.attempt(aModelRequest(), never)).toMatchObject({
      error: { class: 'rate_limit' },
    })
  })

  it.each([[[]], [0], ['hi'], [{ choices: [], content: 'x' }]])(
    'finds no answer in %j',
    async (raw) => {
      const { service } = await aLiveService({ kind, answer: () => ({ raw }) })
      expect(await service.attempt(aModelRequest(), never)).toMatchObject({
        error: { class: 'transient' },
      })
    },
  )

  it('cuts off an answer without an end', async () => {
    const { service } = await aLiveService({
      kind,
      answer: () => ({ raw: { text: 'x'.repeat(16_000_000) } }),
    })
    const reply = await service.attempt(aModelRequest(), never)
    expect(!reply.ok && reply.error.class).toBe('bad_request')
    expect(!reply.ok && reply.error.message).toMatch(/the answer is larger than 16 MB$/)
  })
})
