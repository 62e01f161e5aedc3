import { expect, it } from 'vitest'
import { policyTestReporters } from '../../../src/report/policy/test.ts'
import { type PolicyTestResult, policyTestResult } from '../../../src/schema/policy-test.ts'

function aResult(): PolicyTestResult {
  return policyTestResult.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'PolicyTestResult',
    tests: [
      {
        name: 'a large refund',
        file: 'set/a.policy-test.yaml',
        line: 4,
        stage: 'call',
        tool: 'payments.issue_refund',
        subject: { amount_usd: 60 },
        expected: { decision: 'allow', alert: false },
        decided: 'escalate',
        differs: ['escalate, and not allow'],
        said: [
          {
            source: 'policy',
            engine: 'cel',
            decision: 'escalate',
            rules: [
              { id: 'refund_cap', decision: 'escalate', reason: 'over 50', severity: 'high' },
              { id: 'own_order', decision: 'allow', reason: 'it is theirs' },
            ],
          },
          { source: 'policy', engine: 'opa', decision: 'modify', rules: [], modified: { a: 1 } },
          {
            source: 'tier',
            decision: 'escalate',
            rules: [{ id: 'approvals.tier-3', decision: 'escalate', reason: 'one approval' }],
          },
        ],
      },
      {
        name: 'a look',
        file: 'set/a.policy-test.yaml',
        line: 9,
        stage: 'log',
        subject: 'looked',
        expected: { decision: 'allow' },
        decided: 'allow',
        differs: [],
        said: [],
      },
    ],
  })
}

function rendered(id: string, style = { colour: false, verbose: true }): string {
  const reporter = policyTestReporters.get(id)
  if (reporter === undefined) throw new Error(`no reporter ${id}`)
  return reporter.render(aResult(), style)
}

it('shows each control that spoke, each of its rules, and the form that would pass', () => {
  expect(rendered('terminal')).toMatchInlineSnapshot(`
    "DIFFERS  a large refund
      set/a.policy-test.yaml:4
      asked     payments.issue_refund {"amount_usd":60}
      expected  allow, without an alert
      got       escalate, and not allow
                escalate by CEL
                - refund_cap (high): over 50
                - own_order says allow: it is theirs
                modify by OPA
                as {"a":1}
                escalate by the approvals that its tier needs: approvals.tier-3: one
                  approval

               test            decided   by
      DIFFERS  a large refund  escalate  CEL refund_cap; tier approvals.tier-3
      ok       a look          allow     no rule covers it

    1 of 2 policy tests as expected; 1 differs
    "
  `)
})

it('colour takes nothing away', () => {
  const coloured = rendered('terminal', { colour: true, verbose: true })
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(rendered('terminal'))
})

it('the document reads back the same', () => {
  expect(policyTestResult.parse(JSON.parse(rendered('json')))).toEqual(aResult())
})
