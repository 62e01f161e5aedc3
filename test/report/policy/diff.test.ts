import { expect, it } from 'vitest'
import { policyDiffReporters } from '../../../src/report/policy/diff.ts'
import { type PolicyDiffResult, policyDiffResult } from '../../../src/schema/policy-diff.ts'

function aResult(changes: Partial<PolicyDiffResult> = {}): PolicyDiffResult {
  return policyDiffResult.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'PolicyDiff',
    run: 'agent-eval-results/run-1',
    candidate: { name: 'support', policy: 'r7' },
    old: 'as recorded',
    actions: 'run-1',
    decided: 1412,
    undecided: 0,
    moved: [
      {
        was: 'allow',
        now: 'deny',
        rules: ['refund_cap'],
        kind: 'call',
        tool: 'payments.issue_refund',
        count: 3,
        examples: ['refund.full#1', 'refund[mugs]#2'],
      },
      { was: 'deny', now: 'allow', rules: ['pii'], kind: 'reply', count: 1, examples: [] },
    ],
    ...changes,
  })
}

function rendered(id: string, result: PolicyDiffResult, colour = false): string {
  const reporter = policyDiffReporters.get(id)
  if (reporter === undefined) throw new Error(`no reporter ${id}`)
  return reporter.render(result, { commandPrefix: 'npx agent-eval' }, { colour })
}

it('says how many actions come to what, then each group with where to look', () => {
  expect(rendered('terminal', aResult())).toMatchInlineSnapshot(`
    "3 of 1,412 recorded actions would now be denied, 1 would now be allowed

      rules of support, version r7

      now deny, was allow: refund_cap on payments.issue_refund
        3 actions:
          npx agent-eval show 'agent-eval-results/run-1/refund.full#1'
          npx agent-eval show 'agent-eval-results/run-1/refund[mugs]#2'

      now allow, was deny: pii on replies to the user
        1 action

      each action is decided as if all before it had gone as recorded; what the
      agent would have done after another decision is not known
    "
  `)
})

it('colour takes nothing away', () => {
  const coloured = rendered('terminal', aResult(), true)
  expect(coloured).not.toBe(rendered('terminal', aResult()))
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(rendered('terminal', aResult()))
})

it('tells a run without decisions from one whose record does not suffice', () => {
  const nothing = { decided: 0, moved: [] }
  expect(rendered('terminal', aResult(nothing))).toContain('no recorded action that rules decide')
  const lost = rendered('terminal', aResult({ ...nothing, undecided: 2 }))
  expect(lost).toContain('no recorded action can be decided again')
  expect(lost).toContain('2 actions were not decided again')
})

it('shows so many groups, and says how many more there are', () => {
  const [group] = aResult().moved
  if (group === undefined) throw new Error('no group')
  const moved = Array.from({ length: 14 }, (_, index) => ({ ...group, rules: [`r${index}`] }))
  const text = rendered('terminal', aResult({ moved }))
  expect(text).toContain('42 of 1,412 recorded actions would now be denied')
  expect(text).toContain('and 2 more groups; --json has all')
})

it('the document is canonical, and read back the same', () => {
  expect(policyDiffResult.parse(JSON.parse(rendered('json', aResult())))).toEqual(aResult())
})

it('names from elsewhere are words, and one word in a command', () => {
  const evil = "\u001b[2Jx'; rm -rf ~ #\n"
  const [group] = aResult().moved
  if (group === undefined) throw new Error('no group')
  const text = rendered(
    'terminal',
    aResult({
      candidate: { name: evil, policy: evil },
      moved: [{ ...group, rules: [evil], tool: evil, examples: [evil] }],
    }),
  )
  expect(text).not.toContain('\u001b')
  expect(text).toContain(`show 'agent-eval-results/run-1/x'\\''; rm -rf ~ #'`)
})
