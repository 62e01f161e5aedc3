import { describe, expect, it } from 'vitest'
import type { LiveService } from '../../../src/providers/live-service.ts'
import { openService } from '../../../src/providers/open-service.ts'
import { resolveModel } from '../../../src/providers/registry.ts'
import { textPart } from '../../../src/schema/message.ts'
import { aModelRequest } from '../a-model-request.ts'
import { anOutside } from '../an-outside.ts'
import { never } from '../live.ts'

/** A model that is a function; `paths` receives what was loaded. */
function aModule(answer: unknown, paths: string[] = []): LiveService {
  const importModule = (path: string): Promise<Record<string, unknown>> => {
    paths.push(path)
    return Promise.resolve({ answer: typeof answer === 'function' ? answer : () => answer })
  }
  const resolved = resolveModel('module:./models/own.ts#answer')
  return openService(resolved, { outside: anOutside({ importModule }), root: '/project' })
}

describe('moduleService', () => {
  it('asks the function that the project names', async () => {
    const paths: string[] = []
    const asked: unknown[] = []
    const service = aModule((request: unknown) => {
      asked.push(request)
      return Promise.resolve({
        text: 'One moment.',
        toolCalls: [
          { tool: 'crm.verify_customer', args: { id: 'C-1' } },
          { id: 'b', tool: 'orders.get_status', args: 'no JSON' },
        ],
        usage: { inputTokens: 12, outputTokens: 3, cacheReadTokens: 4 },
        costUsd: 0.01,
        modelServed: 'own-2',
      })
    }, paths)
    const request = aModelRequest({ ordinal: 2 })
    const call = { type: 'tool_call' }
    expect(await service.attempt(request, never)).toEqual({
      ok: true,
      response: {
        content: [
          textPart('One moment.'),
          { ...call, callId: 'call_2_0', tool: 'crm.verify_customer', args: { id: 'C-1' } },
          { ...call, callId: 'b', tool: 'orders.get_status', args: 'no JSON' },
        ],
        modelServed: 'own-2',
        stopReason: 'tool_calls',
        usage: { inputTokens: 12, outputTokens: 3, cacheReadTokens: 4 },
        costUsd: 0.01,
        latencyMs: 5,
        retries: 0,
        from: 'live',
      },
      hints: {},
      latencyMs: 5,
    })
    await service.attempt(request, never)
    expect(paths).toEqual(['/project/models/own.ts'])
    const { messages, role, sampling, seed, tools } = request
    expect(asked[0]).toEqual({ role, messages, tools, sampling, seed })
  })

  it('gives a copy away', async () => {
    const service = aModule((request: { messages: unknown[] }) => {
      request.messages.length = 0
      return { text: 'hi' }
    })
    const request = aModelRequest()
    expect(await service.attempt(request, never)).toMatchObject({
      response: {
        modelServed: 'answer',
        stopReason: 'end',
        usage: { inputTokens: 0, outputTokens: 0 },
      },
    })
    expect(request.messages).toHaveLength(2)
  })

  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  let deep: unknown = 'x'
  for (let depth = 0; depth < 50_000; depth += 1) deep = [deep]

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'it answered nothing'],
    ['a text', 'hi', 'its answer cannot be used: Invalid input: expected object, received string'],
    ['an unknown member', { txt: 'hi' }, 'its answer cannot be used: Unrecognized key: "txt"'],
    ['a price of NaN', { costUsd: NaN }, 'its answer cannot be used: costUsd: Invalid input'],
    ['a negative price', { costUsd: -1 }, 'its answer cannot be used: costUsd: Too small'],
    [
      'more cached than read',
      { usage: { inputTokens: 1, outputTokens: 1, cacheReadTokens: 2 } },
      'its answer cannot be used: usage: cached tokens are part of inputTokens',
    ],
    ['a circle', circle, 'Converting circular structure to JSON'],
    [
      'arguments without a floor',
      { toolCalls: [{ tool: 'a', args: { deep } }] },
      'Maximum call stack',
    ],
    ['an endless text', { text: 'x'.repeat(8_000_001) }, 'its answer is too long'],
  ])('answers for %s', async (_, answer, message) => {
    const reply = await aModule(() => answer).attempt(aModelRequest(), never)
    expect(!reply.ok && reply.error).toMatchObject({ class: 'bug' })
    expect(!reply.ok && reply.error.message).toContain(`module:./models/own.ts#answer: ${message}`)
  })

  it('answers for what it throws, and takes a status for that of a service', async () => {
    const throwing = (error: unknown): LiveService =>
      aModule(() => {
        throw error
      })
    const key = `sk-proj-${'a1B2'.repeat(12)}`
    const bug = await throwing(new Error(`oh\nno ${key}`)).attempt(aModelRequest(), never)
    expect(!bug.ok && bug.error.class).toBe('bug')
    expect(!bug.ok && bug.error.message).toMatch(/: oh no \[redacted:[a-z-]+\]$/)
    const busy = Object.assign(new Error('busy'), { status: 429, retryAfterMs: 1500 })
    expect(await throwing(busy).attempt(aModelRequest(), never)).toMatchObject({
      error: { class: 'rate_limit', message: 'module:./models/own.ts#answer: 429 busy' },
      hints: { status: 429, retryAfterMs: 1500 },
    })
    expect(await throwing(null).attempt(aModelRequest(), never)).toMatchObject({
      error: { class: 'bug' },
    })
  })

  it('waits for nobody once aborted', async () => {
    const stop = new AbortController()
    const service = aModule(() => {
      stop.abort()
      return new Promise(() => undefined)
    })
    expect(await service.attempt(aModelRequest(), stop.signal)).toMatchObject({
      error: { class: 'timeout' },
    })
  })

  it('says before the first request what cannot be loaded', async () => {
    const open = (importModule: () => Promise<Record<string, unknown>>): LiveService =>
      openService(resolveModel('module:own.ts'), {
        outside: anOutside({ importModule }),
        root: '/project',
      })
    const broken = open(() => Promise.reject(new Error('no such file')))
    await expect(broken.load()).rejects.toMatchObject({
      code: 'input',
      message: 'cannot be loaded: no such file',
      source: { file: 'own.ts' },
    })
    expect(await broken.attempt(aModelRequest(), never)).toMatchObject({
      error: { class: 'bug', message: 'module:own.ts: cannot be loaded: no such file' },
    })
    const other = open(() => Promise.resolve({ named: () => undefined }))
    await expect(other.load()).rejects.toThrow('exports no function "default"')
  })
})
