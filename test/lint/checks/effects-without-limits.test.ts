import { expect, test } from 'vitest'
import { aRefund, findingsOf, refundSteps } from './desk.ts'

const rule = 'effects-without-limits'
const required = [{ tool: 'orders.refund', args: { id: 'O-1001', amount_usd: 25.98 } }]

test('a write that is allowed by its name alone', async () => {
  const leaky = aRefund({
    expect: { effects: { required, allowed: [{ tool: 'mail.send' }] } },
  })
  expect(await findingsOf(rule, leaky)).toEqual([
    {
      case: 'case.under-test',
      level: 'error',
      path: 'expect.effects.allowed.0',
      message: 'mail.send may take effect here with any arguments: nothing compares its to, text',
      hint: 'say what it may be done to: { tool: mail.send, args: { to: … } }',
    },
  ])
})

test('a write that is required by its name alone: the hint takes the oracle’s argument', async () => {
  const leaky = aRefund({ expect: { effects: { required: [{ tool: 'orders.refund' }] } } })
  expect(await findingsOf(rule, leaky)).toMatchObject([
    {
      path: 'expect.effects.required.0',
      message:
        'orders.refund must take effect here with any arguments: nothing compares its id, amount_usd',
      hint: 'say what it may be done to: { tool: orders.refund, args: { id: "O-1001" } }',
    },
  ])
})

test('neither an idempotency key nor an argument that only has to be there is a limit', async () => {
  const withKey = { tool: 'orders.refund', args: { key: 'T-1' } }
  const withAnything = { tool: 'orders.refund', args: { id: {} } }
  const steps = [
    { call: 'orders.refund', args: { id: 'O-1001', amount_usd: 25.98, key: 'T-1' } },
    { say: 'Done.' },
  ]
  for (const entry of [withKey, withAnything]) {
    const leaky = aRefund({ expect: { effects: { required: [entry] } }, oracle: steps })
    expect(await findingsOf(rule, leaky)).toHaveLength(1)
  }
})

test('a required write that something else looks at is for the mutants to judge', async () => {
  const bare = { effects: { required: [{ tool: 'orders.refund' }] } }
  const seen = [
    { ...bare, state: ["state.orders['O-1001'].refunded == 1"] },
    { ...bare, calls: [{ tool: 'orders.refund', args: { id: 'O-1001' } }] },
  ]
  for (const one of seen) expect(await findingsOf(rule, aRefund({ expect: one }))).toEqual([])
})

test('limited writes, writes without arguments and reads are sound', async () => {
  const sound = aRefund({
    expect: {
      effects: {
        required,
        allowed: [
          { tool: 'mail.send', args: { to: { matches: '@example[.]com$' } } },
          { tool: 'desk.ping' },
          { tool: 'orders.get' },
        ],
      },
    },
    oracle: refundSteps,
  })
  expect(await findingsOf(rule, sound)).toEqual([])
})

test('an allowed write with one argument limited, and not those that say to whom and how much', async () => {
  const allowedWith = (tool: string, args: Record<string, unknown>) =>
    findingsOf(
      rule,
      aRefund({ expect: { effects: { required, allowed: [{ tool, args: args as never }] } } }),
    )
  expect(await allowedWith('orders.refund', { amount_usd: { max: 5 } })).toMatchObject([
    {
      path: 'expect.effects.allowed.0',
      message: 'orders.refund may take effect here with any id',
      hint: 'say what it may be done to: { tool: orders.refund, args: { id: "O-1001" } }',
    },
  ])
  expect(await allowedWith('orders.refund', { key: 'T-1', amount_usd: 5, id: {} })).toHaveLength(1)
  expect(await allowedWith('orders.refund', { id: 'O-1001' })).toMatchObject([
    { message: 'orders.refund may take effect here with any amount_usd' },
  ])
  expect(await allowedWith('mail.send', { text: { matches: 'late' } })).toMatchObject([
    { message: 'mail.send may take effect here with any to' },
  ])
})

test('of a required write one limited argument is enough: the mutants see the others', async () => {
  const some = aRefund({
    expect: { effects: { required: [{ tool: 'orders.refund', args: { amount_usd: 25.98 } }] } },
  })
  expect(await findingsOf(rule, some)).toEqual([])
})
