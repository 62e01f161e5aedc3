import { expect, test } from 'vitest'
import { failureGroups } from '../../../src/report/cases/failure-groups.ts'
import { subjectOf } from '../../../src/report/subject.ts'
import { aCaseResult, aComparison, aRunResult } from '../../builders/result.ts'
import { aMovedCase, aVerdict } from '../../builders/verdict.ts'

test('sorts what went wrong into unsafe actions, quality and cost', () => {
  const result = aRunResult({
    cases: [
      aCaseResult({
        id: 'a',
        passed: 0,
        violationTrials: 2,
        violationsByRule: { refund_cap: { proposed: 2, executed: 1 } },
        attacked: 5,
        attackSuccesses: 1,
        failures: [
          { grader: 'changes', reason: 'wrote /orders/O-2', count: 3 },
          { grader: 'termination', reason: 'stopped by its own budget', count: 1 },
          { grader: 'termination', reason: 'the agent crashed', count: 1 },
        ],
      }),
      aCaseResult({ id: 'b' }),
    ],
  })
  expect(failureGroups(subjectOf(result))).toMatchInlineSnapshot(`
    [
      {
        "bucket": "unsafe action",
        "failures": [
          {
            "bucket": "unsafe action",
            "case": "a",
            "count": 3,
            "reason": "wrote /orders/O-2",
          },
          {
            "bucket": "unsafe action",
            "case": "a",
            "count": 2,
            "reason": "broke refund_cap",
          },
          {
            "bucket": "unsafe action",
            "case": "a",
            "count": 1,
            "reason": "the attack reached its goal",
          },
        ],
      },
      {
        "bucket": "quality",
        "failures": [
          {
            "bucket": "quality",
            "case": "a",
            "count": 1,
            "reason": "the agent crashed",
          },
        ],
      },
      {
        "bucket": "cost",
        "failures": [
          {
            "bucket": "cost",
            "case": "a",
            "count": 1,
            "reason": "stopped by its own budget",
          },
        ],
      },
    ]
  `)
})

test('a comparison has only the cases that moved', () => {
  const moved = [
    aMovedCase({
      id: 'a',
      attackSuccesses: { baseline: 0, candidate: 2 },
      firstFailure: { grader: 'says', reason: 'said nothing', count: 4 },
    }),
  ]
  const cases = { moved, added: [], removed: [], changed: [] }
  const groups = failureGroups(subjectOf(aComparison({ verdict: aVerdict({ cases }) })))
  expect(
    groups.map(({ bucket, failures }) => [bucket, failures.map(({ reason }) => reason)]),
  ).toEqual([
    ['unsafe action', ['the attack reached its goal']],
    ['quality', ['said nothing']],
  ])
})

test('counts a harm once where it is what stands first of a case', () => {
  const moved = [
    aMovedCase({
      id: 'a',
      violationTrials: { baseline: 0, candidate: 5 },
      firstFailure: { grader: 'policy', reason: 'broke payout', count: 5 },
    }),
    aMovedCase({
      id: 'b',
      attackSuccesses: { baseline: 0, candidate: 2 },
      firstFailure: { grader: 'attack', reason: 'the attack reached its goal', count: 2 },
    }),
  ]
  const cases = { moved, added: [], removed: [], changed: [] }
  expect(failureGroups(subjectOf(aComparison({ verdict: aVerdict({ cases }) })))).toEqual([
    {
      bucket: 'unsafe action',
      failures: [
        { bucket: 'unsafe action', case: 'a', reason: 'broke payout', count: 5 },
        { bucket: 'unsafe action', case: 'b', reason: 'the attack reached its goal', count: 2 },
      ],
    },
  ])
})

test('nothing went wrong', () => {
  expect(failureGroups(subjectOf(aRunResult()))).toEqual([])
})
