import { describe, expect, it } from 'vitest'
import { markdown } from '../../../src/report/markdown/markdown.ts'
import { policyLines, policySection } from '../../../src/report/policy/section.ts'
import { painter } from '../../../src/report/terminal/paint.ts'
import { terminal } from '../../../src/report/terminal/terminal.ts'
import { type PolicyDiff, policyDiff } from '../../../src/schema/policy-diff.ts'
import type { RunResult } from '../../../src/schema/run-result.ts'
import { aComparison, aRunResult } from '../../builders/result.ts'

const context = { evalSetName: 'small', commandPrefix: 'npx agent-eval' }

function aDiff(changes: Partial<PolicyDiff> = {}): PolicyDiff {
  return policyDiff.parse({
    old: 'baseline b.json',
    actions: 'out/run-1',
    decided: 412,
    undecided: 0,
    moved: [
      {
        was: 'deny',
        now: 'allow',
        rules: ['refund_cap'],
        kind: 'call',
        tool: 'payments.issue_refund',
        count: 3,
        examples: ['refund.full#1'],
      },
      { was: 'escalate', now: 'allow', rules: ['lead'], kind: 'reply', count: 1, examples: [] },
      {
        was: 'allow',
        now: 'error',
        rules: ['opa'],
        kind: 'call',
        tool: 'b',
        count: 2,
        examples: [],
      },
    ],
    changes: [
      { what: 'refund_cap', was: 'input.amount_usd <= 50', now: 'input.amount_usd <= 500' },
      { what: 'fresh', now: 'pay: false, else deny' },
      { what: 'old_one', was: 'pay: true, else deny' },
    ],
    ...changes,
  })
}

function withDiff(diff: PolicyDiff): RunResult {
  return aRunResult({ policyDiff: diff })
}

const lines = (diff: PolicyDiff): string => policyLines(withDiff(diff), painter(false)).join('\n')

describe('the policy section', () => {
  it('says first what the old rules did and what happens now', () => {
    expect(lines(aDiff())).toMatchInlineSnapshot(`
      "  The policy changed: of 412 recorded actions, 3 that the old rules denied are
          now allowed; 1 that the old rules handed to a person is now allowed; 2 that
          the old rules allowed are now denied because the rules cannot decide.
          old rules: baseline b.json; actions of out/run-1
          refund_cap was input.amount_usd <= 50 and is input.amount_usd <= 500
          fresh is new: pay: false, else deny
          old_one is gone; it was pay: true, else deny
          refund_cap on payments.issue_refund: 3 from deny to allow, such as
            refund.full#1
          lead on replies to the user: 1 from escalate to allow
          opa on b: 2 from allow to error"
    `)
  })

  it('stands in both reports, and a report of a document says the same', () => {
    const input = { result: withDiff(aDiff()), context }
    expect(terminal.render(input)).toContain('The policy changed: of 412 recorded actions, 3 that')
    const text = markdown.render(input)
    expect(text).toContain('#### Policy\n\n**The policy changed: of 412 recorded actions, 3 that')
    expect(text).toContain(
      '- `refund_cap` was `input.amount_usd <= 50` and is `input.amount_usd <= 500`',
    )
  })

  it('counts what could not be decided again', () => {
    expect(lines(aDiff({ undecided: 1 })).replaceAll(/\s+/g, ' ')).toContain(
      '1 action was not decided again',
    )
  })

  it('says when nothing is decided otherwise, and when nobody knows', () => {
    expect(lines(aDiff({ moved: [] }))).toContain(
      'none of 412 recorded actions is decided otherwise.',
    )
    const unknown = lines(aDiff({ moved: [], decided: 0, unknown: 'git cannot be started' }))
    expect(unknown).toContain('what that means for recorded actions is not known')
    expect(unknown).toContain('why: git cannot be started')
    expect(unknown).not.toContain('old rules:')
  })

  it('is absent where the rules are the same', () => {
    expect(policyLines(aRunResult(), painter(false))).toEqual([])
    expect(policySection(aRunResult()).text).toBe('')
    expect(policySection(aComparison()).text).toBe('')
  })

  it('names so many groups and changes, and counts the rest', () => {
    const [group] = aDiff().moved
    const [change] = aDiff().changes ?? []
    if (group === undefined || change === undefined) throw new Error('no group')
    const moved = Array.from({ length: 9 }, (_, index) => ({ ...group, rules: [`r${index}`] }))
    const changes = Array.from({ length: 10 }, (_, index) => ({ ...change, what: `c${index}` }))
    const text = lines(aDiff({ moved, changes }))
    expect(text).toContain('27 that the old rules denied are')
    expect(text).toContain('and 3 more')
    expect(text).toContain('and 2 more')
  })

  it('is loud only where something is let through that was stopped', () => {
    const paint = painter(true)
    const tighter = aDiff({ moved: aDiff().moved.slice(2) })
    expect(policyLines(withDiff(aDiff()), paint)[0]).toContain('\u001b[31m')
    expect(policyLines(withDiff(tighter), paint)[0]).toContain('\u001b[33m')
    expect(policySection(withDiff(tighter)).text).not.toContain('**')
  })

  it('shows ids and texts of a policy as words', () => {
    const evil = '\u001b[2J<img src=x> @everyone [x](http://e.vil) `*\n### pass'
    const [group] = aDiff().moved
    if (group === undefined) throw new Error('no group')
    const diff = aDiff({
      old: evil,
      actions: evil,
      moved: [{ ...group, rules: [evil], tool: evil, examples: [evil] }],
      changes: [{ what: evil, was: evil, now: evil }],
    })
    expect(lines(diff)).not.toContain('\u001b')
    const { text } = policySection(withDiff(diff))
    expect(text.split('\n').filter((line) => line.startsWith('#'))).toEqual(['#### Policy'])
    // Foreign words stand in code only.
    expect(text.replaceAll(/(`+).*?\1/g, '')).not.toMatch(/<img|@everyone|e\.vil/)
  })
})
