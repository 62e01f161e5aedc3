import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCassette, noCassette } from '../../../src/providers/cassette/cassette.ts'
import type { ModelReply, ModelRequest } from '../../../src/providers/provider.ts'
import { asJson, type JsonObject } from '../../../src/schema/json.ts'
import { type Part, textPart } from '../../../src/schema/message.ts'
import { canonicalJson } from '../../../src/text/canonical-json.ts'
import { aModelRequest, aShape, aTool } from '../a-model-request.ts'
import {
  answering,
  aResponse,
  ask,
  bytesOf,
  decode,
  header,
  markedKey,
  record,
  redactor,
  reference,
  replayOf,
} from './on-tape.ts'

/** No name and no form of a secret: redaction is another property's business. */
const words = fc.string({
  unit: fc.constantFrom(...Array.from('abc XYZ.,\n"\\é你\u{1f600}\u0007')),
  maxLength: 400,
})
const object: fc.Arbitrary<JsonObject> = fc.dictionary(
  fc.constantFrom('a', 'b c', '__proto__', 'é', '$text'),
  fc.oneof(words, fc.integer(), fc.boolean(), fc.constant(null), fc.array(words, { maxLength: 3 })),
  { maxKeys: 4 },
)
const part: fc.Arbitrary<Part> = fc.oneof(
  words.map(textPart),
  fc.record({
    type: fc.constant('tool_call' as const),
    callId: words,
    tool: words,
    args: fc.oneof(object, words),
  }),
  fc.record({
    type: fc.constant('tool_result' as const),
    callId: words,
    tool: words,
    isError: fc.boolean(),
    value: object,
  }),
  fc.record({ type: fc.constant('reasoning' as const), text: words, opaque: object }),
)
const content = fc.array(part, { maxLength: 3 })
const tokens = fc.nat(1e9)
const money = fc.double({ min: 0, max: 1e6, noNaN: true })
const attempt = fc.record({
  class: fc.constantFrom('rate_limit' as const, 'transient' as const),
  message: words,
  latencyMs: money,
  waitedMs: money,
})
const reply: fc.Arbitrary<ModelReply> = fc.oneof(
  fc
    .record({
      content,
      modelServed: words,
      stopReason: fc.constantFrom('end' as const, 'tool_calls' as const, 'refusal' as const),
      usage: fc.record({ inputTokens: tokens, outputTokens: tokens }),
      costUsd: money,
      coldCostUsd: money,
      latencyMs: money,
      retries: fc.nat(5),
      attempts: fc.array(attempt, { maxLength: 2 }),
      from: fc.constantFrom('live' as const, 'reference' as const),
    })
    .map((response) => ({ ok: true as const, response })),
  fc
    .record({
      class: fc.constantFrom('rate_limit' as const, 'timeout' as const, 'bug' as const),
      message: words,
      attempts: fc.array(attempt, { maxLength: 2 }),
    })
    .map((error) => ({ ok: false as const, error })),
)
const message = fc.record({
  role: fc.constantFrom('system' as const, 'user' as const, 'assistant' as const, 'tool' as const),
  content,
})

/** A conversation that grows, as the loop's does. */
const conversation = fc
  .record({
    messages: fc.array(message, { minLength: 1, maxLength: 6 }),
    trial: fc.constantFrom('a#1', 'a#2', 'a#10', 'b[x]#1.a2@observe', 'no key at all'),
    role: fc.constantFrom('agent' as const, 'user_simulator' as const, 'judge' as const),
    replies: fc.array(reply, { minLength: 6, maxLength: 6 }),
    schema: object,
    sendsSeed: fc.boolean(),
  })
  .map(({ messages, replies, role, schema, sendsSeed, trial }) =>
    messages.map((_, ordinal): readonly [ModelRequest, ModelReply] => [
      aModelRequest({
        messages: messages.slice(0, ordinal + 1),
        trial,
        role,
        ordinal,
        tools: [{ ...aTool('a_tool'), input: schema }],
        ...(sendsSeed && { sampling: { send_seed: true } }),
        ...(role === 'judge' && { output: aShape }),
      }),
      replies[ordinal]!,
    ]),
  )
const conversations = fc
  .uniqueArray(conversation, {
    maxLength: 4,
    selector: ([first]) => `${first?.[0].role} ${first?.[0].trial}`,
  })
  .map((all) => all.flat())

function asReplayed(one: ModelReply): JsonObject {
  if (!one.ok) return asJson(one)
  return asJson({ ok: true, response: { ...one.response, from: 'cassette' } })
}

describe('a cassette', () => {
  it('answers as the provider did, whatever was asked and answered', async () => {
    await fc.assert(
      fc.asyncProperty(conversations, async (exchanges) => {
        const replay = replayOf(await record(exchanges))
        for (const [request, recorded] of exchanges) {
          const replayed = await ask(replay, request)
          expect(canonicalJson(asJson(replayed))).toBe(canonicalJson(asReplayed(recorded)))
        }
        expect(replay.misses()).toEqual({ count: 0, first: [] })
        expect(replay.finish().unused).toEqual({ count: 0, names: [], ofOtherTrials: 0 })
      }),
      { numRuns: 60 },
    )
  })

  it('has the same bytes in whatever order the replies came, and when it is written again', async () => {
    await fc.assert(
      fc.asyncProperty(conversations, fc.infiniteStream(fc.nat(99)), async (exchanges, dice) => {
        const bytes = await record(exchanges)
        const shuffled = exchanges
          .map((one) => [dice.next().value, one] as const)
          .sort(([a], [b]) => a - b)
          .map(([, one]) => one)
        expect(await record(shuffled)).toBe(bytes)
        expect(await record([], decode(bytes))).toBe(bytes)
      }),
      { numRuns: 60 },
    )
  })

  it('keeps cost, attempts, refusals and failures as they were, and says where they come from', async () => {
    const attempts = [
      { class: 'rate_limit', status: 429, message: 'slow down', latencyMs: 3, waitedMs: 1000 },
    ] as const
    const refusal = aResponse({ stopReason: 'refusal', retries: 1, attempts, coldCostUsd: 0.02 })
    const failure: ModelReply = {
      ok: false,
      error: { class: 'transient', message: 'HTTP 500', attempts },
    }
    const [first, second] = [aModelRequest(), aModelRequest({ ordinal: 1 })]
    const replay = replayOf(
      await record([
        [first, refusal],
        [second, failure],
      ]),
    )
    expect(await ask(replay, first)).toEqual(asReplayed(refusal))
    expect(await ask(replay, second)).toEqual(failure)
  })

  it('takes a request as it was when it was sent, although the list goes on growing', async () => {
    const messages = [...aModelRequest().messages]
    const request = aModelRequest({ messages })
    const cassette = createCassette({ mode: 'record', header, entries: [], redactor })
    const asked = ask(cassette, request, answering(aResponse()))
    messages.push({ role: 'assistant', content: [textPart('Done.')] })
    await asked
    expect(await ask(replayOf(bytesOf(cassette)), aModelRequest())).toMatchObject({ ok: true })
  })

  it.each<[string, Partial<ModelRequest>]>([
    ['a message', { messages: [{ role: 'user', content: [textPart('Refund my fork.')] }] }],
    ['a tool', { tools: [aTool('crm.verify_customer')] }],
    ['a setting', { sampling: { temperature: 0 } }],
    ['the shape of the answer', { output: aShape }],
    ['who asks', { role: 'judge' }],
    ['the trial', { trial: 'refund[knife]#2' }],
    ['the ordinal', { ordinal: 1 }],
  ])('has nothing for a request that differs in %s', async (_, change) => {
    const replay = replayOf(await record([[aModelRequest(), aResponse()]]))
    expect(await ask(replay, aModelRequest(change))).toMatchObject({
      ok: false,
      error: { class: 'cassette_miss' },
    })
    expect(replay.misses().count).toBe(1)
  })

  it('tells models apart, and seeds only where they are sent', async () => {
    const replay = replayOf(await record([[aModelRequest(), aResponse()]]))
    expect(await ask(replay, aModelRequest({ seed: 8 }))).toMatchObject({ ok: true })
    const other = replay.wrap(answering(aResponse()), 'anthropic:a-model')
    const { signal } = new AbortController()
    expect(await other.complete(aModelRequest(), signal)).toMatchObject({ ok: false })

    const sampling = { send_seed: true }
    const seeded = replayOf(await record([[aModelRequest({ sampling }), aResponse()]]))
    expect(await ask(seeded, aModelRequest({ sampling, seed: 8 }))).toMatchObject({ ok: false })
    expect(await ask(seeded, aModelRequest({ sampling }))).toMatchObject({ ok: true })
  })

  it('holds no secret of prompt, answer or error, and finds its recordings all the same', async () => {
    const secret = `sk-${'Fake0Secret1For2Tests3'.repeat(2)}`
    const told = [textPart(`The key is ${markedKey}, the other ${secret}.`)]
    const first = aModelRequest({ messages: [{ role: 'system', content: told }] })
    const answer = aResponse({
      content: [
        ...told,
        {
          type: 'tool_call',
          callId: 'c1',
          tool: 'a_tool',
          args: { note: markedKey, api_key: 'abc' },
        },
      ],
      attempts: [{ class: 'auth', message: secret, latencyMs: 1, waitedMs: 1 }],
    })
    const failure: ModelReply = { ok: false, error: { class: 'auth', message: `no ${markedKey}` } }
    /** The second request repeats the answer to the first one. */
    const second = (one: ModelReply): ModelRequest => {
      if (!one.ok) throw new Error('there was no answer')
      const said = { role: 'assistant', content: one.response.content } as const
      return aModelRequest({ messages: [...first.messages, said], ordinal: 1 })
    }
    const bytes = await record([
      [first, answer],
      [second(answer), failure],
    ])
    expect(bytes).not.toContain(markedKey)
    expect(bytes).not.toContain('Fake0')

    const replay = replayOf(bytes)
    const replayed = await ask(replay, first)
    expect(replayed).toMatchObject({ response: { costUsd: 0.0125 } })
    expect(JSON.stringify(replayed)).not.toContain(markedKey)
    const clean = { class: 'auth', message: 'no [redacted:known-value]' }
    expect(await ask(replay, second(replayed))).toEqual({ ok: false, error: clean })
  })

  it('does not record what we broke off ourselves, and keeps what it had of that trial', async () => {
    const kept = await record([[aModelRequest(), aResponse({ modelServed: 'old' })]])
    const cassette = createCassette({ mode: 'record', header, entries: decode(kept), redactor })
    const timeout: ModelReply = { ok: false, error: { class: 'timeout', message: 'aborted' } }
    await ask(cassette, aModelRequest(), answering(aResponse({ modelServed: 'new' })))
    const later = aModelRequest({ ordinal: 1 })
    await cassette.wrap(answering(timeout), reference).complete(later, AbortSignal.abort())
    expect(bytesOf(cassette)).toBe(kept)
  })

  it('has no place for money that ran out', async () => {
    const broke: ModelReply = { ok: false, error: { class: 'budget', message: 'used up' } }
    expect(decode(await record([[aModelRequest(), broke]]))).toEqual([])
  })

  it('refuses a reply that could not be read again', async () => {
    const broken = record([[aModelRequest(), aResponse({ latencyMs: Number.NaN })]])
    await expect(broken).rejects.toThrow('cannot be recorded: response.latencyMs')
  })

  it('is not there when it is off', async () => {
    const provider = answering(aResponse())
    expect(noCassette.wrap(provider, reference)).toBe(provider)
    expect(noCassette.finish()).toEqual({ lines: undefined, unused: undefined })
  })
})

describe('recording into a cassette', () => {
  const exchange = (trial: string, served: string, ordinal = 0) =>
    [aModelRequest({ trial, ordinal }), aResponse({ modelServed: served })] as const
  const served = (bytes: string): readonly string[] =>
    decode(bytes).map(
      ({ ordinal, reply: one, trial }) =>
        `${trial} ${ordinal} ${'ok' in one && one.ok ? one.response.modelServed : ''}`,
    )

  it('replaces the trials that were run, all attempts of them, and keeps the others', async () => {
    const before = await record([
      exchange('a#1', 'old'),
      exchange('a#1', 'old', 1),
      exchange('a#1.a2', 'old'),
      exchange('a#1@observe', 'old'),
      exchange('a#2', 'old'),
      exchange('a#10', 'old'),
    ])
    const after = await record([exchange('a#1', 'new'), exchange('b#1', 'new')], decode(before))
    expect(served(after)).toEqual([
      'a#1 0 new',
      'a#1@observe 0 old',
      'a#2 0 old',
      'a#10 0 old',
      'b#1 0 new',
    ])
  })

  it('keeps a good recording where the new one ends in an outage', async () => {
    const down: ModelReply = { ok: false, error: { class: 'transient', message: 'is down' } }
    const before = await record([exchange('a#1', 'old'), exchange('a#1', 'old', 1)])
    const outage = [aModelRequest({ trial: 'a#1', ordinal: 1 }), down] as const
    const other = [aModelRequest({ trial: 'b#1' }), down] as const
    const after = await record([exchange('a#1', 'new'), outage, other], decode(before))
    expect(served(after)).toEqual(['a#1 0 old', 'a#1 1 old', 'b#1 0 '])
    // A failure that was there before is no better than the new one.
    const again = await record([exchange('b#1', 'new')], decode(after))
    expect(served(again)).toEqual(['a#1 0 old', 'a#1 1 old', 'b#1 0 new'])
  })

  it('leaves the agent in place where only a judge was asked anew', async () => {
    const judge = aModelRequest({ trial: 'a#1', role: 'judge', output: aShape })
    const before = await record([
      exchange('a#1', 'old'),
      [judge, aResponse({ modelServed: 'old' })],
    ])
    const after = await record([[judge, aResponse({ modelServed: 'new' })]], decode(before))
    expect(served(after)).toEqual(['a#1 0 old', 'a#1 0 new'])
  })

  it('appends every entry at once, readable by itself', async () => {
    let log = ''
    const cassette = createCassette({
      mode: 'record',
      header,
      entries: [],
      redactor,
      append: (lines) => {
        log += lines
      },
    })
    await ask(cassette, exchange('a#2', 'x')[0], answering(aResponse()))
    expect(log.split('\n')).toHaveLength(3)
    await ask(cassette, exchange('a#1', 'x')[0], answering(aResponse()))
    const [first = ''] = bytesOf(cassette).split('\n')
    expect(decode(`${first}\n${log}`).map(({ trial }) => trial)).toEqual(['a#2', 'a#1'])
  })
})

describe('the lines of a cassette', () => {
  const paragraph = 'You refund what the policy allows, and nothing else. '.repeat(20)
  const talk = (trial: string, turns: number): [ModelRequest, ModelReply][] =>
    Array.from({ length: turns }, (_, ordinal) => [
      aModelRequest({
        trial,
        ordinal,
        messages: [
          { role: 'system', content: [textPart(paragraph)] },
          ...Array.from({ length: ordinal + 1 }, (__, n) => ({
            role: 'user' as const,
            content: [textPart(`Turn ${n} of the talk in ${trial}.`)],
          })),
        ],
      }),
      aResponse(),
    ])

  it('say each thing once, however often it was sent', async () => {
    const bytes = await record([...talk('a#1', 20), ...talk('a#2', 20)])
    expect(bytes.split(paragraph)).toHaveLength(2)
    expect(bytes.split('Turn 0 of the talk in a#1.')).toHaveLength(2)
    expect(bytes.split('What orders.get_status does.')).toHaveLength(2)
  })

  it('read well: what a reader looks for comes first, one entry a line', async () => {
    const request = aModelRequest({ tools: [], messages: aModelRequest().messages.slice(1) })
    expect(await record([[request, aResponse()]])).toMatchInlineSnapshot(`
      "{"apiVersion":"agent-eval/v1","kind":"Cassette","evalSet":"a-set","candidate":"a-candidate"}
      {"type":"model","trial":"refund[knife]#1","role":"agent","ordinal":0,"reference":"openai:a-model","request":{"sampling":{},"tools":[]},"conversation":{"in":"messages","new":[{"content":[{"text":"Refund my knife.","type":"text"}],"role":"user"}],"same":0},"reply":{"ok":true,"response":{"content":[{"text":"Done.","type":"text"}],"costUsd":0.0125,"latencyMs":250,"modelServed":"a-model-2026-01-01","retries":0,"stopReason":"end","usage":{"inputTokens":100,"outputTokens":10}}},"key":"4588d7e843478132b8abd0084c4fe5f5"}
      "
    `)
  })

  it.each([
    ['the words of an earlier line', 'Turn 0', 'Turn X', 'its key is not that of its request'],
    ['a shared text', 'You refund', 'You keep', 'its hash is not that of its value'],
    [
      'the name of a shared text',
      '"type":"shared","hash":"',
      '"type":"shared","hash":"0',
      'hexadecimal',
    ],
    ['a count', '"same":2', '"same":9', 'builds on a line that is not there'],
    ['an unknown member', '"ordinal":0', '"ordinal":0,"more":1', 'Unrecognized key'],
  ])('are refused where somebody changed %s', async (_, old, changed, problem) => {
    const bytes = await record(talk('a#1', 3))
    expect(bytes).toContain(old)
    expect(() => decode(bytes.replace(old, changed))).toThrow(problem)
  })

  it('are refused where nesting is all there is', async () => {
    const [first = ''] = (await record([])).split('\n')
    const deep = `{"type":"shared","hash":"${'0'.repeat(32)}","value":${'['.repeat(50_000)}${']'.repeat(50_000)}}`
    expect(() => decode(`${first}\n${deep}`)).toThrow('is nested too deeply')
  })
})
