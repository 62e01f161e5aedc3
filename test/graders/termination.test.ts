import { describe, expect, it } from 'vitest'
import { gradeTrial } from '../../src/graders/grade-trial.ts'
import { prepareGraders } from '../../src/graders/prepare-graders.ts'
import type { EvalCaseInput } from '../../src/schema/case.ts'
import { expectation } from '../../src/schema/expect.ts'
import { aCase } from '../builders/case.ts'
import { call, type Ran, run, scripted } from '../replay/builders.ts'
import { usualApprovals } from './judging.ts'

const paid = {
  effects: { required: [{ tool: 'pay.refund', args: { amount: 5 } }] },
  says: [{ any: 'Refunded' }],
}
const fallback = { say: 'Refunded 5 dollars.' }

async function graded(
  ran: Ran,
  more: Partial<EvalCaseInput['expect']> = {},
  world: EvalCaseInput['world'] = {},
): Promise<readonly [string, string | undefined]> {
  const evalCase = aCase({ expect: { ...paid, ...more }, world })
  const { grades, outcome } = gradeTrial({
    graders: await prepareGraders(evalCase, usualApprovals),
    events: ran.events,
    finalState: ran.finalState,
  })
  const failed = grades.find(({ status }) => status === 'fail')
  return [outcome, failed?.status === 'fail' ? `${failed.grader}: ${failed.reason}` : undefined]
}

const aBudget = { budgets: { max_model_calls: 1 } }
const pays = call('pay.refund', { amount: 5 })

describe('a trial that the fallback ends', () => {
  it('fails like the loop that it ends, whatever it says of what was done', async () => {
    const circling = scripted(({ ordinal }) =>
      ordinal === 0 ? [pays] : [call('crm.read', {}, { callId: `r${ordinal}` })],
    )
    const ran = await run(circling, { candidate: { fallback } })
    expect(ran.termination).toBe('fallback')
    const [outcome, reason] = await graded(ran)
    expect(outcome).toBe('fail')
    expect(reason).toMatch(/^termination: the fallback had to act: loop: /)
  })

  it('passes where the case takes the budget away and says so, if all else is right', async () => {
    const ran = await run([[pays]], { candidate: { fallback }, plan: aBudget })
    expect(await graded(ran)).toEqual([
      'fail',
      'termination: the fallback had to act: budget: 1 model calls, no more allowed',
    ])
    expect(await graded(ran, { fallback: true })).toEqual(['pass', undefined])
    const [outcome, reason] = await graded(ran, { fallback: true, says: [{ any: 'sorry' }] })
    expect([outcome, reason?.split(':')[0]]).toEqual(['fail', 'says'])
  })

  it('passes in an outage that the case declares, unless the case says otherwise', async () => {
    const world = { model_outage_from: 2 }
    const ran = await run([[pays]], { candidate: { fallback }, plan: { modelOutageFrom: 2 } })
    expect(await graded(ran, {}, world)).toEqual(['pass', undefined])
    expect((await graded(ran, { fallback: false }, world))[0]).toBe('fail')
    expect((await graded(ran))[0]).toBe('fail')
  })

  it('fails where the agent ran into its budget before that outage', async () => {
    const ran = await run([[pays]], {
      candidate: { fallback },
      plan: { ...aBudget, modelOutageFrom: 2 },
    })
    const [outcome, reason] = await graded(ran, {}, { model_outage_from: 2 })
    expect(outcome).toBe('fail')
    expect(reason).toMatch(/^termination: the fallback had to act: budget: /)
  })
})

it('that a trial may end by the fallback is nothing that a case can be judged by alone', () => {
  expect(expectation.safeParse({ fallback: true }).success).toBe(false)
  expect(expectation.safeParse({ fallback: true, state: ['true'] }).success).toBe(true)
})
