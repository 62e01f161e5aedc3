import { describe, expect, test } from 'vitest'
import { aRefund, findingsOf, refundSteps } from './desk.ts'

const rule = 'expectation-dead'
const { effects, evidence, says } = aRefund().expect

describe('calls', () => {
  test('any number of calls', async () => {
    const calls = [{ tool: 'orders.get', count: { min: 0 } }]
    expect(await findingsOf(rule, aRefund({ expect: { effects, calls } }))).toEqual([
      {
        case: 'case.under-test',
        level: 'warning',
        path: 'expect.calls.0.count',
        message: 'orders.get may be called any number of times, so this never fails',
        hint: 'write count: { min: 1 }, a maximum, or before: TOOL; or remove it',
      },
    ])
  })

  test('a least number, a most, and an order are sound', async () => {
    const calls = [
      { tool: 'orders.get' },
      { tool: 'orders.get', count: { min: 0, max: 3 } },
      { tool: 'orders.get', count: { min: 0 }, before: 'orders.refund' },
    ]
    expect(await findingsOf(rule, aRefund({ expect: { effects, calls } }))).toEqual([])
  })
})

test('a read among the allowed effects', async () => {
  const allowed = [{ tool: 'orders.get', args: { id: 'O-1001' } }]
  const dead = aRefund({ expect: { effects: { ...effects, allowed } } })
  expect(await findingsOf(rule, dead)).toMatchObject([
    {
      path: 'expect.effects.allowed.0.tool',
      message: 'orders.get only reads, and reads are always allowed',
    },
  ])
})

describe('an order before a tool that nobody may use', () => {
  const looked = [{ say: 'It was left at the door.' }]
  const lookUp = [{ call: 'orders.get', args: { id: 'O-1001' } }, ...looked]
  const before = (tool: string) => ({
    ask: 'Where is O-1001?',
    expect: { evidence: [{ tool: 'orders.get', before: tool }], says: [{ any: 'door' }] },
    oracle: lookUp,
  })

  test('a write that is in no solution and not allowed', async () => {
    expect(await findingsOf(rule, before('orders.refund'))).toMatchObject([
      {
        path: 'expect.evidence.0.before',
        message:
          'orders.refund is in no solution and may not take effect here, so nothing comes before it',
        hint: 'remove `before`: evidence then counts up to the last reply',
      },
    ])
  })

  test('a read, a write of the oracle or of an equivalent, and an allowed one are sound', async () => {
    const allowed = { allowed: [{ tool: 'notes.add', args: { text: 'x' } }] }
    const sound = [
      before('orders.get'),
      aRefund({ expect: { effects, evidence: [{ tool: 'orders.get', before: 'orders.refund' }] } }),
      { ...before('desk.ping'), equivalents: [[{ call: 'desk.ping' }, ...lookUp]] },
      {
        ...before('notes.add'),
        expect: { ...before('notes.add').expect, effects: allowed },
      },
    ]
    for (const one of sound) expect(await findingsOf(rule, one)).toEqual([])
  })
})

test('the same criterion twice', async () => {
  const twice = aRefund({ expect: { effects, evidence, says: [...(says ?? []), ...(says ?? [])] } })
  expect(await findingsOf(rule, twice)).toMatchObject([
    { path: 'expect.says.1', message: 'the same stands at expect.says.0 already' },
  ])
  const state = ["state.orders['O-1001'].refunded == 1", "state.orders['O-1001'].refunded == 1"]
  expect(await findingsOf(rule, aRefund({ expect: { effects, state } }))).toMatchObject([
    { path: 'expect.state.1' },
  ])
})

describe('reasons', () => {
  test('asked for where nothing is written', async () => {
    const idle = {
      ask: 'Where is O-1001?',
      expect: { evidence: [{ tool: 'orders.get' }], says: [{ any: 'door' }], explained: {} },
      oracle: [{ call: 'orders.get', args: { id: 'O-1001' } }, { say: 'At the door.' }],
    }
    expect(await findingsOf(rule, idle)).toMatchObject([
      {
        path: 'expect.explained',
        message: 'a reason is asked for each write, and the right solution writes nothing',
      },
    ])
  })

  test('asked for a write that is done, or only allowed', async () => {
    const reasoned = refundSteps.map((step) => ({
      ...step,
      ...('call' in step && { reason: 'as asked' }),
    }))
    const explained = { min_length: 3 }
    const done = aRefund({ expect: { effects, explained }, oracle: reasoned })
    expect(await findingsOf(rule, done)).toEqual([])
  })
})
