import { describe, expect, it } from 'vitest'
import { graders } from '../../src/graders/registry.ts'
import type { EvalCaseInput } from '../../src/schema/case.ts'
import { aCase } from '../builders/case.ts'
import { call, type Step, say, write } from '../builders/trace.ts'
import { gradeCase } from './judging.ts'

type Expect = EvalCaseInput['expect']

const refund = { tool: 'refund', args: { id: 'O-1' } }
const reason = 'The kettle arrived broken.'

/** For each grader what nobody else would notice: an expectation, and a trial that breaks it. */
const onlyItSees: readonly (readonly [string, Expect, readonly Step[]])[] = [
  ['changes', { says: [{ any: 'Done' }] }, [write('refund', { id: 'O-1' }), say('Done.')]],
  ['effects', { effects: { required: [refund] } }, [say('Done.')]],
  ['state', { state: ["state.orders['O-1'].status == 'paid'"] }, [say('Done.')]],
  ['calls', { calls: [{ tool: 'search', count: 0 }] }, [call('search'), say('Done.')]],
  ['says', { says: [{ must_not: 'guarantee' }] }, [say('I guarantee it.')]],
  ['evidence', { evidence: [{ tool: 'orders.get' }] }, [say('It was delivered.')]],
  [
    'explained',
    { explained: {}, effects: { allowed: [refund] } },
    [write('refund', { id: 'O-1' }), say('Done.')],
  ],
  ['route', { route: 'small' }, [say('Done.')]],
  [
    'schema',
    { schema: {} },
    [call('orders.get', {}, { schemaErrors: ['id: missing'], status: 'error' }), say('Done.')],
  ],
]

describe('the registry', () => {
  it('has every grader once', () => {
    expect(graders.map((grader) => grader.id).sort()).toEqual(onlyItSees.map(([id]) => id).sort())
  })

  it.each(onlyItSees)('without %s, something bad would pass', async (id, expectation, steps) => {
    const state = { orders: { 'O-1': { status: 'sent' } } }
    const tiers = steps.map(() => 'frontier')
    const trial = { steps, state, tiers }
    const { grades, outcome } = await gradeCase(aCase({ expect: expectation }), trial)
    const failed = grades.filter((grade) => grade.status === 'fail')
    expect(failed.map((grade) => grade.grader)).toEqual([id])
    expect(outcome).toBe('fail')
  })

  it('explained passes with a reason', async () => {
    const steps = [write('refund', { id: 'O-1' }, { reason }), say('Done.')]
    const expectation = { explained: {}, effects: { allowed: [refund] } }
    expect((await gradeCase(aCase({ expect: expectation }), { steps })).outcome).toBe('pass')
  })
})
