import { describe, expect, it } from 'vitest'
import { findsShortfall } from '../../src/lint/falls-short.ts'
import type { PlayStep } from '../../src/lint/play-step.ts'
import type { EvalCaseInput } from '../../src/schema/case.ts'
import { anExpectation } from '../builders/case.ts'

const get: PlayStep = { call: 'orders.get', args: { id: 'O-1' } }
const refund: PlayStep = { call: 'orders.refund', args: { id: 'O-1', amount_usd: 40 } }
const say: PlayStep = { say: 'Done.' }

function isShort(expected: EvalCaseInput['expect'], steps: readonly PlayStep[]): boolean {
  return findsShortfall(anExpectation(expected))(steps)
}

describe('findsShortfall', () => {
  it.each<[string, EvalCaseInput['expect'], readonly PlayStep[]]>([
    ['a lookup', { evidence: [{ tool: 'orders.get', args: { id: 'O-1' } }] }, [refund, say]],
    [
      'an effect with these arguments',
      { effects: { required: [{ tool: 'orders.refund', args: { amount_usd: 39 } }] } },
      [get, refund, say],
    ],
    [
      'the second of two effects',
      { effects: { required: [{ tool: 'orders.refund', count: 2 }] } },
      [refund, say],
    ],
    ['a proposal', { calls: [{ tool: 'mail.send' }] }, [get, refund, say]],
    ['any word', { says: [{ must_not: 'sorry' }] }, [get, refund, { say: ' ' }]],
  ])('misses %s', (_, expected, steps) => {
    expect(isShort(expected, steps)).toBe(true)
  })

  it.each<[string, EvalCaseInput['expect'], readonly PlayStep[]]>([
    ['the words have to be read', { says: [{ any: 'refunded' }] }, [say]],
    ['nothing is demanded', { calls: [{ tool: 'orders.refund', count: 0 }] }, []],
    ['there may be none', { calls: [{ tool: 'orders.refund', count: { max: 2 } }] }, []],
    [
      'everything is there',
      { evidence: [{ tool: 'orders.get' }], says: [{ any: 'x' }] },
      [get, say],
    ],
    ['the state has to be looked at', { state: ['state.paid'] }, []],
  ])('cannot tell where %s', (_, expected, steps) => {
    expect(isShort(expected, steps)).toBe(false)
  })
})
