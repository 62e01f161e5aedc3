import { getEventListeners, once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { createServer as createRawServer } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { keepAliveFetch } from '../../../src/cli/outside/keep-alive-fetch.ts'
import type { Fetch } from '../../../src/ports.ts'
import { connectionTrouble } from '../../../src/providers/classify-error.ts'
import { selfSigned } from '../self-signed.ts'

const refuse: Fetch = () => Promise.reject(new Error('left to the other one'))

/** One that does all by itself, so that every test has connections of its own. */
const plainFetch = (): Fetch => {
  const fetch = keepAliveFetch(refuse)
  return (input, init) => fetch(input, { redirect: 'manual', ...init })
}
const standardFetch = (): Fetch => (input, init) => fetch(input, { redirect: 'manual', ...init })

interface Serving {
  readonly url: string
  readonly server: Server
  /** Every connection that brought a request, in their order. */
  readonly sockets: readonly Socket[]
}

async function serving(
  listener: (...parts: Parameters<RequestListener>) => unknown,
): Promise<Serving> {
  const server = createServer((request, response) => {
    void listener(request, response)
  })
  const sockets: Socket[] = []
  server.on('request', ({ socket }) => {
    if (!sockets.includes(socket)) sockets.push(socket)
  })
  return { ...(await listening(server)), server, sockets }
}

async function listening(
  server: Server | ReturnType<typeof createRawServer>,
): Promise<{ url: string }> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** Answers with these very bytes, and closes. */
async function rawServing(bytes: string): Promise<string> {
  const server = createRawServer((socket) => {
    socket.once('data', () => socket.end(bytes, 'latin1')).on('error', () => undefined)
  })
  return (await listening(server)).url
}

async function failureOf(response: Promise<unknown>): Promise<readonly [string, string]> {
  const error = await response.then(() => undefined).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(TypeError)
  return [(error as TypeError).message, connectionTrouble(error)]
}

const post = { method: 'POST', body: '{"ä":1}' }

describe.each([
  ['the standard one', standardFetch],
  ['ours', plainFetch],
])('fetch, %s', (_, open) => {
  it('carries method, path, headers and body there, and status, headers and body back', async () => {
    const { url } = await serving(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString()
      const { 'content-length': length, 'content-type': type, 'x-one': one } = request.headers
      const heard = [request.method, request.url, length, type, one, body]
      response.writeHead(418, 'Oh My', { 'X-Two': ['2', 'ÿ'], 'set-cookie': ['a=1', 'b=2'] })
      response.end(JSON.stringify(heard))
    })
    const headers = { 'Content-Type': 'application/json', 'X-One': 'ÿ' }
    const response = await open()(`${url}/a%20b/?c=d&e#f`, { ...post, method: 'PATCH', headers })
    expect(response.status).toBe(418)
    expect(response.statusText).toBe('Oh My')
    expect(response.ok).toBe(false)
    expect(response.headers.get('x-two')).toBe('2, ÿ')
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(await response.json()).toEqual([
      ...['PATCH', '/a%20b/?c=d&e', '8', 'application/json', 'ÿ', '{"ä":1}'],
    ])
  })

  it('says by itself what a text is, and how long no text is', async () => {
    const { url } = await serving((request, response) => {
      const { accept, 'content-length': length, 'content-type': type } = request.headers
      response.end(JSON.stringify([accept, length, type, request.headers['transfer-encoding']]))
    })
    const fetch = open()
    const heard = async (init: RequestInit): Promise<unknown> => (await fetch(url, init)).json()
    expect(await heard(post)).toEqual(['*/*', '8', 'text/plain;charset=UTF-8', null])
    expect(await heard({ ...post, method: 'DELETE' })).toEqual([
      ...['*/*', '8', 'text/plain;charset=UTF-8', null],
    ])
    expect(await heard({ method: 'POST' })).toEqual(['*/*', '0', null, null])
    expect(await heard({})).toEqual(['*/*', null, null, null])
  })

  it('shows a redirect and does not follow it', async () => {
    const { url } = await serving((_request, response) => {
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    const response = await open()(url)
    expect([response.status, response.headers.get('location')]).toEqual([302, '/elsewhere'])
  })

  it('knows answers without a body', async () => {
    const { url } = await serving((request, response) => {
      response.writeHead(Number(request.url?.slice(1))).end()
    })
    const fetch = open()
    for (const [path, method] of [
      ['/204', 'GET'],
      ['/304', 'GET'],
      ['/200', 'HEAD'],
      ['/204', 'POST'],
    ] as const) {
      const response = await fetch(url + path, { method })
      expect(response.body).toBeNull()
      expect(await response.text()).toBe('')
    }
  })

  it('brings a body piece by piece', async () => {
    let more = (): void => undefined
    const { url } = await serving((_request, response) => {
      response.write('data: ä\n\n')
      more = () => response.end('data: [DONE]\n\n')
    })
    const chunks: string[] = []
    const { body } = await open()(url, post)
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      chunks.push(new TextDecoder().decode(chunk))
      more()
    }
    expect(chunks).toEqual(['data: ä\n\n', 'data: [DONE]\n\n'])
  })

  it.each<[string, (body: ReadableStream<Uint8Array>) => Promise<unknown>]>([
    ['is cancelled before it is read', (body) => body.cancel()],
    [
      'is left after its first piece',
      async (body) => {
        for await (const chunk of body as AsyncIterable<Uint8Array>) {
          expect(chunk).toHaveLength(5)
          break
        }
      },
    ],
    [
      'is cancelled by its reader',
      async (body) => {
        const reader = body.getReader()
        expect((await reader.read()).value).toHaveLength(5)
        await reader.cancel()
      },
    ],
  ])('hangs up when a body %s', async (_what, leave) => {
    const { sockets, url } = await serving((_request, response) => response.write('first'))
    const { body } = await open()(url)
    await leave(body as ReadableStream<Uint8Array>)
    await expect.poll(() => sockets.map((socket) => socket.destroyed)).toEqual([true])
  })

  it('ends with its signal: before, while it waits, and within a body', async () => {
    let asked = 0
    const { sockets, url } = await serving((request, response) => {
      asked += 1
      if (request.url === '/body') response.write('first')
    })
    const fetch = open()
    const gone = AbortSignal.abort(new Error('no more'))
    await expect(fetch(url, { signal: gone })).rejects.toThrow('no more')
    expect(asked).toBe(0)

    const waiting = new AbortController()
    const response = fetch(url, { ...post, signal: waiting.signal })
    await expect.poll(() => asked).toBe(1)
    waiting.abort()
    await expect(response).rejects.toMatchObject({ name: 'AbortError' })

    const reading = new AbortController()
    const { body } = await fetch(`${url}/body`, { signal: reading.signal })
    const chunks = (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]()
    expect((await chunks.next()).value).toHaveLength(5)
    reading.abort(new Error('enough'))
    await expect(chunks.next()).rejects.toThrow('enough')
    await expect.poll(() => sockets.every((socket) => socket.destroyed)).toBe(true)
  })

  it('tells what went wrong on the wire', async () => {
    const { server, url } = await serving((request, response) => {
      if (request.url === '/torn') response.write('half', () => response.destroy())
      else request.socket.destroy()
    })
    const fetch = open()
    const cut = 'the connection was cut'
    expect(await failureOf(fetch(url, post))).toEqual(['fetch failed', cut])
    const torn = await fetch(`${url}/torn`, post)
    expect(await failureOf(torn.text())).toEqual(['terminated', cut])
    server.close()
    server.closeAllConnections()
    const words = 'nothing listens there (connection refused)'
    expect(await failureOf(fetch(url, post))).toEqual(['fetch failed', words])
  })

  it('fails on what is no HTTP, and on an address without a host of that name', async () => {
    const fetch = open()
    const [message] = await failureOf(fetch(await rawServing('nonsense\r\n\r\n')))
    expect(message).toBe('fetch failed')
    expect((await failureOf(fetch('http://nowhere.invalid/')))[0]).toBe('fetch failed')
  })

  it('trusts no certificate that nobody vouches for', async () => {
    const server = createSecureServer(selfSigned, (_request, response) => response.end('hi'))
    const { url } = await listening(server)
    expect(await failureOf(open()(url.replace('http:', 'https:')))).toEqual([
      'fetch failed',
      'the connection failed (DEPTH_ZERO_SELF_SIGNED_CERT)',
    ])
  })

  it.each([
    ['gzip', gzipSync],
    ['X-GZIP', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['deflate, gzip', (text: string) => gzipSync(deflateSync(text))],
    ['unheard-of', (text: string) => Buffer.from(text)],
  ])('unpacks %s', async (encoding, pack) => {
    const { url } = await serving((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(pack('hello'))
    })
    expect(await (await open()(url)).text()).toBe('hello')
  })

  it('fails on what cannot be unpacked', async () => {
    const { url } = await serving((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('hello')
    })
    const response = await open()(url)
    expect((await failureOf(response.text()))[0]).toBe('terminated')
  })
})

describe('connections', () => {
  it('are kept, and new ones are taken for what is asked at once', async () => {
    const { sockets, url } = await serving((request, response) => {
      request.resume().on('end', () => response.end('ok'))
    })
    const fetch = plainFetch()
    const ask = async (): Promise<string> => (await fetch(url, post)).text()
    for (let asked = 0; asked < 5; asked += 1) expect(await ask()).toBe('ok')
    expect(sockets).toHaveLength(1)
    await Promise.all([ask(), ask(), ask()])
    expect(sockets).toHaveLength(3)
  })

  it('are kept after answers whose body nobody reads, and after packed ones', async () => {
    const { sockets, url } = await serving((request, response) => {
      if (request.url === '/204') response.writeHead(204).end()
      else response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('hello'))
    })
    const fetch = plainFetch()
    for (const path of ['/204', '/200', '/204', '/200']) {
      await (await fetch(url + path)).text()
      // Nobody waits for the end of a body that is not there.
      await new Promise(setImmediate)
    }
    expect(sockets).toHaveLength(1)
  })

  it('leave no listener on a signal that lives on', async () => {
    const { url } = await serving((_request, response) => response.end('ok'))
    const fetch = plainFetch()
    const { signal } = new AbortController()
    for (let asked = 0; asked < 3; asked += 1) await (await fetch(url, { signal })).text()
    await expect.poll(() => getEventListeners(signal, 'abort')).toEqual([])
  })

  it('are asked for nothing twice when they are new', async () => {
    let asked = 0
    const { url } = await serving((request) => {
      asked += 1
      request.socket.destroy()
    })
    await failureOf(plainFetch()(url))
    expect(asked).toBe(1)
  })
})

describe('packed answers', () => {
  it('may be said not to be packed as well', async () => {
    const { url } = await serving((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'identity, gzip' }).end(gzipSync('hello'))
    })
    expect(await (await plainFetch()(url)).text()).toBe('hello')
  })

  it('are asked for by nobody but the caller', async () => {
    const { url } = await serving((request, response) => {
      response.end(request.headers['accept-encoding'])
    })
    const fetch = plainFetch()
    expect(await (await fetch(url)).text()).toBe('identity')
    const headers = { 'Accept-Encoding': 'gzip' }
    expect(await (await fetch(url, { headers })).text()).toBe('gzip')
  })
})

describe('a kept connection that the service closed', () => {
  /** Two requests on one connection, which the service closes in between. */
  async function closedBetween(
    init: RequestInit,
    close: (socket: Socket) => void,
  ): Promise<readonly [string, number]> {
    const { sockets, url } = await serving((request, response) => {
      request.resume().on('end', () => response.end('ok'))
    })
    const fetch = plainFetch()
    await (await fetch(url, init)).text()
    await expect.poll(() => sockets.length).toBe(1)
    close(sockets[0] as Socket)
    return [await (await fetch(url, init)).text(), sockets.length]
  }

  it.each([{}, post, { ...post, body: 'x'.repeat(10_000_000) }])(
    'is replaced where nothing, or not all, of the request got away',
    async (init) => {
      const reset = closedBetween(init, (socket) => socket.resetAndDestroy())
      expect(await reset).toEqual(['ok', 2])
    },
  )

  it('is replaced under a request that may be repeated', async () => {
    expect(await closedBetween({}, (socket) => socket.destroy())).toEqual(['ok', 2])
  })

  it('is forgotten as soon as it is noticed', async () => {
    const { sockets, url } = await serving((request, response) => {
      request.resume().on('end', () => response.end('ok'))
    })
    const fetch = plainFetch()
    await (await fetch(url, post)).text()
    sockets[0]?.destroy()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await (await fetch(url, post)).text()).toBe('ok')
  })

  it.each([
    ['POST', 1],
    ['PUT', 2],
    ['GET', 2],
  ])('after it has the whole of a %s request: asked %d time(s)', async (method, times) => {
    const heard: string[] = []
    const { url } = await serving((request, response) => {
      heard.push(request.url ?? '')
      request.resume().on('end', () => {
        if (request.url === '/first') response.end('ok')
        else request.socket.destroy()
      })
    })
    const fetch = plainFetch()
    const init = { method, ...(method !== 'GET' && { body: '{}' }) }
    await (await fetch(`${url}/first`, init)).text()
    const again = fetch(`${url}/second`, init)
    expect(await failureOf(again)).toEqual(['fetch failed', 'the connection was cut'])
    expect(heard).toEqual(['/first', ...Array.from({ length: times }, () => '/second')])
  })
})

describe('what is left to the standard one', () => {
  it.each<[string, Parameters<Fetch>]>([
    ['redirects to follow', ['http://a.example/']],
    ['a body in pieces', ['http://a.example/', { method: 'POST', body: new ReadableStream() }]],
    ['bytes', ['http://a.example/', { method: 'POST', body: new Uint8Array(1) }]],
    ['a request', [new Request('http://a.example/')]],
    ['another protocol', ['data:text/plain,hi']],
    ['a key in the address', ['http://user:password@a.example/']],
    ['no address', ['/path']],
    ['a GET with a body', ['http://a.example/', { body: 'x' }]],
    ['an odd method', ['http://a.example/', { method: 'TRACE' }]],
    ['an option', ['http://a.example/', { integrity: 'sha256-x' }]],
    [
      'a header of the connection',
      ['http://a.example/', { headers: { 'Transfer-Encoding': 'x' } }],
    ],
  ])('%s', async (what, [input, init]) => {
    const redirect = what === 'redirects to follow' ? 'follow' : 'manual'
    const asked = keepAliveFetch(refuse)(input, { redirect, ...init })
    await expect(asked).rejects.toThrow('left to the other one')
  })
})

describe('hostile answers', () => {
  it('with a status that nobody has defined are read', async () => {
    const response = await plainFetch()(
      await rawServing('HTTP/1.1 999 ?\r\nContent-Length: 2\r\n\r\nhi'),
    )
    expect([response.status, response.ok, await response.text()]).toEqual([999, false, 'hi'])
  })

  it('end with the head that is too long', async () => {
    const head = `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(1_000_000)}`
    expect((await failureOf(plainFetch()(await rawServing(head))))[0]).toBe('fetch failed')
  })
})
