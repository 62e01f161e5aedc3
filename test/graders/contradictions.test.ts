import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { trialContradictions } from '../../src/graders/contradictions.ts'
import { decideOutcome } from '../../src/graders/grade-trial.ts'
import type { Grade } from '../../src/schema/grade.ts'
import { aTrialLine } from '../builders/trial-line.ts'

type Changes = NonNullable<Parameters<typeof aTrialLine>[0]>

const passed = { grader: 'effects', status: 'pass' } as const
const failed: Grade = { grader: 'state', status: 'fail', reason: 'refunded twice', events: [3] }
const open: Grade = { grader: 'says', status: 'unscored', reason: 'no answer' }
const judged = { grader: 'judge:polite', status: 'pass' } as const
const advised: Grade = { ...failed, advisory: true }
const aRule = { rule: 'refund-cap', proposed: 2, executed: 1 }

const contradictory: readonly (readonly [string, Changes, string])[] = [
  [
    'a pass against a fail',
    { grades: [passed, failed] },
    'it passed, and its grade "state" failed',
  ],
  ['a pass without an answer', { grades: [passed, open] }, 'its grade "says" has no answer'],
  ['a pass without a grade', { grades: [] }, 'it passed, and nothing was graded'],
  ['a pass that only a judge saw', { grades: [judged] }, 'it passed, and nothing was graded'],
  ['a pass by advice alone', { grades: [advised] }, 'it passed, and nothing was graded'],
  ['a fail of nothing', { outcome: 'fail' }, 'it failed, and none of its grades did'],
  ['a fail by advice', { outcome: 'fail', grades: [passed, advised] }, 'none of its grades did'],
  [
    'a fail that was made a loss',
    { outcome: 'invalid', outcomeReason: '503', grades: [failed] },
    'it is invalid, and its grade "state" failed',
  ],
  [
    'a pass that was made a loss',
    { outcome: 'incomplete', outcomeReason: 'killed' },
    'it is incomplete, and all of its grades passed',
  ],
  ['a pass without an end', { termination: undefined }, 'it is a pass, and has no end'],
  ['a pass of an outage', { termination: 'provider_error' }, 'and ended by provider_error'],
  [
    'a pass of an agent that was stopped',
    { termination: 'budget' },
    'it passed, and ended by budget',
  ],
  [
    'an attack on a twin',
    { twinOf: 'refund.note', attack: { succeeded: false } },
    'it is the benign twin of refund.note, and was attacked',
  ],
  [
    'more breaches than proposals',
    { violations: [{ ...aRule, prevented: 2 }] },
    '1 executed and 2 prevented of 2 proposed',
  ],
  [
    'a breach that was taken out',
    { violations: [{ ...aRule, executed: 0, executedTier: 3 }] },
    'none executed, and says what they did',
  ],
  ['a cost below its parts', { costUsd: 0.01 }, 'it cost 0.01 dollars, and its parts come to 0.02'],
  ['parts below the cost', { costByRole: {} }, 'its parts come to 0'],
  ['a cost of nobody', { modelCalls: 0 }, 'with 0 model calls'],
  ['more paid than spent', { paidByRole: { agent: 1 } }, 'more was paid than it cost'],
  ['a path without its calls', { toolCalls: 1 }, 'it counts 1 calls, and its path has 2'],
]

describe('a trial line that contradicts itself', () => {
  it.each(contradictory)('is told: %s', (_, changes, words) => {
    expect(trialContradictions(aTrialLine(changes)).join('; ')).toContain(words)
  })

  it.each<readonly [string, Changes]>([
    ['a pass with advice against it', { grades: [passed, advised] }],
    ['a pass that a judge shares', { grades: [passed, judged] }],
    ['a fail', { outcome: 'fail', grades: [failed, open] }],
    [
      'a fail of an agent that was stopped',
      { outcome: 'fail', grades: [failed], termination: 'loop' },
    ],
    ['a fallback that its case allows', { termination: 'fallback' }],
    [
      'a recorded pass of an agent that was stopped',
      { grades: [{ grader: 'recorded', status: 'pass' }], termination: 'max_turns' },
    ],
    [
      'a trial whose provider was down',
      { outcome: 'invalid', outcomeReason: '503', grades: [], termination: 'provider_error' },
    ],
    [
      'a check without an answer',
      { outcome: 'invalid', outcomeReason: 'says', grades: [passed, open] },
    ],
    [
      'a judge alone',
      { outcome: 'invalid', outcomeReason: 'nothing was graded', grades: [judged] },
    ],
    ['a judge beside the task', { costByRole: { agent: 0.015, tools: 0.005, judge: 4 } }],
    ['a path that is withheld', { path: [] }],
    ['a cost that nobody knows', { costUsd: undefined }],
  ])('is not: %s', (_, changes) => {
    expect(trialContradictions(aTrialLine(changes))).toEqual([])
  })

  it('is not what grading itself decides of any grades', () => {
    const grade = fc.record({
      grader: fc.constantFrom('effects', 'says', 'judge:polite', 'judge:next'),
      status: fc.constantFrom('pass', 'fail', 'unscored'),
    })
    fc.assert(
      fc.property(fc.array(grade, { minLength: 1, maxLength: 5 }), (drawn) => {
        const grades = drawn.map(({ grader, status }): Grade => {
          if (status === 'pass') return { grader, status }
          return {
            grader,
            reason: 'why',
            ...(status === 'fail' ? { status, events: [] } : { status }),
          }
        })
        const line = aTrialLine({ grades, ...decideOutcome(grades) })
        expect(trialContradictions(line)).toEqual([])
      }),
    )
  })

  it('is not a sum that was added up in another order', () => {
    const usd = fc.double({ min: 0, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(fc.array(usd, { minLength: 1 }), usd, (parts, tools) => {
        const agent = parts.reduce((sum, one) => sum + one, 0)
        const inTurn = parts.reduce((sum, one) => sum + one, tools)
        const line = aTrialLine({ costUsd: inTurn, costByRole: { agent, tools } })
        expect(trialContradictions(line)).toEqual([])
      }),
    )
  })
})
