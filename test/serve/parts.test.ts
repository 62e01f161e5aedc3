import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePath } from '../../src/serve/parse-path.ts'
import { carriedHeaders } from '../../src/serve/proxy/carry-headers.ts'
import { hideSecrets, secretsOf, startHider } from '../../src/serve/proxy/hide-secrets.ts'
import { startSse } from '../../src/serve/proxy/sse-blocks.ts'
import { upstreamOf } from '../../src/serve/proxy/upstream-of.ts'

/** A text cut at any places. */
function cutAnywhere(text: string): fc.Arbitrary<readonly string[]> {
  return fc.array(fc.nat(text.length), { maxLength: 8 }).map((places) => {
    const cuts = [0, ...places.sort((a, b) => a - b), text.length]
    return cuts.slice(1).map((end, index) => text.slice(cuts[index], end))
  })
}

describe('server-sent events', () => {
  const text =
    'event: a\ndata: {"n":1}\n\n: a comment\n\ndata: {"n":\ndata: 2}\r\n\r\ndata: [DONE]\n\ndata: {"n":3}'

  test('are the same however they are cut, and lose no character', () => {
    fc.assert(
      fc.property(cutAnywhere(text), (pieces) => {
        const sse = startSse()
        const blocks = [...pieces.flatMap((piece) => sse.push(piece)), sse.rest()]
        expect(blocks.map(({ raw }) => raw).join('')).toBe(text)
        expect(blocks.flatMap(({ data }) => data ?? [])).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
      }),
    )
  })
})

describe('secrets in an answer', () => {
  const secrets = ['sk-abcabcabcd', 'abcabcab-2']
  const words = fc.constantFrom('sk-', 'abc', 'abcabcab', '-2', 'sk-abcabcabcd', 'd', ' ')

  test('are hidden from a stream as from the whole, wherever it is cut', () => {
    const texts = fc.array(words, { maxLength: 12 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(
        texts.chain((text) => fc.tuple(fc.constant(text), cutAnywhere(text))),
        ([text, pieces]) => {
          const hider = startHider(secrets)
          const streamed = pieces.map((piece) => hider.push(piece)).join('') + hider.rest()
          for (const secret of secrets) expect(streamed).not.toContain(secret)
          if (hideSecrets(text, secrets) === text) expect(streamed).toBe(text)
        },
      ),
    )
  })

  test('are what stands under the name of one', () => {
    const headers = {
      authorization: 'Bearer sk-12345678',
      'x-api-key': 'key-1234567',
      'anthropic-version': '2023-06-01',
      'x-team': 'a-long-team-name',
    }
    expect(secretsOf(headers)).toEqual(['sk-12345678', 'key-1234567'])
  })
})

test('headers of one connection and of one caller stay behind', () => {
  expect(
    carriedHeaders({
      Connection: 'keep-alive, X-Hop',
      connection: 'keep-alive, X-Hop',
      'x-hop': '1',
      'Keep-Alive': '5',
      Authorization: 'Bearer made-up',
      'x-api-key': 'made-up',
      host: '127.0.0.1',
      'content-length': '3',
      'content-type': 'application/json',
      'anthropic-beta': 'x',
    }),
  ).toEqual({ 'content-type': 'application/json', 'anthropic-beta': 'x' })
})

test.each([
  ['/t/abc/mcp', { token: 'abc', door: 'mcp', rest: '' }],
  ['/t/abc/mcp?names=plain', { token: 'abc', door: 'mcp', rest: '' }],
  ['/t/abc/openai/v1/models', { token: 'abc', door: 'openai', rest: 'v1/models' }],
  [
    '/t/abc/anthropic/v1/messages?beta=true',
    { token: 'abc', door: 'anthropic', rest: 'v1/messages?beta=true' },
  ],
  ['/t/abc/elsewhere', undefined],
  ['/t/abc', undefined],
  ['/t//mcp', undefined],
  ['/x/abc/mcp', undefined],
])('the path %s', (path, parsed) => {
  expect(parsePath(path)).toEqual(parsed)
})

describe('the key of a service', () => {
  const { headers } = upstreamOf({
    baseUrl: 'https://models.example',
    key: 'sk-12345678',
    headers: { 'X-Team': 'support' },
    organization: 'org-1',
  })
  const ours = { 'openai-organization': 'org-1', 'x-team': 'support' }

  test('stands where the agent’s made-up one stood', () => {
    expect(headers({ 'x-api-key': 'made-up' })).toEqual({ ...ours, 'x-api-key': 'sk-12345678' })
    const bearer = { ...ours, authorization: 'Bearer sk-12345678' }
    expect(headers({ authorization: 'Bearer made-up' })).toEqual(bearer)
    expect(headers({})).toEqual(bearer)
  })

  test('is not put on where the service needs none', () => {
    const local = upstreamOf({ baseUrl: 'http://127.0.0.1:11434/v1', headers: {} })
    expect(local.headers({ authorization: 'Bearer made-up' })).toEqual({})
  })
})
