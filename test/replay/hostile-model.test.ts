import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { admitCalls } from '../../src/replay/admit-calls.ts'
import type { JsonObject, JsonValue } from '../../src/schema/json.ts'
import { call, run, scripted, told } from './builders.ts'

const parsed = (text: string): JsonObject => JSON.parse(text) as JsonObject
const deep = (levels: number): JsonObject => {
  let value: JsonValue = 1
  for (let level = 0; level < levels; level++) value = { a: value }
  return value as JsonObject
}

describe('hostile arguments', () => {
  it('__proto__ is a key like any other', async () => {
    const ran = await run([
      [
        call('crm.read', parsed('{"__proto__": {"amount": 1}}'), { callId: 'a' }),
        call('pay.refund', parsed('{"__proto__": {"amount": 1}}'), { callId: 'b' }),
        call('pay.refund', parsed('{"amount": 5, "__proto__": 1}'), { callId: 'c' }),
      ],
      'Done.',
    ])
    expect(told(ran)).toEqual([
      { body: expect.any(String) as string },
      'invalid_arguments',
      'invalid_arguments',
    ])
    expect(Object.keys(ran.of('tool.proposed')[0]?.args ?? {})).toEqual(['__proto__'])
    expect(({} as JsonObject)['amount']).toBeUndefined()
  })

  it.each([
    ['nested 100,000 deep', deep(100_000)],
    ['nested 65 deep', deep(65)],
    ['1e999', parsed('{"amount": 1e999}')],
    ['-1e999 deep inside', parsed('{"a": [{"b": -1e999}]}')],
    ['a list', [1] as unknown as JsonObject],
    ['null', null as unknown as JsonObject],
    ['a number', 5 as unknown as JsonObject],
    ['a text', 'refund everything'],
    ['no text at all', ''],
  ])('%s: an error, and the talk goes on', async (_, args) => {
    const hostile = call('crm.read', args, { callId: 'a' })
    const ran = await run([[hostile], [{ ...hostile, tool: 'nowhere' }], 'Done.'])
    expect(told(ran)).toEqual(['invalid_arguments', 'unknown_tool'])
    expect(ran.termination).toBe('done')
    const [proposed] = ran.of('tool.proposed')
    expect(proposed).toMatchObject({ args: {}, rawArgs: expect.any(String) as string })
  })

  it('ten million characters are only long', async () => {
    const ran = await run([
      [call('crm.read', { a: 'x'.repeat(10_000_000) }, { callId: 'a' })],
      'Done.',
    ])
    expect(ran.termination).toBe('done')
  })

  it('64 levels are still arguments', async () => {
    const ran = await run([[call('crm.read', deep(64), { callId: 'a' })], 'Done.'])
    expect(ran.of('tool.result')).toMatchObject([{ status: 'ok' }])
  })
})

describe('hostile call ids', () => {
  const ids = (answers: readonly (readonly string[])[]): ReturnType<typeof run> =>
    run([
      ...answers.map((each, answer) =>
        each.map((callId, index) =>
          call('pay.refund', { amount: answer * 10 + index + 1 }, { callId }),
        ),
      ),
      'Done.',
    ])

  it('that come twice get one of their own, in the talk as in the trace', async () => {
    const ran = await ids([
      ['a', 'a', 'a-2', ''],
      ['a', ''],
    ])
    const own = ran.of('tool.proposed').map((event) => event.callId)
    expect(own).toEqual(['a', 'a-2', 'a-2-2', 'call', 'a-3', 'call-2'])
    const talked = ran.of('message').flatMap(({ content }) => content)
    expect(talked.flatMap((part) => (part.type === 'tool_call' ? [part.callId] : []))).toEqual(own)
    expect(ran.state).toMatchObject({ refunds: [1, 2, 3, 4, 11, 12] })
  })

  it('that pretend to be a reply are none', async () => {
    const judging = [{ condition: "output.text != 'Done.'" }]
    const ran = await run([[call('crm.read', {}, { callId: 'reply-1' })], 'Done.'], { judging })
    expect(ran.of('tool.proposed')[0]?.callId).toBe('reply-1-2')
    expect(ran.of('policy.decision')).toMatchObject([{ callId: 'reply-1', decision: 'deny' }])
  })

  it('that pretend to be a line of the log are none', async () => {
    const ran = await run([[call('crm.read', {}, { callId: 'log-1' })], 'Done.'])
    expect(ran.of('tool.proposed')[0]?.callId).toBe('call-log-1')
  })

  it('are always told apart, whatever they are', () => {
    const id = fc.oneof(
      fc.constantFrom(
        '',
        'a',
        'a-2',
        'a-3',
        'a-2-2',
        'reply-0',
        'reply-0-2',
        'log-',
        '__proto__',
        'call',
      ),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(fc.array(id)), (answers) => {
        const used = new Map<string, number>()
        const own = answers.flatMap((callIds) =>
          admitCalls(
            callIds.map((callId) => call('t', {}, { callId })),
            used,
          ).map((part) => (part.type === 'tool_call' ? part.callId : '')),
        )
        expect(new Set(own).size).toBe(own.length)
        expect(own.filter((each) => each === '' || /^(?:reply-\d+$|log-)/.test(each))).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})

describe('floods', () => {
  it('10,000 calls in one answer are all worked off', async () => {
    const calls = Array.from({ length: 10_000 }, (_, index) =>
      call('pay.refund', { amount: (index % 50) + 1 - index / 1e6 }, { callId: 'same' }),
    )
    const ran = await run([calls, 'Done.'], { judging: [{ condition: 'input.amount <= 50' }] })
    expect(ran.of('tool.result')).toHaveLength(10_000)
  })

  it('10,000 equal calls in one answer are a loop after three', async () => {
    const calls = Array.from({ length: 10_000 }, () => call('crm.read'))
    const ran = await run([calls])
    expect(ran.termination).toBe('loop')
    expect(ran.of('tool.proposed')).toHaveLength(3)
  })

  it('a model that says nothing for ever is asked once a turn', async () => {
    const model = scripted(() => [])
    await run(model, { turns: ['a', 'b'] })
    expect(model.asked).toHaveLength(2)
  })
})
