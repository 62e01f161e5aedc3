import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { keepAliveFetch } from '../../../src/cli/outside/keep-alive-fetch.ts'
import { unixAddress } from '../../../src/cli/outside/unix-address.ts'

describe('unixAddress', () => {
  it.each([
    ['http://unix:/run/opa.sock:/v1/data/a?b=c', '/run/opa.sock', '/v1/data/a?b=c'],
    ['http://unix:/a%20b%3Ac/%25:/', '/a b:c/%', '/'],
    ['http://unix:/a:/b:/c', '/a', '/b:/c'],
  ])('%s', (address, socketPath, asked) => {
    const found = unixAddress(address)
    expect(found?.socketPath).toBe(socketPath)
    expect(found && found.url.pathname + found.url.search).toBe(asked)
  })

  it.each([
    'http://unix/run/opa.sock',
    'http://unix:80/run/opa.sock:/v1',
    'http://unix:/run/opa.sock',
    'http://unix:/run/opa.sock:',
    'http://unix:run/opa.sock:/v1',
    'https://unix:/run/opa.sock:/v1',
    'http://unix:/run/%zz:/v1',
    'unix:/run/opa.sock',
  ])('%s is none', (address) => {
    expect(unixAddress(address)).toBeUndefined()
  })

  it('is none as a URL, which forgets the first colon', () => {
    expect(unixAddress(new URL('http://unix:/run/opa.sock:/v1'))).toBeUndefined()
  })
})

describe('fetch on a socket of this machine', () => {
  it('sends and receives as on any other connection, and keeps it', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'agent-eval-socket-'))
    const socket = path.join(folder, 'opa.sock')
    let connections = 0
    const server = createServer((request, response) => {
      void request.toArray().then((chunks) => {
        const { host, 'x-one': one } = request.headers
        const body = Buffer.concat(chunks).toString()
        response.setHeader('x-two', '2')
        response.end([request.method, request.url, host, one, body].join(' '))
      })
    })
    server.on('connection', () => {
      connections += 1
    })
    server.listen(socket)
    await new Promise((resolve) => server.once('listening', resolve))
    onTestFinished(() => {
      server.close()
      server.closeAllConnections()
      rmSync(folder, { recursive: true })
    })
    const fetch = keepAliveFetch(() => Promise.reject(new Error('left to the other one')))
    const init = {
      method: 'POST',
      redirect: 'manual',
      headers: { 'x-one': '1' },
      body: 'é',
    } as const
    for (let i = 0; i < 3; i += 1) {
      const response = await fetch(`http://unix:${socket}:/v1/data/a?b=c`, init)
      expect([response.status, response.headers.get('x-two')]).toEqual([200, '2'])
      expect(await response.text()).toBe('POST /v1/data/a?b=c localhost 1 é')
    }
    expect(connections).toBe(1)
    const missing = fetch(`http://unix:${folder}/none:/`, init)
    await expect(missing).rejects.toMatchObject({
      message: 'fetch failed',
      cause: { code: 'ENOENT' },
    })
  })

  it('is never left to another one, which would ask a host called unix', async () => {
    const asked: unknown[] = []
    const fetch = keepAliveFetch((input) => {
      asked.push(input)
      return Promise.reject(new Error('no'))
    })
    await expect(fetch('http://unix:/run/opa.sock:/v1', { redirect: 'follow' })).rejects.toThrow(
      'a socket takes plain requests only',
    )
    expect(asked).toEqual([])
  })
})
