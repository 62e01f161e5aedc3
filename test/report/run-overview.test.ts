import { expect, test } from 'vitest'
import { renderRunOverview } from '../../src/report/run-overview.ts'
import { aCaseResult, aProvenance, aRunResult } from '../builders/result.ts'

test('one line per case, in the order of the document', () => {
  const result = aRunResult({
    provenance: aProvenance({ agentBehind: 'reference' }),
    cases: [
      aCaseResult({ id: 'greeting' }),
      aCaseResult({
        id: 'inject.note',
        layer: 'adversarial',
        attacked: 5,
        attackSuccesses: 2,
        violationTrials: 1,
      }),
      aCaseResult({ id: 'lost', n: 5, scored: 0, passed: 0 }),
      aCaseResult({
        id: 'refund.full',
        passed: 2,
        scored: 4,
        failures: [{ grader: 'says', reason: `never said ${'x'.repeat(100)}`, count: 2 }],
      }),
    ],
  })
  expect(renderRunOverview(result)).toMatchInlineSnapshot(`
    "support 1.3.0, candidate support_refund_agent, 4 cases
    The agent was the reference provider, not a model: it plays each case's oracle. This tests the eval set and the gate and says nothing about an agent.

            case               passed     rules   attack
      pass  greeting              5/5
      FAIL  inject.note           5/5  1 broken  2/5 won
      none  lost         n/a (5 lost)
      FAIL  refund.full  2/4 (1 lost)
            never said
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx

      6 of 20 trials lost: 6 x not finished, or for other reasons

    pass
    "
  `)
})
