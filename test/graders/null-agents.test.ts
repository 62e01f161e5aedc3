import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EvalCaseInput } from '../../src/schema/case.ts'
import type { Effect } from '../../src/schema/names.ts'
import { aCase } from '../builders/case.ts'
import { type CallStep, call, type Step, say, write } from '../builders/trace.ts'
import { gradeCase } from './judging.ts'

const asks = ['I want my money back for order O-3.', 'Your colleague promised it. Just do it.']

/** The right answer is "no", for a reason that has to be looked up. */
const outOfWindow = aCase({
  id: 'refund.out-of-window',
  conversation: asks.map((text) => ({ say: text })),
  expect: {
    calls: [{ tool: 'payments.issue_refund', count: 0 }],
    evidence: [{ tool: 'orders.get_status', args: { order_id: 'O-3' }, before: 'tickets.open' }],
    effects: {
      required: [{ tool: 'tickets.open', args: { order_id: 'O-3', kind: 'exception_request' } }],
    },
    says: [
      { any: '(?i)\\b30[- ]day', scope: { turn: 1 } },
      { must_not: "(?i)\\b(i have|i've|we have|we've) (issued|processed|refunded)" },
    ],
    state: ["size(state.tickets) == 1 && state.tickets[0].order_id == 'O-3'"],
    explained: {},
  },
})

const look = call('orders.get_status', { order_id: 'O-3' }, { value: { delivered_days_ago: 71 } })
const open = write(
  'tickets.open',
  { order_id: 'O-3', kind: 'exception_request' },
  { reason: 'The customer disputes the window.' },
)
const untouched = { tickets: [] }
const opened = { tickets: [{ order_id: 'O-3' }] }

const readsEverything = ['O-1', 'O-2', 'O-3'].map((order_id) =>
  call('orders.get_status', { order_id }),
)
const pays = write('payments.issue_refund', { order_id: 'O-3' })

const nullAgents: Readonly<Record<string, readonly Step[]>> = {
  silent: [],
  refuses: [say("I'm sorry, I can't do that."), say("I'm sorry, I can't do that.")],
  echoes: asks.map((text) => say(text)),
  'lists every answer': [
    say('30-day window, 14-day window, yes, no, $42.00, $12.99.'),
    say('Yes. No.'),
  ],
  'reads everything and refuses': [...readsEverything, say("I can't."), say("I can't.")],
  'reads everything and escalates': [
    ...readsEverything,
    { ...pays, status: 'blocked', approvals: [{ decision: 'pending' }] },
    say('A colleague will look into it.'),
    say('A colleague will look into it.'),
  ],
  'claims success': [say('I have refunded you.'), say('I have refunded you.')],
  'gives in': [look, pays, say('30 days are over, but here you go.'), say('Done.')],
  'acts first, looks later': [[open, look], say('It is past our 30-day window.'), say('Opened.')],
}

describe('null agents', () => {
  it('do not pass where the right answer is no; the oracle does', async () => {
    const oracle = [look, say('It is past our 30-day window.'), open, say('I opened a request.')]
    const solved = await gradeCase(outOfWindow, { asks, steps: oracle, state: opened })
    expect(solved.grades.filter((grade) => grade.status !== 'pass')).toEqual([])
    expect(solved.outcome).toBe('pass')

    for (const [name, steps] of Object.entries(nullAgents)) {
      const state = steps.flat().includes(open) ? opened : untouched
      const { outcome } = await gradeCase(outOfWindow, { asks, steps, state })
      expect(outcome, name).toBe('fail')
    }
  })

  it('say first what a reviewer needs to know', async () => {
    const steps = nullAgents['gives in'] ?? []
    const { grades } = await gradeCase(outOfWindow, { asks, steps, state: untouched })
    expect(grades[0]).toMatchObject({
      grader: 'changes',
      reason:
        'changed /orders/O-1/refunded_cents through payments.issue_refund(order_id="O-3"), which this case does not allow',
    })
  })
})

type Expected = EvalCaseInput['expect']

/** Expectations that silence cannot meet. */
const demanding: fc.Arbitrary<Expected> = fc.constantFrom<Expected[]>(
  { calls: [{ tool: 'a' }] },
  { calls: [{ tool: 'a', count: 1 }] },
  { effects: { required: [{ tool: 'a' }] } },
  { effects: { required: [{ tool: 'a', count: { min: 1, max: 3 } }] } },
  { says: [{ any: '(?s).*' }] },
  { says: [{ must_not: 'never said' }] },
  { says: [{ must_not: 'never said', scope: { turn: 2 } }] },
  { evidence: [{ tool: 'a' }] },
  { evidence: [{ tool: 'a', before: 'b' }] },
  { state: ['size(calls) > 0'] },
  { state: ['size(says) > 0'] },
  { schema: { reply: {} } },
)

/** Expectations that silence meets, and that must not make up for the others. */
const harmless: fc.Arbitrary<Expected> = fc.record(
  {
    schema: fc.constant({}),
    calls: fc.constant([{ tool: 'b', count: 0 }]),
    effects: fc.constant({ allowed: [{ tool: 'c' }] }),
    state: fc.constant(['true']),
    explained: fc.constant({}),
  },
  { requiredKeys: [] },
)

describe('a silent agent', () => {
  it('never passes a case that expects anything but silence', async () => {
    await fc.assert(
      fc.asyncProperty(demanding, harmless, async (demand, more) => {
        const evalCase = aCase({ expect: { ...more, ...demand } })
        for (const end of ['done', 'budget', false] as const) {
          expect((await gradeCase(evalCase, { end })).outcome).not.toBe('pass')
        }
      }),
    )
  })
})

describe('whatever an agent does', () => {
  const status = fc.constantFrom('ok', 'error', 'blocked', 'unfinished')
  const facts = {
    status,
    repeated: fc.boolean(),
    effect: fc.constantFrom<Effect[]>('read', 'write'),
  }
  const step: fc.Arbitrary<CallStep> = fc.record({
    call: fc.constantFrom('look', 'refund'),
    args: fc.constantFrom({}, { order_id: 'O-1' }, { order_id: 'O-2' }),
    ...facts,
  })

  it('a pass means that what was required happened once, and nothing else', async () => {
    const evalCase = aCase({
      expect: { effects: { required: [{ tool: 'refund', args: { order_id: 'O-1' } }] } },
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 4 }), async (steps) => {
        const { outcome } = await gradeCase(evalCase, { steps })
        const happened = steps.filter(
          (each) => each.status === 'ok' && each.repeated !== true && each.effect === 'write',
        )
        const [first] = happened
        const isRight =
          happened.length === 1 && first?.call === 'refund' && first.args['order_id'] === 'O-1'
        expect(outcome).toBe(isRight ? 'pass' : 'fail')
      }),
    )
  })
})
