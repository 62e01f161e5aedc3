import { request } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { listen } from '../../src/cli/outside/listen.ts'
import { openServer } from '../../src/serve/open-server.ts'
import { sendLive } from '../../src/serve/proxy/send-live.ts'
import { findRoute } from '../../src/serve/proxy/services.ts'
import { runOutside } from './outside-run.ts'
import { tickingClock } from './ticking-clock.ts'

/** As it is written, without a client that tidies the path up. */
function statusOfRaw(base: string, path: string): Promise<number> {
  const { hostname, pathname, port } = new URL(base)
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path: `${pathname}${path}`, method: 'GET' })
    sent.on('response', (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    sent.on('error', reject).end()
  })
}

const ways = [
  '/models/../files',
  '/models/./../files',
  '/models/%2e%2e/files',
  '/models/.%2E/files',
  '/models/..%2ffiles',
  '/models/..%5cfiles',
  '/models/..\\files',
  '/models/a\\..\\..\\files',
  '/models//files',
  '/models/',
  '/models/a;b',
  '/models/a#b',
  '/models/\t../files',
]

test('no path leads elsewhere in the account of our key', async () => {
  const fetched: string[] = []
  const server = await openServer({
    listen,
    fetch: async (input) => {
      fetched.push(new URL(input instanceof Request ? input.url : input).pathname)
      return Promise.resolve(Response.json({ data: [] }))
    },
    clock: tickingClock(),
    upstreams: {
      openai: { baseUrl: 'https://models.invalid/v1', headers: () => ({}) },
      anthropic: { baseUrl: 'https://models.invalid', headers: () => ({}) },
    },
    price: (_, response) => response,
  })
  onTestFinished(server.close)
  const seen: unknown[] = []
  await runOutside(server.openDoors, async ({ anthropicBaseUrl, openaiBaseUrl }) => {
    for (const way of ways.filter((one) => !one.includes('\t'))) {
      seen.push([way, await statusOfRaw(openaiBaseUrl, way)])
      seen.push([way, await statusOfRaw(anthropicBaseUrl, `/v1${way}`)])
    }
    await statusOfRaw(openaiBaseUrl, '/models/ft:gpt-x:house::1?limit=2')
    return 'done'
  })
  expect(seen).toEqual(seen.map((one) => [(one as [string])[0], 404]))
  expect(fetched).toEqual(['/v1/models/ft:gpt-x:house::1'])
})

test.each(ways)('%j is no route', (way) => {
  expect(findRoute('openai', 'GET', `v1${way}`)).toBeUndefined()
  expect(findRoute('anthropic', 'GET', `v1${way}`)).toBeUndefined()
})

test.each([
  ['GET', 'models', '/models'],
  ['GET', 'v1/models/vendor/name-4.1', '/models/vendor/name-4.1'],
  ['POST', 'chat/completions?beta=true', '/chat/completions?beta=true'],
])('%s %s is one', (method, rest, path) => {
  expect(findRoute('openai', method, rest)?.path).toBe(path)
})

test.each([
  ['/v1/', '/models/../files'],
  ['/v1/', '/models/%2e%2e/files'],
  ['', '@elsewhere.invalid/models'],
  ['', '.elsewhere.invalid/models'],
])('what resolves to another place than it says, %s%s, is not sent', async (below, path) => {
  const upstream = { baseUrl: `https://models.invalid${below}`, headers: () => ({}) }
  const live = { method: 'GET', path, headers: {}, body: undefined }
  const never = (): Promise<Response> => Promise.reject(new Error('it was sent'))
  const { signal } = new AbortController()
  expect(await sendLive(never, upstream, { request: live, signal })).toEqual({
    ok: false,
    class: 'bad_request',
    message: 'the path is none of this service',
  })
})
