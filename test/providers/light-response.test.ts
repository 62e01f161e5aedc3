import { describe, expect, it } from 'vitest'
import { boundedFetch } from '../../src/providers/bounded-fetch.ts'
import { isBodiless, lightResponse } from '../../src/providers/light-response.ts'

const head = { status: 200, statusText: 'OK', headers: new Headers({ a: 'b' }), url: 'http://a/' }

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text, 'latin1'))
}

const halves = (): AsyncIterable<Uint8Array> => pieces('["\xc3', '\xa4"]')

describe('a light response', () => {
  it('says what its head says', () => {
    expect(lightResponse(head, undefined)).toMatchObject({ ...head, ok: true, body: null })
    expect(lightResponse({ ...head, status: 300 }, undefined).ok).toBe(false)
    expect(lightResponse({ ...head, status: 199 }, undefined).ok).toBe(false)
  })

  it('is read as a text, as JSON and as bytes, wherever it was cut', async () => {
    expect(await lightResponse(head, halves()).text()).toBe('["ä"]')
    expect(await lightResponse(head, halves()).json()).toEqual(['ä'])
    const bytes = await lightResponse(head, halves()).arrayBuffer()
    expect(Buffer.from(bytes).toString()).toBe('["ä"]')
  })

  it('without a body is empty', async () => {
    expect(await lightResponse(head, undefined).text()).toBe('')
    expect((await lightResponse(head, undefined).arrayBuffer()).byteLength).toBe(0)
    await expect(lightResponse(head, undefined).json()).rejects.toThrow(SyntaxError)
  })

  it('has a stream for whoever wants one, and stops whoever brings it', async () => {
    let isOver = false
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield* pieces('x')
      } finally {
        isOver = true
      }
    }
    const reader = lightResponse(head, endless()).body?.getReader()
    expect((await reader?.read())?.value).toHaveLength(1)
    await reader?.cancel()
    expect(isOver).toBe(true)
  })

  it('knows which answers have no body', () => {
    expect([200, 204, 304, 404].filter(isBodiless)).toEqual([204, 304])
  })
})

describe('a bounded fetch', () => {
  it('has read everything when it answers', async () => {
    let isRead = false
    async function* told(): AsyncGenerator<Uint8Array> {
      yield* halves()
      isRead = true
    }
    const response = await boundedFetch(async () => lightResponse(head, told()))('http://a/')
    expect(isRead).toBe(true)
    expect(await response.json()).toEqual(['ä'])
    expect(response.headers.get('a')).toBe('b')
  })

  it('stops what has no end, and follows no redirect', async () => {
    let sent = 0
    let redirect: string | undefined
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield await Promise.resolve(new Uint8Array((sent += 1_000_000) && 1_000_000))
    }
    const asked = boundedFetch(async (_input, init) => {
      redirect = init?.redirect
      return lightResponse(head, endless())
    })('http://a/')
    await expect(asked).rejects.toThrow('the answer is larger than 16 MB')
    expect(sent).toBe(17_000_000)
    expect(redirect).toBe('manual')
  })
})
