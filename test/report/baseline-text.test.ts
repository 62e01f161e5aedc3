import { expect, test } from 'vitest'
import { z } from 'zod'
import { renderBaselineDiff } from '../../src/report/baseline-diff.ts'
import {
  renderBaseline,
  renderBaselineUpdate,
  renderMovedRows,
} from '../../src/report/baseline-text.ts'
import { type Baseline, baseline } from '../../src/schema/baseline.ts'
import { type CaseStats, caseStats } from '../../src/schema/case-stats.ts'
import { aCaseResult, aProvenance } from '../builders/result.ts'

function stats(changes: Parameters<typeof aCaseResult>[0]): CaseStats {
  return z.object(caseStats.shape).parse(aCaseResult(changes))
}

function aBaseline(cases: readonly CaseStats[], from = aProvenance()): Baseline {
  return baseline.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'Baseline',
    provenance: from,
    severeTier: 3,
    cases,
  })
}

const before = aBaseline([
  stats({ id: 'greeting' }),
  stats({ id: 'gone' }),
  stats({
    id: 'refund.full',
    costUsd: { n: 5, sum: 0.11 },
    paths: [{ path: ['orders.get_status', 'payments.issue_refund'], count: 5 }],
  }),
])

const changed = aProvenance()
const after = aBaseline(
  [
    stats({ id: 'greeting' }),
    stats({ id: 'new', attacked: 5, attackSuccesses: 1 }),
    stats({
      id: 'refund.full',
      passed: 3,
      violationTrials: 1,
      violationsByRule: { refund_cap: { proposed: 1, executed: 0 } },
      definitionHash: 'other',
      paths: [{ path: ['payments.issue_refund'], count: 3 }],
    }),
  ],
  {
    ...changed,
    agentBehind: 'reference',
    candidate: { ...changed.candidate, promptHash: 'a2' },
  },
)

test('a baseline at a glance', () => {
  expect(renderBaseline(before)).toMatchInlineSnapshot(`
    "support 1.3.0, candidate support_refund_agent (openai:gpt-4o), 3 cases

      case         passed  rules  attack    cost  usual tool path
      greeting        5/5
      gone            5/5
      refund.full     5/5                 $0.022  orders.get_status > payments.issue_refund
    "
  `)
})

test('what would change, then and now', () => {
  expect(renderBaselineDiff(before, after)).toMatchInlineSnapshot(`
    "1 case passes less, 1 breaks a rule more often, 1 with another definition, 1
      new, 1 gone, 1 alike

    now   support 1.3.0, candidate support_refund_agent (reference, not a model), 3
          cases
    then  support 1.3.0, candidate support_refund_agent (openai:gpt-4o), 3 cases
    inputs that differ: prompt, what answered for the agent

               case                       then  now
      changed  refund.full  definition    abc   other
      changed  refund.full  passed        5/5   3/5
      changed  refund.full  rules broken  0     1 (refund_cap)
      added    new          passed        none  5/5
      removed  gone         passed        5/5   none

      usual tool path of refund.full
        - orders.get_status
          payments.issue_refund
    "
  `)
})

test('says so where nothing would', () => {
  expect(renderBaselineDiff(before, before)).toMatchInlineSnapshot(`
    "3 cases alike

    now   support 1.3.0, candidate support_refund_agent (openai:gpt-4o), 3 cases
    then  support 1.3.0, candidate support_refund_agent (openai:gpt-4o), 3 cases
    same inputs

    no rate differs
    "
  `)
})

test('the same rate of another number of trials is counted and not listed', () => {
  const of = (scored: number, ...rest: readonly CaseStats[]): Baseline =>
    aBaseline([
      ...['a', 'b'].map((id) => stats({ id, n: scored, scored, passed: scored })),
      ...rest,
    ])
  const worse = of(5, stats({ id: 'c', passed: 4 }))
  const text = renderBaselineDiff(of(15, stats({ id: 'c', passed: 5 })), worse, {
    colour: false,
    now: 'runs/refund\u001b[31m-1',
    then: 'set/baseline.json',
  })
  expect(text).toMatch(/^1 case passes less, 2 alike \(5 trials instead of 15\)\n/)
  expect(text).toContain('\nnow   runs/refund-1: support 1.3.0')
  expect(text).toContain('\nthen  set/baseline.json: support 1.3.0')
  expect(text.match(/changed .*/g)).toEqual([
    expect.stringMatching(/^changed +c +passed +5\/5 +4\/5$/),
  ])
})

test.each([
  ['models', { models: { executor: 'openai:gpt-4o-mini' }, hash: 'other' }],
  ['other settings of the agent', { hash: 'other' }],
])('an agent with other %s is not the same input', (name, changes) => {
  const from = aProvenance()
  const other = aBaseline(before.cases, {
    ...from,
    candidate: { ...from.candidate, ...changes },
  })
  expect(renderBaselineDiff(before, other)).toContain(`\ninputs that differ: ${name}\n`)
})

test('a baseline of several runs names them all, in lines that fit', () => {
  const runs = ['a', 'b', 'c'].map((end) => `support-20261122-1537-${end}`)
  expect(renderBaselineUpdate('evalsets/support/baseline.json', runs)).toMatchInlineSnapshot(`
    "evalsets/support/baseline.json now stands for support-20261122-1537-a,
      support-20261122-1537-b, support-20261122-1537-c; commit it to accept it
    "
  `)
})

test('how much of what measuring anew moved is more than chance', () => {
  const moved = { compared: 40, worse: [], better: [] }
  expect(renderMovedRows(moved)).toBe('none of 40 cases moved by more than chance\n')
  const ids = Array.from({ length: 12 }, (_, index) => `case.${index}`)
  expect(
    renderMovedRows({ ...moved, worse: ['refund\u001b[31m'], better: ids }),
  ).toMatchInlineSnapshot(`
    "13 of 40 cases moved by more than chance:
      worse: refund
      better: case.0, case.1, case.2, case.3, case.4, case.5, case.6, case.7,
        case.8, case.9 and 2 more
    "
  `)
  expect(renderMovedRows({ ...moved, compared: 0 })).toBe(
    'no case can be compared with the baseline before\n',
  )
})
