import { describe, expect, it } from 'vitest'
import { nodeOutside } from '../../../src/cli/outside/outside.ts'
import type { Child, ServedResponse } from '../../../src/ports.ts'
import { folderWith } from '../run-cli.ts'

const { clock, fetch, importModule, listen, spawn, token } = nodeOutside({ env: {} })
const env = { PATH: process.env['PATH'] ?? '' }

function started(script: string): Child & { readonly out: () => string } {
  const child = spawn([process.execPath, '-e', script], { cwd: '/', env })
  let out = ''
  child.onStdout((text) => {
    out += text
  })
  return { ...child, out: () => out }
}

describe('programs', () => {
  it('see the environment that they are given and no more', async () => {
    const child = started('console.log(Object.keys(process.env).join())')
    expect(await child.ended).toEqual({ code: 0, signal: null })
    expect(child.out().trim()).toBe('PATH')
  })

  it('may end without reading what is written to them', async () => {
    const child = started('process.exit(3)')
    child.write('x'.repeat(1_000_000))
    expect(await child.ended).toEqual({ code: 3, signal: null })
    child.write('more')
    child.closeInput()
    child.kill()
  })

  it('are asked to end, and made to', async () => {
    const polite = started(
      'process.on("SIGTERM", () => process.exit(5)); console.log(1); setInterval(() => {}, 9)',
    )
    const deaf = started(
      'process.on("SIGTERM", () => {}); console.log(1); setInterval(() => {}, 9)',
    )
    await expect.poll(polite.out).toBe('1\n')
    await expect.poll(deaf.out).toBe('1\n')
    polite.kill(5_000)
    deaf.kill(50)
    expect(await polite.ended).toEqual({ code: 5, signal: null })
    expect(await deaf.ended).toEqual({ code: null, signal: 'SIGKILL' })
  })

  it('take the programs that they started with them', async () => {
    const child = started(`
      require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => console.log(2), 5)'], { stdio: 'inherit' })
      setTimeout(() => process.exit(0), 300)`)
    await child.ended
    const said = child.out()
    await clock.sleep(50, new AbortController().signal)
    expect(child.out()).toBe(said)
  })

  it('that cannot be started say so instead of throwing', async () => {
    const none = spawn(['no-such-program'], { cwd: '/', env })
    none.write('x')
    expect((await none.ended).error).toContain('ENOENT')
    const odd = spawn([process.execPath, 'a\0b'], { cwd: '/', env })
    odd.kill()
    expect((await odd.ended).error).toContain('null bytes')
  })
})

describe('a server of ours', () => {
  const text = (body: string): ServedResponse => ({
    status: 200,
    headers: { 'content-type': 'text/plain' },
    body: new TextEncoder().encode(body),
  })

  it('hands on what was asked, and is reached on this machine only', async () => {
    const { close, url } = await listen(
      ({ body, headers, method, url: path }) =>
        Promise.resolve(
          text([method, path, headers['x-one'], new TextDecoder().decode(body)].join(' ')),
        ),
      { maxBytes: 100 },
    )
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const response = await fetch(`${url}/a?b=1`, {
      method: 'POST',
      headers: { 'X-One': '1' },
      body: 'hello',
    })
    expect(await response.text()).toBe('POST /a?b=1 1 hello')
    await close()
    await expect(fetch(url)).rejects.toThrow()
  })

  it('refuses a body that is too long', async () => {
    let asked = 0
    const { close, url } = await listen(
      () => {
        asked += 1
        return Promise.resolve(text('ok'))
      },
      { maxBytes: 10 },
    )
    expect((await fetch(url, { method: 'POST', body: '0123456789' })).status).toBe(200)
    expect((await fetch(url, { method: 'POST', body: '0123456789a' })).status).toBe(413)
    expect(asked).toBe(1)
    await close()
  })

  it('says nothing of a fault of its own', async () => {
    const { close, url } = await listen(() => Promise.reject(new Error('secret')), { maxBytes: 1 })
    const response = await fetch(url)
    expect(response.status).toBe(500)
    expect(await response.text()).toBe('')
    await close()
  })

  it('streams, notices who hangs up, and ends what is open when it closes', async () => {
    const hungUp: boolean[] = []
    const { close, url } = await listen(
      ({ signal, url: path }) => {
        async function* endless(): AsyncGenerator<Uint8Array> {
          yield new TextEncoder().encode('first')
          await new Promise<void>((resolve) => {
            signal.addEventListener('abort', () => {
              hungUp.push(path === '/a')
              resolve()
            })
          })
        }
        return Promise.resolve({ status: 200, headers: {}, body: endless() })
      },
      { maxBytes: 1 },
    )
    const leaving = new AbortController()
    const response = await fetch(`${url}/a`, { signal: leaving.signal })
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('first')
    leaving.abort()
    await expect.poll(() => hungUp).toEqual([true])
    const open = await fetch(`${url}/b`)
    await close()
    await expect(open.text()).rejects.toThrow()
    expect(hungUp).toEqual([true, false])
  })
})

describe('time, chance and modules', () => {
  it('a sleep ends early when its signal aborts', async () => {
    const controller = new AbortController()
    const slept = clock.sleep(1_000_000, controller.signal)
    controller.abort()
    await slept
    await clock.sleep(1_000_000, controller.signal)
    const before = clock.nowMs()
    await clock.sleep(2, new AbortController().signal)
    expect(clock.nowMs()).toBeGreaterThan(before)
  })

  it('no two tokens are alike', () => {
    expect(token()).toMatch(/^[0-9a-f]{32}$/)
    expect(token()).not.toBe(token())
  })

  it('a module may be TypeScript', async () => {
    const folder = folderWith({ 'a.ts': 'export enum A { B = "b" }\nexport const b: string = A.B' })
    expect((await importModule(`${folder}/a.ts`))['b']).toBe('b')
  })
})
