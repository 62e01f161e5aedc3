import { expect, test } from 'vitest'
import { z } from 'zod'
import { renderBaseline, renderBaselineDiff } from '../../src/report/baseline-text.ts'
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
    "now   support 1.3.0, candidate support_refund_agent (reference, not a model), 3 cases
    then  support 1.3.0, candidate support_refund_agent (openai:gpt-4o), 3 cases
    inputs that differ: prompt

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
    "now   support 1.3.0, candidate support_refund_agent (openai:gpt-4o), 3 cases
    then  support 1.3.0, candidate support_refund_agent (openai:gpt-4o), 3 cases
    same inputs

    no count differs
    "
  `)
})
