import { describe, expect, it } from 'vitest'
import { type Cassette, createCassette } from '../../../src/providers/cassette/cassette.ts'
import {
  type HttpRequest,
  type HttpResponse,
  noHttpCassette,
} from '../../../src/providers/cassette/http-cassette.ts'
import { bytesOf, header, markedKey, redactor, reference, replayOf } from './on-tape.ts'

function aBody(...words: readonly string[]): string {
  const messages = words.map((content) => ({ role: 'user', content }))
  return JSON.stringify({ model: 'a-model', stream: true, messages })
}

function aRequest(parts: Partial<HttpRequest> = {}): HttpRequest {
  return {
    reference,
    trial: 'a#1',
    ordinal: 0,
    method: 'POST',
    path: '/v1/chat/completions',
    body: aBody('Refund my knife.'),
    ...parts,
  }
}

function anAnswer(parts: Partial<HttpResponse> = {}): HttpResponse {
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    body: 'data: {"delta":"Do"}\n\ndata: {"delta":"ne."}\n\ndata: [DONE]\n\n',
    usage: { inputTokens: 10, outputTokens: 2 },
    costUsd: 0.0125,
    latencyMs: 250,
    ...parts,
  }
}

function recorded(...exchanges: readonly (readonly [HttpRequest, HttpResponse])[]): string {
  const cassette = createCassette({ mode: 'record', header, entries: [], redactor })
  for (const [request, response] of exchanges) cassette.http.record(request, response)
  return bytesOf(cassette)
}

function find(cassette: Cassette, parts: Partial<HttpRequest> = {}): unknown {
  return cassette.http.find(aRequest(parts))
}

describe('the cassette of the proxy', () => {
  it('gives back what was recorded: the stream as it was, the cost as it was', () => {
    const replay = replayOf(recorded([aRequest(), anAnswer()]))
    expect(replay.http.mode).toBe('replay')
    expect(find(replay)).toEqual({ ok: true, response: anAnswer() })
    expect(replay.finish().unused).toEqual({ count: 0, names: [], ofOtherTrials: 0 })
  })

  it('keeps failures and bodies that are no JSON', () => {
    const failure = anAnswer({
      status: 502,
      headers: { 'retry-after': '1' },
      body: '<html>bad gateway</html>',
      attempts: [
        { class: 'transient', status: 500, message: 'HTTP 500', latencyMs: 1, waitedMs: 2 },
      ],
    })
    const replay = replayOf(recorded([aRequest({ body: 'not JSON' }), failure]))
    expect(find(replay, { body: 'not JSON' })).toEqual({ ok: true, response: failure })
  })

  it('reads what a body says, not how it is spelt', () => {
    const replay = replayOf(recorded([aRequest(), anAnswer()]))
    const { messages, model, stream } = JSON.parse(aBody('Refund my knife.')) as Record<
      string,
      unknown
    >
    const body = JSON.stringify({ stream, messages, model }, null, 2)
    expect(find(replay, { body, method: 'post' })).toMatchObject({ ok: true })
  })

  it.each<[string, Partial<HttpRequest>]>([
    ['body', { body: aBody('Refund my fork.') }],
    ['path', { path: '/v1/responses' }],
    ['model', { reference: 'openai:another' }],
    ['trial', { trial: 'a#2' }],
  ])('has nothing for another %s', (_, change) => {
    const replay = replayOf(recorded([aRequest(), anAnswer()]))
    expect(find(replay, change)).toMatchObject({ ok: false })
    expect(replay.misses().count).toBe(1)
  })

  it('lets an agent that asks several things at once ask them in any order', () => {
    const [fork, knife] = [aBody('fork'), aBody('knife')]
    const replay = replayOf(
      recorded(
        [aRequest({ body: knife }), anAnswer({ body: 'knife 0' })],
        [aRequest({ body: fork, ordinal: 1 }), anAnswer({ body: 'fork 1' })],
        [aRequest({ body: knife, ordinal: 2 }), anAnswer({ body: 'knife 2' })],
      ),
    )
    expect(find(replay, { body: fork, ordinal: 0 })).toMatchObject({ response: { body: 'fork 1' } })
    expect(find(replay, { body: knife, ordinal: 1 })).toMatchObject({
      response: { body: 'knife 0' },
    })
    expect(find(replay, { body: knife, ordinal: 2 })).toMatchObject({
      response: { body: 'knife 2' },
    })
    expect(find(replay, { body: knife, ordinal: 3 })).toMatchObject({ ok: false })
  })

  it('writes a growing conversation once, in either shape', () => {
    for (const name of ['messages', 'input']) {
      const turns = Array.from({ length: 30 }, (_, n) => ({ role: 'user', content: `Turn ${n}.` }))
      const exchanges = turns.map((_, ordinal) => {
        const body = JSON.stringify({ [name]: turns.slice(0, ordinal + 1) })
        return [aRequest({ body, ordinal }), anAnswer()] as const
      })
      const bytes = recorded(...exchanges)
      expect(bytes.split('Turn 0.')).toHaveLength(2)
      expect(find(replayOf(bytes), exchanges[29]![0])).toMatchObject({ ok: true })
    }
  })

  it('leaves no secret in body, path and stream, and finds its recording all the same', () => {
    const request = aRequest({ body: aBody(`it is ${markedKey}`), path: `/v1/x?key=${markedKey}` })
    const secret = `sk-${'Fake0Secret1For2Tests3'.repeat(2)}`
    const line = JSON.stringify({ delta: secret, api_key: 'abcdef' })
    const bytes = recorded([request, anAnswer({ body: `data: ${line}\n\ndata: ${markedKey}\n\n` })])
    expect(bytes).not.toContain(markedKey)
    expect(bytes).not.toContain('Fake0')
    expect(bytes).not.toContain('abcdef')
    expect(find(replayOf(bytes), request)).toEqual({
      ok: true,
      response: anAnswer({
        body: [
          'data: {"delta":"[redacted:openai-key]","api_key":"[redacted:api-key]"}\n\n',
          'data: [redacted:known-value]\n\n',
        ].join(''),
      }),
    })
  })

  it('does nothing where it has nothing to do', () => {
    const replay = replayOf(recorded())
    replay.http.record(aRequest(), anAnswer())
    expect(find(replay)).toMatchObject({ ok: false })
    noHttpCassette.record(aRequest(), anAnswer())
    expect(noHttpCassette.find(aRequest())).toMatchObject({ ok: false })
  })
})
