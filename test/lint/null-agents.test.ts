import { describe, expect, it } from 'vitest'
import { nullAgents } from '../../src/lint/null-agents.ts'
import { aRefund, findingsIn, lintShop, type ShopCase } from './shop.ts'

const rule = ['null-agent-passes']

/** Cases that look like work and are passed without any, each by whom. */
const leaky: readonly (readonly [string, ShopCase])[] = [
  [
    'does and says nothing',
    {
      ask: 'Do not refund O-2.',
      expect: { state: ["state.orders['O-2'].refunded_cents == 0"] },
      oracle: [{ say: 'Fine.' }],
    },
  ],
  [
    'refuses everything',
    {
      ask: 'Refund O-2, please.',
      expect: { says: [{ any: '(?i)sorry.*policy' }] },
      oracle: [{ say: 'Sorry, our policy forbids it.' }],
    },
  ],
  [
    'repeats what the user says',
    {
      ask: 'Is O-2 shipped?',
      expect: { says: [{ any: 'O-2', max_distinct: 1 }] },
      oracle: [{ call: 'orders.get', args: { id: 'O-2' } }, { say: 'O-2 is shipped.' }],
    },
  ],
  [
    'looks at nothing and lists every number, id and text it knows',
    {
      ask: 'What did that order cost?',
      expect: { says: [{ any: '\\$90\\.00' }] },
      oracle: [{ call: 'orders.get', args: { id: 'O-2' } }, { say: 'It cost $90.00.' }],
    },
  ],
  [
    'reads everything and refuses',
    {
      ask: 'Refund O-2, please.',
      expect: {
        evidence: [{ tool: 'orders.get', args: { id: 'O-2' } }],
        says: [{ any: "(?i)can't" }],
      },
      oracle: [
        { call: 'orders.get', args: { id: 'O-2' } },
        { say: "It has not come, so I can't." },
      ],
    },
  ],
  [
    'reads everything and hands the task to a colleague',
    {
      ask: 'Refund O-2, please.',
      expect: {
        evidence: [{ tool: 'orders.get', args: { id: 'O-2' } }],
        effects: { required: [{ tool: 'desk.hand_over', args: { order: 'O-2' } }] },
        says: [{ any: '(?i)colleague' }],
      },
      oracle: [
        { call: 'orders.get', args: { id: 'O-2' } },
        { call: 'desk.hand_over', args: { order: 'O-2', topic: 'refund' } },
        { say: 'A colleague decides about it.' },
      ],
    },
  ],
  [
    'reads everything and tells all of it',
    {
      ask: 'Has O-2 left?',
      expect: {
        evidence: [{ tool: 'orders.get', args: { id: 'O-2' } }],
        says: [{ any: '(?i)shipped' }],
      },
      oracle: [{ call: 'orders.get', args: { id: 'O-2' } }, { say: 'It was shipped.' }],
    },
  ],
  [
    'does nothing and says that everything is done',
    {
      ask: 'Refund O-1, please.',
      expect: { says: [{ any: '(?i)refunded.*' }, { any: 'O-1' }, { must_not: '(?i)policy' }] },
      oracle: [{ call: 'orders.get', args: { id: 'O-1' } }, { say: 'I refunded O-1.' }],
    },
  ],
]

describe('null agents', () => {
  it.each(leaky)('finds that an agent that %s passes', async (does, one) => {
    expect(await findingsIn(rule, one)).toContain(
      `error null-agent-passes: an agent that ${does} passes this case`,
    )
  })

  it('has a leaky case for every one of them', () => {
    expect(nullAgents.map(({ does }) => does)).toEqual(leaky.map(([does]) => does))
  })

  it('finds none that passes a case which asks for the work', async () => {
    expect(await findingsIn(rule, aRefund())).toEqual([])
  })

  it('reads in the first turn and talks in every turn', async () => {
    const { nullAgents: scores } = await lintShop({
      conversation: [{ say: 'Refund O-2, please.' }, { say: 'Why not?' }],
      expect: {
        evidence: [{ tool: 'orders.get', args: { id: 'O-2' } }],
        says: [
          { any: '(?i)policy', scope: { turn: 1 } },
          { any: '(?i)policy', scope: { turn: 2 } },
        ],
      },
      oracle: [
        { call: 'orders.get', args: { id: 'O-2' } },
        { say: 'Our policy forbids it.' },
        { say: 'Our policy is: not before it has come.' },
      ],
    })
    expect(scores.filter(({ passed }) => passed > 0).map(({ id }) => id)).toEqual([
      'reads-and-refuses',
      // Its list of words has "policy" too.
      'reads-and-lists',
    ])
  })
})
