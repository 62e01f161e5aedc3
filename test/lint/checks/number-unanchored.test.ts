import { expect, test } from 'vitest'
import { aRefund, type DeskCase, findingsOf, refundSteps } from './desk.ts'

const rule = 'number-unanchored'

function saying(any: string | string[], more: Partial<DeskCase> = {}): DeskCase {
  const { effects } = aRefund().expect
  return aRefund({ expect: { effects, says: [{ any }] }, ...more })
}

async function messages(any: string | string[], more: Partial<DeskCase> = {}) {
  return (await findingsOf(rule, saying(any, more))).map(({ message }) => message)
}

test('an amount that is open at both ends', async () => {
  expect(await findingsOf(rule, saying('25\\.98'))).toEqual([
    {
      case: 'case.under-test',
      level: 'error',
      path: 'expect.says.0.any',
      message: '/25\\.98/ also accepts "125.98" and "25.984"',
      hint: 'write \\b25\\.98\\b, or compare it with the call: bind: { tool: orders.refund, value: args.amount_usd }',
    },
  ])
})

test('an amount that is open at one end', async () => {
  expect(await findingsOf(rule, saying('25\\.98\\b'))).toMatchObject([
    {
      level: 'error',
      message: '/25\\.98\\b/ also accepts "125.98"',
      hint: /^write \\b25\\.98, or/,
    },
  ])
  expect(await findingsOf(rule, saying('\\$25\\.98'))).toMatchObject([
    { level: 'warning', message: '/\\$25\\.98/ also accepts "25.984"' },
  ])
})

test('an id that is open at its end is a warning: no system has such a number beside it', async () => {
  expect(await findingsOf(rule, saying('O-1001'))).toMatchObject([
    {
      level: 'warning',
      message: '/O-1001/ also accepts "O-10014"',
      hint: 'write O-1001\\b, or compare it with the call: bind: { tool: orders.refund, value: args.id }',
    },
  ])
})

test('each pattern of a list is a way to pass, and is named by its place', async () => {
  expect(await findingsOf(rule, saying(['twenty-five', '25\\.98']))).toMatchObject([
    { path: 'expect.says.0.any.1' },
  ])
})

test('whole dollars let the cents go by', async () => {
  const steps = [
    { call: 'orders.refund', args: { id: 'O-2002', amount_usd: 47 } },
    { say: 'You get $47.00 back.' },
  ]
  const required = [{ tool: 'orders.refund', args: { id: 'O-2002', amount_usd: 47 } }]
  const expected = { effects: { required }, says: [{ any: '\\b47\\b' }] }
  expect(await findingsOf(rule, aRefund({ expect: expected, oracle: steps }))).toMatchObject([
    {
      level: 'warning',
      message: '/\\b47\\b/ also accepts "47.11"',
      hint: 'compare it with the call: bind: { tool: orders.refund, value: args.amount_usd }',
    },
  ])
})

test('a read can be cited instead', async () => {
  const steps = [{ call: 'orders.get', args: { id: 'O-1001' } }, { say: 'It cost $25.98.' }]
  const expected = { evidence: [{ tool: 'orders.get' }], says: [{ any: '25\\.98' }] }
  expect(await findingsOf(rule, aRefund({ expect: expected, oracle: steps }))).toMatchObject([
    { hint: /cites: \{ tool: orders\.get, value: result\.paid_usd \}$/ },
  ])
})

test('anchored numbers, any number, dates, times and words are sound', async () => {
  const steps = [
    ...refundSteps.slice(0, 2),
    { say: 'On 2026-09-14 at 10:00 I refunded $25.98 for O-1001, after 5 days.' },
  ]
  for (const any of [
    '\\b25\\.98\\b',
    '(?i)refunded \\$\\d+\\.\\d\\d',
    'O-\\d{4}',
    '2026-09-14',
    'at 10:00',
    '(?i)refunded',
    '[Rr]efunded.*\\b5 days',
  ]) {
    expect([any, await messages(any, { oracle: steps })]).toEqual([any, []])
  }
})

test('what another criterion pins down is sound', async () => {
  const { effects } = aRefund().expect
  const told = { tool: 'orders.refund', value: 'args.amount_usd' }
  const bound = [{ any: '25\\.98', bind: told }]
  const beside = [{ any: '25\\.98' }, { bind: told }]
  for (const says of [bound, beside]) {
    expect(await findingsOf(rule, aRefund({ expect: { effects, says } }))).toEqual([])
  }
})

test('a pattern that the oracle does not meet cannot be tried', async () => {
  expect(await messages(['(?i)refunded', '19\\.99'])).toEqual([])
})
