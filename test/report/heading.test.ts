import { describe, expect, test } from 'vitest'
import { heading, verdictLine } from '../../src/report/heading.ts'
import { sayInMarkdown, sayInTerminal } from '../../src/report/say.ts'
import { subjectOf } from '../../src/report/subject.ts'
import type { Comparison, RunResult } from '../../src/schema/run-result.ts'
import type { Verdict } from '../../src/schema/verdict.ts'
import { aComparison, aRunResult } from '../builders/result.ts'
import { aFact, aMetric, aVerdict } from '../builders/verdict.ts'
import * as examples from './examples.ts'

function headingOf(result: RunResult | Comparison): string {
  return heading(subjectOf(result), sayInTerminal)
}

function headingOfVerdict(changes: Partial<Verdict>): string {
  return headingOf(aComparison({ verdict: aVerdict(changes) }))
}

test('says the verdict first and then what a reader would tell a colleague', () => {
  const all = Object.entries(examples.all).map(([name, { result }]) => [name, headingOf(result)])
  expect(Object.fromEntries(all)).toMatchInlineSnapshot(`
    {
      "error": "error: 31 of 120 trials have no result: 29 rate_limit, 2 timeout",
      "firstRun": "first run: nothing to compare with",
      "imported": "no verdict asked for: tasks done 96.7 % (116/120 trials)",
      "inconclusive": "inconclusive: a drop of up to 7.2 points is still possible; about 10 trials per case would settle it",
      "pass": "pass: no regression in 24 cases",
      "regressionByAttack": "regression: attacks succeeded in 1 of 2 cases",
      "regressionByCost": "regression: 31 % dearer per task",
      "regressionByFact": "regression: payments.issue_refund ran without approval; tasks done fell from 95.8 % to 85.0 %",
      "smallRealDrop": "pass, with a small real drop: tasks done fell from 95.8 % to 94.0 %",
      "unproven": "pass, but safety unproven: up to 4.3 points more successful attacks could hide in 60 trials",
    }
  `)
})

test('ends with one short line', () => {
  const all = Object.values(examples.all).map(({ result }) => verdictLine(result.verdict))
  expect(all).toMatchInlineSnapshot(`
    [
      "pass",
      "pass",
      "regression (exit 1)",
      "regression (exit 1)",
      "regression (exit 1)",
      "inconclusive (exit 0)",
      "pass (safety unproven)",
      "error (exit 4)",
      "pass (first run)",
      "no verdict",
    ]
  `)
})

test('an inconclusive release says that it blocks', () => {
  const blocked = aVerdict({ status: 'inconclusive', exitCode: 3, preset: 'release' })
  expect(verdictLine(blocked)).toBe('inconclusive (exit 3)')
})

describe('a regression', () => {
  const facts = [aFact(), aFact({ message: 'a second' }), aFact({ message: 'a third' })]

  test('names two reasons and counts the rest, facts before metrics', () => {
    const metrics = [
      aMetric({ status: 'regression', candidate: 0.85 }),
      aMetric({ id: 'costPerTask', status: 'regression', change: 1.4 }),
    ]
    const [first] = facts
    expect(headingOfVerdict({ status: 'regression', exitCode: 1, facts: [first!], metrics })).toBe(
      'regression: payments.issue_refund ran without verification; tasks done fell from 95.8 % to 85.0 %; and 1 more',
    )
  })

  test('counts rules where several were broken, after what attacks got', () => {
    const rules = ['a', 'b'].map((rule) => aFact({ rule, cases: ['refund.full', `case.${rule}`] }))
    const limit = aFact({
      kind: 'limit',
      message: 'a task is too dear',
      cases: [],
      rule: undefined,
    })
    const metrics = [aMetric({ id: 'asr', status: 'regression', candidate: 0.579 })]
    const broken = { status: 'regression', exitCode: 1, metrics } as const
    expect(headingOfVerdict({ ...broken, facts: [...rules, limit] })).toBe(
      'regression: attacks succeeded in 57.9 % of trials, was 5.0 %; 2 rules were broken by executed calls in 3 cases: a, b; and 1 more',
    )
  })

  test('leaves out facts that are waived', () => {
    const waived = facts.map((one) => ({ ...one, waivedBy: 'ana until 2026-12-31: known' }))
    const metrics = [aMetric({ id: 'utilityUnderAttack', status: 'regression', candidate: 0.7 })]
    expect(headingOfVerdict({ status: 'regression', exitCode: 1, facts: waived, metrics })).toBe(
      'regression: tasks done under attack fell from 90.0 % to 70.0 %',
    )
  })

  test('puts safety before success before cost', () => {
    const metrics = (['costPerTask', 'tsr', 'violationRate', 'asr'] as const).map((id) =>
      aMetric({ id, status: 'regression', change: id === 'costPerTask' ? 1.4 : 0.1 }),
    )
    expect(headingOfVerdict({ status: 'regression', exitCode: 1, metrics })).toBe(
      'regression: attacks succeeded in 5.0 % of trials, was 5.0 %; rules broken in 0.0 % of trials, was 0.0 %; and 2 more',
    )
  })
})

describe('inconclusive', () => {
  const open = { status: 'inconclusive', change: -0.02, ciLower: -0.072 } as const

  test('asks for trials of both arms where the baseline itself is too small', () => {
    const metrics = [aMetric({ ...open, trialsNeeded: { bothArms: 8 } })]
    expect(headingOfVerdict({ status: 'inconclusive', metrics })).toBe(
      'inconclusive: a drop of up to 7.2 points is still possible; about 8 trials per case in both arms would settle it',
    )
  })

  test('asks for what the hungriest metric needs', () => {
    const metrics = [
      aMetric({ ...open, trialsNeeded: { bothArms: 8, candidateOnly: 10 } }),
      aMetric({
        id: 'asr',
        status: 'inconclusive',
        ciUpper: 0.03,
        trialsNeeded: { bothArms: 20, candidateOnly: 25 },
      }),
    ]
    expect(headingOfVerdict({ status: 'inconclusive', metrics })).toBe(
      'inconclusive: up to 3.0 points more successful attacks is still possible; a drop of up to 7.2 points is still possible; about 25 trials per case would settle it',
    )
  })

  test('does not suggest fewer trials than were run', () => {
    const metrics = [aMetric({ ...open, trialsNeeded: { bothArms: 3, candidateOnly: 4 } })]
    expect(headingOfVerdict({ status: 'inconclusive', metrics })).toBe(
      'inconclusive: a drop of up to 7.2 points is still possible',
    )
  })

  test('quotes the note of a metric without an interval', () => {
    const metric = aMetric({
      ciLower: undefined,
      ciUpper: undefined,
      id: 'costPerTask',
      status: 'inconclusive',
      note: '3 cases are too few for an interval; it takes 5',
    })
    expect(headingOfVerdict({ status: 'inconclusive', metrics: [metric] })).toBe(
      'inconclusive: cost per task: 3 cases are too few for an interval; it takes 5',
    )
  })

  test('says so where only the proof of safety is missing', () => {
    const metrics = [aMetric({ id: 'asr', status: 'unproven', ciUpper: 0.043 })]
    expect(headingOfVerdict({ status: 'inconclusive', exitCode: 3, metrics })).toBe(
      'inconclusive: safety unproven: up to 4.3 points more successful attacks could hide in 120 trials',
    )
  })
})

describe('a tier that is required and not earned', () => {
  const checks = [{ id: 'tsr', status: 'unproven', limit: 0.95, n: 20, trialsNeeded: 59 }] as const
  const tiers = [{ tier: 2 as const, cases: 10, trials: 50, checks: [...checks] }]

  test('is named, with what is earned and what it takes', () => {
    const autonomy = { earned: 1 as const, required: 2 as const, tiers }
    expect(headingOfVerdict({ status: 'inconclusive', exitCode: 3, autonomy })).toBe(
      'inconclusive: tier 2 is required, earned: up to tier 1; about 15 trials per case would settle it',
    )
  })

  test('stands beside what is undecided', () => {
    const autonomy = { required: 2 as const, tiers }
    const metrics = [aMetric({ status: 'inconclusive', ciLower: -0.072 })]
    expect(headingOfVerdict({ status: 'inconclusive', metrics, autonomy })).toBe(
      'inconclusive: a drop of up to 7.2 points is still possible; tier 2 is required, earned: none yet',
    )
  })
})

test.each([
  ['time', 'time was up'],
  ['budget', 'the budget was spent'],
] as const)('says how many cases %s left untried', (stopped, why) => {
  const sampling = { rounds: 0, maxRounds: 5, alpha: 0.05, stopped, notReached: 3 }
  const verdict = { status: 'inconclusive', exitCode: 3, sampling } as const
  expect(headingOfVerdict(verdict)).toBe(`inconclusive: ${why} with 3 cases untried`)
})

test('too few trials that were alike are counted, and nothing else is said of them', () => {
  const few = { status: 'unproven', unit: 'deterministic', ciUpper: undefined } as const
  const metrics = [
    aMetric({
      ...few,
      id: 'violationRate',
      note: 'too few trials (84 of 303 in both arms)',
      trialsNeeded: { bothArms: 76 },
    }),
    aMetric({
      ...few,
      id: 'asr',
      note: 'too few trials (21 of 150 in the baseline)',
      trialsNeeded: { bothArms: 150 },
    }),
  ]
  expect(headingOfVerdict({ metrics })).toBe(
    'pass, but too few trials (21 of 150 in the baseline) to rule out attacks; ' +
      'too few trials (84 of 303 in both arms) to rule out broken rules',
  )
})

test('an unproven metric whose sample is large enough says what else is wrong', () => {
  const note = 'only 12 of 60 attacks arrived'
  const metrics = [aMetric({ id: 'asr', status: 'unproven', ciUpper: 0.01, note })]
  expect(headingOfVerdict({ metrics })).toBe(
    'pass, but safety unproven: attacks succeeded: only 12 of 60 attacks arrived',
  )
})

test('a run of which nothing was scored has no rate to show', () => {
  const metrics = { ...aRunResult().metrics, tsr: { n: 0, events: 0, lost: 5 } }
  expect(headingOf(aRunResult({ metrics, verdict: undefined }))).toBe(
    'no verdict: nobody asked for one',
  )
})

test('foreign text is made safe for where it stands', () => {
  const facts = [aFact({ message: 'rule "*x* @ana" broken\u001b[2J' })]
  const result = aComparison({ verdict: aVerdict({ status: 'regression', exitCode: 1, facts }) })
  expect(headingOf(result)).toBe('regression: rule "*x* @ana" broken')
  expect(heading(subjectOf(result), sayInMarkdown)).toBe(
    'regression: rule "\\*x\\* @\u200bana" broken',
  )
})
