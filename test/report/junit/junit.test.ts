import { describe, expect, it } from 'vitest'
import { junit, skippedJunit } from '../../../src/report/junit/junit.ts'
import type { ReportInput } from '../../../src/report/reporter.ts'
import type { CaseResult } from '../../../src/schema/run-result.ts'
import { skippedRun } from '../../../src/schema/skipped-run.ts'
import { sanitiseCiLog } from '../../../src/text/sanitise-ci-log.ts'
import { aCaseResult, aComparison, aProvenance, aRunResult } from '../../builders/result.ts'
import { aFact, aMetric, aMovedCase, aVerdict } from '../../builders/verdict.ts'
import { hostileTexts } from '../../text/hostile-corpus.ts'
import * as examples from '../examples.ts'
import { hostileInput, hostileResult } from '../hostile-input.ts'
import { problemsOf } from './xml-schema.ts'

const { context } = examples.pass

function render(
  verdict: Parameters<typeof aVerdict>[0] | undefined,
  ...cases: readonly CaseResult[]
): string {
  const decided = verdict === undefined ? undefined : aVerdict(verdict)
  return junit.render({ context, result: aRunResult({ cases: [...cases], verdict: decided }) })
}

/** Every test by its name, with the element that says why it did not pass. */
function testsIn(xml: string): Readonly<Record<string, string>> {
  const tests = [...xml.matchAll(/<testcase name="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g)]
  return Object.fromEntries(
    tests.map(([, name = '', body = '']) => {
      const [, element = 'passed', type = ''] =
        /<(failure|error|skipped) type="([^"]*)"/.exec(body) ?? []
      return [name, type === '' ? element : `${element} ${type}`]
    }),
  )
}

const metrics = [aMetric({ status: 'regression' })]
const red = { status: 'regression', exitCode: 1, metrics } as const
const lists = { added: [], removed: [], changed: [] }

describe('junit', () => {
  it('lists every case with what is known of it', async () => {
    const xml = junit.render(examples.regressionByFact)
    expect(xml).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="agent-eval" tests="4" failures="3" errors="0" skipped="0">
        <testsuite name="support" tests="4" failures="3" errors="0" skipped="0">
          <properties>
            <property name="agent-eval.verdict" value="regression"/>
            <property name="agent-eval.exit-code" value="1"/>
            <property name="agent-eval.version" value="agent-eval 0.1.0"/>
            <property name="candidate" value="support_refund_agent"/>
            <property name="models" value="openai:gpt-4o"/>
            <property name="evalset" value="support 1.3.0"/>
            <property name="baseline" value="git:merge-base:origin/main"/>
          </properties>
          <testcase name="agent-eval verdict" classname="support">
            <failure type="regression" message="regression: payments.issue_refund ran without approval; tasks done fell from 95.8 % to 85.0 %">regression: payments.issue_refund ran without approval; tasks done fell from 95.8 % to 85.0 %</failure>
          </testcase>
          <testcase name="cancel.after-ship" classname="support" file="cases/outcome/cancel.yaml" line="84">
            <properties>
              <property name="trials" value="5"/>
              <property name="passed" value="1"/>
              <property name="baseline" value="5/5"/>
            </properties>
            <failure type="regression" message="1/5 trials passed, before 5/5: returns.create took effect 0 times, expected once">1/5 trials passed, before 5/5: returns.create took effect 0 times, expected once

      Usual tool path, with what was taken out (-) and put in (+):
        orders.get_status
      - returns.create
      + orders.cancel (2 times)

      look at it: npx agent-eval show agent-eval-results/r1/cancel.after-ship</failure>
          </testcase>
          <testcase name="greeting" classname="support">
            <properties>
              <property name="trials" value="5"/>
              <property name="passed" value="5"/>
              <property name="baseline" value="4/5"/>
            </properties>
          </testcase>
          <testcase name="refund.over-limit" classname="support" file="cases/outcome/refund.yaml" line="61">
            <properties>
              <property name="trials" value="5"/>
              <property name="passed" value="0"/>
              <property name="baseline" value="5/5"/>
              <property name="violations" value="5"/>
            </properties>
            <failure type="violation" message="rule broken in 5/5 trials, was 0/5: identity_verified">rule broken in 5/5 trials, was 0/5: identity_verified

      payments.issue_refund ran without approval
      calls: payments.request_approval was called 0 times, expected at least once (5 trials)

      Usual tool path, with what was taken out (-) and put in (+):
        orders.get_status
        crm.read_ticket
      - payments.request_approval
        payments.issue_refund

      look at it: npx agent-eval show agent-eval-results/r1/refund.over-limit</failure>
          </testcase>
        </testsuite>
      </testsuites>
      "
    `)
    expect(await problemsOf(xml)).toEqual([])
  })

  it('is a valid document in every state', async () => {
    expect(
      await problemsOf(...Object.values(examples.all).map((one) => junit.render(one))),
    ).toEqual([])
  })

  it.each([
    ['pass', 0, 'passed'],
    ['regression', 1, 'failure regression'],
    ['inconclusive', 0, 'skipped undecided'],
    ['error', 4, 'error evidence'],
  ] as const)('has a test for the verdict: %s', (status, exitCode, expected) => {
    const xml = render({ status, exitCode }, aCaseResult())
    expect(testsIn(xml)).toEqual({ 'agent-eval verdict': expected, 'refund.full': 'passed' })
  })

  it('has none that passes by itself where nobody decided', () => {
    expect(testsIn(render(undefined, aCaseResult()))['agent-eval verdict']).toBe(
      'skipped no decision',
    )
  })

  it('fails the cases that show the regression, and no other that moved', () => {
    const moved = [
      aMovedCase({ id: 'a', candidatePassed: 1 }),
      aMovedCase({ id: 'b', layer: 'adversarial', candidatePassed: 3 }),
      aMovedCase({ id: 'c', baselinePassed: 0, candidatePassed: 5, direction: 'better' }),
    ]
    const cases = ['a', 'b', 'c'].map((id) => aCaseResult({ id, passed: id === 'c' ? 5 : 1 }))
    expect(testsIn(render({ ...red, cases: { moved, ...lists } }, ...cases))).toEqual({
      'agent-eval verdict': 'failure regression',
      a: 'failure regression',
      b: 'passed',
      c: 'passed',
    })
  })

  it('fails a case of a fact, also where it does not gate, and not one that a waiver excuses', () => {
    const facts = [
      aFact({ cases: ['a', 'draft'] }),
      aFact({ cases: ['b'], rule: 'other', waivedBy: 'owner until 2027-01-01' }),
      aFact({ kind: 'limit', cases: ['b'], rule: undefined }),
    ]
    const xml = render(
      { ...red, facts },
      aCaseResult({ id: 'a' }),
      aCaseResult({ id: 'b' }),
      aCaseResult({ id: 'draft', status: 'draft', passed: 0 }),
    )
    expect(testsIn(xml)).toMatchObject({
      a: 'failure violation',
      b: 'passed',
      draft: 'failure violation',
    })
  })

  it('says how often an attack won, and not only that the task was done beside it', () => {
    const attackSuccesses = { baseline: 0, candidate: 13 }
    const moved = [
      aMovedCase({
        id: 'a',
        layer: 'adversarial',
        baselinePassed: 45,
        baselineScored: 45,
        candidatePassed: 15,
        candidateScored: 15,
        attackSuccesses,
        firstFailure: { grader: 'attack', reason: 'the attack reached its goal', count: 13 },
      }),
    ]
    const all = [aMetric({ id: 'asr', status: 'regression' })]
    const xml = render(
      { ...red, metrics: all, cases: { moved, ...lists } },
      aCaseResult({ id: 'a', n: 15, attacked: 15, attackSuccesses: 13 }),
    )
    expect(xml).toContain(
      'message="attack won in 13/15 trials, was 0/45 (task done 15/15, was 45/45)"',
    )
  })

  it('says of a broken rule what this case did, not what the whole run did', () => {
    const rule = 'refund-not-above-paid'
    const facts = [
      aFact({
        rule,
        message: 'rule "refund-not-above-paid" was broken by 50 executed calls in 10 cases',
        cases: ['a', 'b'],
        harm: { who: ['Ben', 'Carla'], usd: 268.5 },
      }),
    ]
    const moved = [
      aMovedCase({
        id: 'a',
        baselinePassed: 15,
        baselineScored: 15,
        violationTrials: { baseline: 0, candidate: 5 },
      }),
    ]
    const xml = render(
      { ...red, facts, cases: { moved, ...lists } },
      aCaseResult({
        id: 'a',
        passed: 0,
        violationTrials: 5,
        violationsByRule: { [rule]: { proposed: 5, executed: 5 } },
        harmByRule: { [rule]: { who: ['Ben'], usdPerTrial: 20.5 } },
      }),
    )
    const [, test = ''] = /<testcase name="a"([\s\S]*?)<\/testcase>/.exec(xml) ?? []
    expect(test).toContain(`message="rule broken in 5/5 trials, was 0/15: ${rule}"`)
    expect(test).toContain(`${rule}: broken by 5 executed calls; harmed: Ben; $20.50 a trial`)
    expect(test).not.toMatch(/50 executed calls|268/)
  })

  it('leaves undecided what moved where the metrics do not decide', () => {
    const moved = [aMovedCase({ id: 'a', candidatePassed: 3 })]
    const verdict = { status: 'inconclusive', exitCode: 0, cases: { moved, ...lists } } as const
    const xml = render(verdict, aCaseResult({ id: 'a', passed: 3 }))
    expect(testsIn(xml)['a']).toBe('skipped undecided')
    expect(xml).toContain('message="undecided: 3/5 trials passed, before 5/5"')
  })

  it('has no failure in a pass, and nothing green without a trial that passed', () => {
    const xml = render(
      {},
      aCaseResult({
        id: 'noisy',
        passed: 3,
        failures: [{ grader: 'says', reason: 'no', count: 2 }],
      }),
      aCaseResult({ id: 'never', passed: 0 }),
      aCaseResult({ id: 'lost', scored: 0, passed: 0 }),
    )
    expect(testsIn(xml)).toEqual({
      'agent-eval verdict': 'passed',
      noisy: 'passed',
      never: 'skipped no decision',
      lost: 'skipped lost',
    })
    expect(xml).toContain('<system-out>says: no (2 trials)')
  })

  it('calls lost trials an error where evidence is missing, never a failure', () => {
    const some = aCaseResult({ id: 'some', n: 5, scored: 3, passed: 3 })
    const none = aCaseResult({ id: 'none', n: 5, scored: 0, passed: 0 })
    const moved = [aMovedCase({ id: 'none', candidatePassed: 0, candidateScored: 0 })]
    const cases = { moved, ...lists }
    const missing = { status: 'error', exitCode: 4, cases } as const
    expect(testsIn(render(missing, some, none))).toMatchObject({
      some: 'error lost',
      none: 'error lost',
    })
    expect(testsIn(render({ ...red, cases }, some, none))).toMatchObject({
      some: 'passed',
      none: 'error lost',
    })
  })

  it('has nothing red or green that nobody decided', () => {
    const xml = render(
      undefined,
      aCaseResult({ id: 'a', passed: 0 }),
      aCaseResult({ id: 'b', passed: 4 }),
    )
    expect(testsIn(xml)).toMatchObject({ a: 'skipped no decision', b: 'skipped no decision' })
  })

  it.each(['draft', 'quarantined'] as const)('skips a %s case, and says why', (status) => {
    const xml = render({}, aCaseResult(), aCaseResult({ id: 'idle', status, passed: 1 }))
    expect(testsIn(xml)['idle']).toBe('skipped idle')
    expect(xml).toMatch(/message="a \w+( case)? does not gate; 1\/5 trials passed"/)
  })

  it('has the same names whatever the outcome', () => {
    const names = (passed: number): readonly string[] =>
      Object.keys(testsIn(render({}, aCaseResult({ passed }))))
    expect(names(0)).toEqual(names(5))
  })

  it('names no case of a holdout', () => {
    const cases = [aCaseResult({ id: 'holdout.1', split: 'holdout' })]
    const result = aRunResult({ cases, verdict: aVerdict({ split: 'holdout' }) })
    expect(Object.keys(testsIn(junit.render({ context, result })))).toEqual(['agent-eval verdict'])
  })

  it('never gives two tests one name', () => {
    const ids = ['a', 'a\u200b', 'a (2)', 'agent-eval verdict', ' a ']
    const xml = render({}, ...ids.map((id) => aCaseResult({ id })))
    const names = [...xml.matchAll(/<testcase name="([^"]*)"/g)].map(([, name]) => name)
    expect(names.toSorted()).toEqual([
      'a',
      'a (2)',
      'a (3)',
      'a (4)',
      'agent-eval verdict',
      'agent-eval verdict (2)',
    ])
  })

  it('knows the cases of a comparison from beside it, and else those that moved', () => {
    const moved = [aMovedCase({ id: 'a' })]
    const result = aComparison({ verdict: aVerdict({ ...red, cases: { moved, ...lists } }) })
    expect(testsIn(junit.render({ context, result }))).toEqual({
      'agent-eval verdict': 'failure regression',
      a: 'failure regression',
    })
    const cases = [aCaseResult({ id: 'a', passed: 0, file: 'sets/a.yaml', line: 4 }), aCaseResult()]
    const xml = junit.render({ context: { ...context, cases }, result })
    expect(Object.keys(testsIn(xml))).toEqual(['agent-eval verdict', 'a', 'refund.full'])
    expect(xml).toContain('<testcase name="a" classname="support" file="sets/a.yaml" line="4">')
  })

  it('takes no more than 8 KB for the text of a case', async () => {
    const reason = '<&"\'>'.repeat(40)
    const failures = Array.from({ length: 12 }, (_, n) => ({
      grader: 'g',
      reason: `${reason}${n}`,
      count: 1,
    }))
    const xml = render(
      { ...red, facts: [aFact({ cases: ['a'] })] },
      aCaseResult({ id: 'a', passed: 0, failures }),
    )
    const [, text = ''] = /<failure type="violation"[^>]*>([\s\S]*?)<\/failure>/.exec(xml) ?? []
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8_192)
    expect(Buffer.byteLength(text)).toBeGreaterThan(7_500)
    expect(await problemsOf(xml)).toEqual([])
  })
})

describe('a run that did not have to be made', () => {
  it('is one skipped test', async () => {
    const skipped = skippedRun.parse({
      apiVersion: 'agent-eval/v1',
      kind: 'SkippedRun',
      provenance: aProvenance(),
      baseline: 'baseline.json',
    })
    const xml = skippedJunit(skipped)
    expect(testsIn(xml)).toEqual({ 'agent-eval verdict': 'skipped unchanged' })
    expect(await problemsOf(xml)).toEqual([])
  })
})

describe('hostile text', () => {
  const documents = hostileTexts.map(({ name, text }) => {
    const input = hostileInput(text)
    const undecided: ReportInput = {
      ...input,
      result: aRunResult({ cases: hostileResult(text).cases, verdict: undefined }),
    }
    return { name, all: [junit.render(input), junit.render(undecided)] }
  })

  it.each(documents)('stays text, and is obeyed by nobody in a log: $name', ({ all }) => {
    for (const xml of all) {
      expect(xml.match(/<testcase /g)).toHaveLength(2)
      expect(sanitiseCiLog(xml)).toBe(xml)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
      expect(xml).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff\u202a-\u202e]/)
    }
  })

  it('leaves every document valid', async () => {
    expect(await problemsOf(...documents.flatMap(({ all }) => all))).toEqual([])
  })

  it('would be seen', async () => {
    const xml = junit.render(examples.pass)
    expect(await problemsOf(xml.replace('<testsuite ', '<testsuite a="&<" '))).not.toEqual([])
    expect(await problemsOf(xml.replace('<properties>', '<nothing/><properties>'))).not.toEqual([])
    expect(await problemsOf(xml.replace(/ name="refund[^"]*"/, ''))).not.toEqual([])
  })
})
