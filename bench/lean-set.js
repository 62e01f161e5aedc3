import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** An eval set of plain cases, one read, one write and a reply each, for figures per trial. */
export function writeLeanSet(folder, cases) {
  const orders = Array.from({ length: cases }, (_, index) => [`O-${index}`, { refunds: 0 }])
  const input = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } }
  const tool = { description: 'An order.', input }
  const known = [{ require: 'args.id in state.orders', error: 'not_found' }]
  const files = {
    'evalset.yaml': {
      apiVersion: 'agent-eval/v1',
      id: 'lean',
      version: '1',
      candidate: 'agent.yaml',
    },
    'agent.yaml': { agent: { name: 'lean', models: { default: 'reference:' } } },
    'policy.yaml': { rules: [{ id: 'own', tool: 'orders.refund', condition: "input.id != 'X'" }] },
    'world.yaml': {
      clock: '2026-01-01T00:00:00Z',
      state: { orders: Object.fromEntries(orders) },
      tools: {
        'orders.get': {
          ...tool,
          risk_tier: 0,
          effect: 'read',
          guards: known,
          returns: '=state.orders[args.id]',
        },
        'orders.refund': {
          ...tool,
          risk_tier: 2,
          effect: 'write',
          guards: known,
          change: [{ op: 'inc', path: '/orders/{args.id}/refunds', value: 1 }],
          returns: { ok: true },
        },
      },
    },
  }
  mkdirSync(path.join(folder, 'cases', 'outcome'), { recursive: true })
  for (const [name, document] of Object.entries(files)) {
    writeFileSync(path.join(folder, name), JSON.stringify(document))
  }
  const lines = orders.map(([id]) => JSON.stringify(leanCase(id)))
  writeFileSync(path.join(folder, 'cases', 'outcome', 'all.jsonl'), `${lines.join('\n')}\n`)
}

function leanCase(id) {
  return {
    id: `refund.${id.toLowerCase()}`,
    ask: `Please refund ${id}.`,
    expect: {
      effects: { required: [{ tool: 'orders.refund', args: { id } }] },
      says: [{ any: 'refunded' }],
    },
    oracle: [
      { call: 'orders.get', args: { id } },
      { call: 'orders.refund', args: { id } },
      { say: `I refunded ${id}.` },
    ],
  }
}
