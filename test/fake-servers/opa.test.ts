import { describe, expect, it, onTestFinished } from 'vitest'
import { type FakeOpaOptions, startFakeOpa } from './opa.ts'

async function asking(
  options: Partial<FakeOpaOptions> = {},
): Promise<(path: string, init?: RequestInit) => Promise<readonly unknown[]>> {
  const decide: FakeOpaOptions['decide'] = (path, input) => {
    if (path === 'agent/input') return input
    return path === 'agent/no' ? false : undefined
  }
  const server = await startFakeOpa({ decide, ...options })
  onTestFinished(() => server.close())
  return async (path, init) => {
    const response = await fetch(server.url + path, init)
    return [response.status, await response.json()]
  }
}

const post = (body: string): RequestInit => ({ method: 'POST', body })

describe('the stand-in for a server of OPA', () => {
  it('answers what the documentation of OPA says', async () => {
    const ask = await asking()
    expect(await ask('/v1/data/agent/no', post('{"input":{}}'))).toEqual([200, { result: false }])
    expect(await ask('/v1/data/agent/input', post('{"input":{"a":[1]}}'))).toEqual([
      200,
      { result: { a: [1] } },
    ])
    expect(await ask('/v1/data/agent/none', post('{"input":{}}'))).toEqual([200, {}])
    expect(await ask('/v1/data/agent/input?metrics=true', post('{}'))).toEqual([200, {}])
    expect(await ask('/v1/data/agent/input', post(''))).toEqual([200, {}])
    expect(await ask('/v1/data/agent/no')).toEqual([200, { result: false }])
    expect(await ask('/health')).toEqual([200, {}])
  })

  it('refuses what OPA refuses', async () => {
    const ask = await asking({ token: 't' })
    const code = async (...asked: Parameters<typeof ask>): Promise<unknown> => {
      const [status, body] = await ask(...asked)
      return [status, (body as { code?: string }).code]
    }
    const authorization = { authorization: 'Bearer t' }
    expect(await code('/v1/data/a', post('{}'))).toEqual([401, 'unauthorized'])
    for (const body of ['{', '[]', '7', 'null'])
      expect(await code('/v1/data/a', { ...post(body), headers: authorization })).toEqual([
        400,
        'invalid_parameter',
      ])
    expect(await code('/v1/policies/a', { headers: authorization })).toEqual([
      404,
      'resource_not_found',
    ])
  })
})
