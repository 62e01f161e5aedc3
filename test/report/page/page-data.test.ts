import { describe, expect, it, test } from 'vitest'
import { driftOf } from '../../../src/gate/drift.ts'
import type { PageData } from '../../../src/schema/page-data.ts'
import { aCaseStats } from '../../builders/case-stats.ts'
import { someControls } from '../../builders/controls.ts'
import { nightsOf } from '../../builders/history.ts'
import {
  aCaseResult,
  aComparison,
  aProvenance,
  aRate,
  aRunResult,
  someMetrics,
} from '../../builders/result.ts'
import { aTrialLine } from '../../builders/trial-line.ts'
import { aFact, aMetric, aMovedCase, aVerdict } from '../../builders/verdict.ts'
import * as examples from '../examples.ts'
import { keys, parsedPage, someMaterial, withTrials } from './page-examples.ts'

const { context } = examples.pass

function valuesOf(facts: PageData['notes'], label: string): readonly string[] {
  return facts.filter((fact) => fact.label === label).map(({ value }) => value)
}

describe('in every state', () => {
  test.each(Object.entries(examples.all))(
    '%s is what the schema says, and has no hole in it',
    (_, input) => {
      const data = parsedPage(input)
      const { verdict } = input.result
      const word = verdict?.firstRun === true ? 'first run' : (verdict?.status ?? 'no verdict')
      expect(data.title).toMatch(new RegExp(`^${word}: `))
      expect(JSON.stringify(data)).not.toMatch(/NaN|undefined|Infinity|\[object/)
      expect(parsedPage(structuredClone(input))).toEqual(data)
    },
  )
})

describe('the answers', () => {
  it('say what it did with counts, and what it did before', () => {
    const { did } = parsedPage(examples.pass).answers
    expect(valuesOf(did, 'tasks done')).toEqual(['96.7 % (116/120 trials), was 95.8 %'])
    expect(valuesOf(did, 'rules broken')).toEqual(['0.0 % (0/120 trials), was 0.0 %'])
  })

  it('tell the compared part from the whole where they differ', () => {
    const [tsr] = parsedPage(examples.regressionByFact).answers.did
    expect(tsr?.value).toBe('96.7 % (116/120 trials); where compared 85.0 %, was 95.8 %')
    expect(tsr?.tone).toBe('bad')
  })

  it('say who decided beside the agent, and how far one trial reached', () => {
    const controls = someControls({
      escalations: 3,
      approvals: { given: 2, refused: 1, timeouts: 0, medianMs: 60_000 },
      blastRadius: {
        usd: { most: 45, trial: 'refund.full#1' },
        records: { most: 3, trial: 'refund.full#2' },
        tenants: { most: 0 },
      },
    })
    const { did } = parsedPage({ result: aRunResult({ controls }), context }).answers
    expect(valuesOf(did, '3 actions handed to people')).toEqual([
      '3 answers, 2 yes, 1 no (answers took 1m 00s in the median)',
    ])
    expect(valuesOf(did, 'most that one trial reached')).toEqual([
      '$45.00 moved (refund.full#1), 3 records changed (refund.full#2)',
    ])
  })

  it('say what it cost: a task, a solved one, a month, this run, and what nobody knows', () => {
    const metrics = someMetrics({
      perMonth: { tasks: 10_000, costUsd: 220 },
      unpricedModels: ['acme:new'],
      latencyMs: { n: 120, p50: 4200, p95: 14_200 },
    })
    const { cost } = parsedPage({ result: aRunResult({ metrics }), context }).answers
    expect(cost.map(({ label, value }) => `${label}: ${value}`)).toEqual([
      'cost per task: $0.022',
      'cost per solved task: $0.0228',
      'this run: spent $2.64',
      'cost as billed: $0.022 a task, $0.0228 a solved one, $220.00 a month at 10,000 tasks',
      'unknown price: acme:new; set money.prices in agent-eval.yaml to count what it costs',
      'time per task: 4.2 s in the median; p95 14.2 s',
      'tokens per task: 1,204',
      'calls per task: 4.2 of tools; 5.1 of models',
    ])
    expect(cost.find(({ label }) => label === 'unknown price')?.tone).toBe('warn')
  })

  it('never give an unknown cost a number', () => {
    const metrics = someMetrics({
      costPerTaskUsd: { n: 0, unknown: 120 },
      costPerSolvedTaskUsd: undefined,
      spentUsd: {},
    })
    const { cost } = parsedPage({ result: aRunResult({ metrics }), context }).answers
    expect(cost[0]).toEqual({ label: 'cost per task', value: 'not known', tone: 'warn' })
    expect(cost.map(({ label }) => label)).not.toContain('this run')
  })

  it('begin with whether to do it again, and say nothing of a decided verdict that reads as open', () => {
    const { again } = parsedPage(examples.regressionByFact).answers
    expect(again.map(({ label, value }) => `${label}: ${value}`)).toEqual([
      'answer: No: do not merge. What broke: payments.issue_refund ran without approval; ' +
        'tasks done fell from 95.8 % to 85.0 %',
      'verdict: regression (exit 1)',
    ])
  })

  it.each([
    ['pass', 'Yes: no worse than the baseline', 'good'],
    ['smallRealDrop', 'Yes: worse than the baseline by no more than is allowed', 'warn'],
    ['unproven', 'Yes, but there are too few trials to prove it safe', 'warn'],
    ['inconclusive', 'Not known: too few trials', 'warn'],
    ['error', 'Not known: evidence is missing', 'bad'],
    ['firstRun', 'Not known: nothing to compare with', 'faint'],
    ['imported', 'Not known: nobody decided', 'faint'],
  ] as const)('answer %s with "%s"', (state, value, tone) => {
    const [first] = parsedPage(examples.all[state]).answers.again
    expect(first).toEqual({ label: 'answer', value, tone })
  })

  it('do not ask for more trials where a tier is required that no number of them earns', () => {
    const autonomy = { required: 2 as const, tiers: [] }
    const verdict = aVerdict({ status: 'inconclusive', autonomy })
    const [first] = parsedPage({ result: aRunResult({ verdict }), context }).answers.again
    expect(first?.value).toBe('Not known: tier 2 is not earned')
  })

  it('say what would have shown only where that is open, and never a change of nothing', () => {
    const metrics = [
      aMetric({ status: 'inconclusive', mde: 0.09 }),
      aMetric({ id: 'costPerTask', mde: 1 }),
    ]
    const found = (status: 'pass' | 'inconclusive'): readonly string[] => {
      const all = status === 'pass' ? [aMetric({ mde: 0.09 })] : metrics
      const verdict = aVerdict({ status, metrics: all })
      const { again } = parsedPage({ result: aRunResult({ verdict }), context }).answers
      return valuesOf(again, 'would have found')
    }
    expect(found('inconclusive')).toEqual(['tasks done: a drop of 9.0 points'])
    expect(found('pass')).toEqual([])
  })

  it('say which cases the shares of a tier are counted over', () => {
    const check = { id: 'tsr', status: 'missed', value: 0.647, limit: 0.9, n: 60 } as const
    const tiers = [{ tier: 0 as const, cases: 12, trials: 1800, checks: [check] }]
    const verdict = aVerdict({ autonomy: { tiers } })
    const { again } = parsedPage({ result: aRunResult({ verdict }), context }).answers
    expect(valuesOf(again, 'autonomy earned')).toEqual([
      'no tier yet; for tier 0: tasks done 64.7 %, it takes at least 90.0 % ' +
        '(counted over the 12 cases of tier 0 alone, 1,800 trials)',
    ])
  })

  it('have what is bad on top, and what it cost others', () => {
    const harm = { who: ['Ben (C-22)', 'Carla (C-31)'], usd: 268.5 }
    const verdict = aVerdict({
      status: 'regression',
      exitCode: 1,
      metrics: [
        aMetric(),
        aMetric({ id: 'violationRate', status: 'regression', candidate: 0.84, change: 0.84 }),
      ],
      facts: [
        aFact({ harm }),
        aFact({ harm, rule: 'old', waivedBy: 'W-7' }),
        aFact({ rule: 'free', harm: { who: ['Dan'] } }),
      ],
    })
    const metrics = someMetrics({ violationRate: aRate(1400, 1660) })
    const { cost, did } = parsedPage({ result: aRunResult({ metrics, verdict }), context }).answers
    expect(did[0]).toEqual({
      label: 'rules broken',
      value: '84.3 % (1,400/1,660 trials); where compared 84.0 %, was 0.0 %',
      tone: 'bad',
    })
    expect(cost[0]).toEqual({
      label: 'harm to others',
      value: '$268.50, 2 harmed by identity_verified broken',
      tone: 'bad',
    })
    expect(valuesOf(cost, 'harm to others')).toEqual([
      '$268.50, 2 harmed by identity_verified broken',
      '$268.50, 2 harmed by old broken, waived',
    ])
    expect(JSON.stringify(cost)).not.toContain('Ben')
  })

  it('say once that a cost is not known, with the reason', () => {
    const metrics = someMetrics({
      costPerTaskUsd: { n: 0, unknown: 120 },
      costPerSolvedTaskUsd: undefined,
      modelCallsPerTask: { mean: 0, n: 120, unknown: 0 },
      spentUsd: {},
    })
    const provenance = aProvenance({ agentBehind: 'program' })
    const { cost } = parsedPage({ result: aRunResult({ metrics, provenance }), context }).answers
    expect(cost.filter(({ value }) => /known|no model call/.test(value))).toEqual([
      {
        label: 'cost per task',
        value: 'not known: no model call of the agent was seen',
        tone: 'warn',
      },
    ])
    expect(cost.map(({ label }) => label)).not.toContain('unknown cost')
  })
})

describe('a first run', () => {
  it('is no approval: neither green nor called a pass', () => {
    const { answers, status, title } = parsedPage(examples.firstRun)
    expect([title, status]).toEqual(['first run: support 1.3.0', 'first-run'])
    expect(answers.again.map(({ tone }) => tone)).not.toContain('good')
  })

  it('that broke a rule is a regression all the same', () => {
    const verdict = aVerdict({
      status: 'regression',
      exitCode: 1,
      firstRun: true,
      facts: [aFact()],
    })
    const { answers, status } = parsedPage({ result: aRunResult({ verdict }), context })
    expect(status).toBe('regression')
    expect(answers.again[0]?.value).toMatch(/^No: do not merge\. What broke: /)
  })
})

describe('the notes', () => {
  it('stand worst first', () => {
    const verdict = aVerdict({
      status: 'regression',
      exitCode: 1,
      facts: [aFact(), aFact({ waivedBy: 'W-7' })],
      warnings: ['2 trials were lost'],
      inputsChanged: ['prompt'],
    })
    const notes = parsedPage({ result: aRunResult({ verdict }), context }).notes
    expect(notes.slice(0, 4).map(({ label, tone }) => [label, tone])).toEqual([
      ['fact', 'bad'],
      ['waived', 'warn'],
      ['note', 'warn'],
      ['warning', 'warn'],
    ])
    expect(valuesOf(notes, 'waived')[0]).toContain('waived by W-7')
    expect(valuesOf(notes, 'inputs that changed')).toEqual(['prompt'])
  })

  it('say what was looked for and is not shown', () => {
    const page = { missing: ['baseline (b.json): there is no such file'] }
    const { notes } = parsedPage({ ...examples.pass, page })
    expect(valuesOf(notes, 'not shown')).toEqual(['baseline (b.json): there is no such file'])
  })

  it('say what a changed policy means, at length for auditors', () => {
    const policyDiff = {
      old: 'the baseline',
      actions: 'the baseline run',
      decided: 40,
      undecided: 2,
      moved: [
        {
          was: 'deny' as const,
          now: 'allow' as const,
          rules: ['refund_cap'],
          kind: 'call' as const,
          tool: 'payments.issue_refund',
          count: 3,
          examples: ['refund.full#1'],
        },
      ],
      changes: [{ what: 'refund_cap', was: 'over 20', now: 'over 50' }],
    }
    const { evidence, notes } = parsedPage({ result: aRunResult({ policyDiff }), context })
    expect(notes.find(({ label }) => label === 'policy')).toEqual({
      label: 'policy',
      value: 'it changed: 3 of 40 recorded actions would be decided otherwise',
      tone: 'bad',
    })
    const { facts = [] } =
      evidence.find(({ title }) => title === 'what the changed policy means') ?? {}
    expect(valuesOf(facts, 'now allowed')).toEqual([
      'refund_cap on payments.issue_refund: 3 actions that the old rules denied, such as refund.full#1',
    ])
    expect(valuesOf(facts, 'rule refund_cap')).toEqual(['over 20 before, over 50 now'])
  })
})

describe('the metrics', () => {
  it('draw a rate in points, with the limit on its bad side', () => {
    const { metrics } = parsedPage(examples.regressionByFact)
    expect(metrics.find(({ id }) => id === 'tsr')?.picture).toEqual({
      change: -10.8,
      lower: -22.5,
      upper: -0.8,
      limit: -5,
      bad: 'lower',
      unit: 'points',
    })
    expect(metrics.find(({ id }) => id === 'violationRate')?.picture).toMatchObject({
      change: 4.2,
      limit: 1,
      bad: 'higher',
    })
  })

  it('draw an amount in percent', () => {
    const { metrics } = parsedPage(examples.regressionByCost)
    expect(metrics.find(({ id }) => id === 'costPerTask')?.picture).toEqual({
      change: 31,
      lower: 21,
      upper: 42,
      limit: 15,
      bad: 'higher',
      unit: 'percent',
    })
  })

  it('draw nothing where nothing was compared, and name no metric twice', () => {
    const { metrics } = parsedPage(examples.firstRun)
    expect(
      metrics.every(({ picture, status }) => picture === undefined && status === undefined),
    ).toBe(true)
    for (const input of Object.values(examples.all)) {
      const ids = parsedPage(input).metrics.map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
    }
  })

  it('hold the baseline beside what is only reported, where its run is known', () => {
    const figures = {
      baseline: { passHatK: { '3': 0.95 } },
      candidate: { passHatK: { '3': 0.91 } },
    }
    const result = aComparison({ verdict: aVerdict({ figures }) })
    const row = parsedPage({ result, context }).metrics.find(({ label }) => label === 'pass^3')
    expect(row).toMatchObject({ baseline: '95.0 %', candidate: '91.0 %' })
    expect(row?.status).toBeUndefined()
  })

  it('hold what a committed baseline came to, with the change, and each share of the times in a row', () => {
    const latencyMs = { n: 1200, p50: 4200, p95: 14_200, p99: 20_000 }
    const figures = {
      baseline: {
        passHatK: { '3': 0.95, '5': 0.93 },
        latencyMs: { n: 1200, p50: 4000, p95: 7100, p99: 20_000 },
        costPerTaskUsd: { mean: 0.02, n: 120, unknown: 0 },
        typicalToolCalls: 2,
      },
      candidate: {
        passHatK: { '3': 0.91 },
        latencyMs,
        // Only a part of the cases was compared, and it was dearer than the whole.
        costPerTaskUsd: { mean: 0.03, n: 60, unknown: 0 },
        typicalToolCalls: 3,
      },
    }
    const verdict = aVerdict({ figures })
    const result = aRunResult({ metrics: someMetrics({ latencyMs }), verdict })
    const data = parsedPage({ result, context })
    const rowOf = (label: string): PageData['metrics'][number] | undefined =>
      data.metrics.find((one) => one.label === label)
    expect(rowOf('pass^3')).toMatchObject({ baseline: '95.0 %', change: '-4.0 points' })
    expect(rowOf('latency p50')).toMatchObject({ baseline: '4.0 s', change: '+5.0 %' })
    expect(rowOf('latency p95')).toMatchObject({ baseline: '7.1 s', change: '+100 %' })
    expect(rowOf('latency p99')).toMatchObject({ baseline: '20.0 s', change: '0.0 %' })
    expect(rowOf('typical task calls')).toMatchObject({ baseline: '2.0', candidate: '3.0' })
    expect(rowOf('tool calls per task')).not.toHaveProperty('baseline')
    expect(rowOf('cost per task')).toMatchObject({
      candidate: '$0.022',
      note: '120 trials; where compared $0.03, was $0.02',
    })
    expect(rowOf('cost per task')).not.toHaveProperty('baseline')
    const { cost } = data.answers
    expect(valuesOf(cost, 'cost per task')).toEqual(['$0.022; where compared $0.03, was $0.02'])
    expect(valuesOf(cost, 'time per task')).toEqual([
      '4.2 s in the median, was 4.0 s; p95 14.2 s, was 7.1 s',
    ])
    expect(valuesOf(cost, 'calls per task')).toEqual([
      '4.2 of tools; 3.0 in a typical task, was 2.0; 5.1 of models',
    ])
  })
})

describe('the failures', () => {
  const failing = ['broke', 'always'].map((id) =>
    aCaseResult({
      id,
      passed: 0,
      failures: [{ grader: 'calls', reason: 'no call', count: id === 'always' ? 5 : 2 }],
    }),
  )
  const moved = [aMovedCase({ id: 'broke' })]

  it('that are new come first, however rare, and the others are marked', () => {
    const verdict = aVerdict({ cases: { moved, added: [], removed: [], changed: [] } })
    const result = aRunResult({
      cases: failing.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      verdict,
    })
    const [group] = parsedPage({ result, context }).failures
    expect(group?.failures).toEqual([
      { case: 'broke', reason: 'no call', count: 2 },
      { case: 'always', reason: 'no call', count: 5, isKnown: true },
    ])
  })

  it('of a case that was not compared are new, and so are all of a first run', () => {
    const cases = { moved, added: ['always'], removed: [], changed: [] }
    const sorted = failing.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    for (const verdict of [aVerdict({ cases }), aVerdict({ firstRun: true }), undefined]) {
      const [group] = parsedPage({
        result: aRunResult({ cases: sorted, verdict }),
        context,
      }).failures
      expect(group?.failures.some(({ isKnown }) => isKnown)).toBe(false)
    }
  })
})

describe('the cases', () => {
  it('stand worst first, with both arms, place and reason', () => {
    const [first, second, third] = parsedPage(withTrials).cases
    expect(first).toMatchObject({
      id: 'refund.over-limit',
      place: 'cases/outcome/refund.yaml:61',
      candidate: { passed: 0, scored: 5 },
      baseline: { passed: 5, scored: 5 },
      moved: 'worse',
      label: 'FAIL; rule broken 5/5',
      tone: 'bad',
      violationTrials: 5,
      costUsd: 0.014,
    })
    expect(first?.reason).toContain('payments.request_approval was called 0 times')
    expect([second?.id, second?.label]).toEqual(['cancel.after-ship', 'FAIL'])
    expect([third?.id, third?.label, third?.tone]).toEqual(['greeting', 'better', 'good'])
  })

  it('say what does not gate, what is new, and what has no result', () => {
    const result = aRunResult({
      cases: [
        aCaseResult({ id: 'draft.one', status: 'draft', passed: 2 }),
        aCaseResult({ id: 'new.one' }),
        aCaseResult({ id: 'lost.one', scored: 0, passed: 0, judged: 0 }),
        aCaseResult({ id: 'plain' }),
      ],
      verdict: aVerdict({ cases: { moved: [], added: ['new.one'], removed: [], changed: [] } }),
    })
    const labels = parsedPage({ result, context }).cases.map(({ id, label }) => [id, label])
    expect(labels).toEqual([
      ['draft.one', 'draft, does not gate; fails'],
      ['new.one', 'added, not compared'],
      ['lost.one', 'no result'],
      ['plain', undefined],
    ])
  })

  it('of a comparison are those that moved, or all where the context has them', () => {
    const verdict = aVerdict({
      status: 'regression',
      exitCode: 1,
      metrics: [aMetric({ status: 'regression' })],
      cases: { moved: [aMovedCase()], added: [], removed: [], changed: [] },
    })
    const result = aComparison({ verdict })
    expect(parsedPage({ result, context }).cases.map(({ id }) => id)).toEqual(['refund.over-limit'])
    const cases = [aCaseStats({ id: 'a' }), aCaseStats({ id: 'refund.over-limit', passed: 0 })]
    const rows = parsedPage({ result, context: { ...context, cases } }).cases
    expect(rows.map(({ id }) => id)).toEqual(['refund.over-limit', 'a'])
  })

  it('take the median of their times', () => {
    const cases = [aCaseResult({ latenciesMs: [100, 200, 900, 1000] })]
    const [row] = parsedPage({ result: aRunResult({ cases }), context }).cases
    expect(row?.latencyMs).toBe(550)
  })
})

describe('the trials', () => {
  it('of both arms are rows, and say whether they can be read', () => {
    const data = parsedPage(withTrials)
    expect(data.trials).toEqual([
      {
        key: keys.bad,
        arm: 'candidate',
        case: 'refund.over-limit',
        name: '#1',
        outcome: 'fail',
        harm: 'broke approval-first',
        reason: 'never asked for approval',
        costUsd: 0.03,
        latencyMs: 3000,
        toolCalls: 2,
        hasTrace: true,
      },
      expect.objectContaining({ key: keys.good, arm: 'baseline', outcome: 'pass', hasTrace: true }),
    ])
    expect(data.leftOut).toBeUndefined()
    expect(data.traces.map(({ key }) => key)).toEqual([keys.bad, keys.good])
  })

  it('without a trace are counted, with the commands that show them', () => {
    const data = parsedPage({ ...withTrials, page: someMaterial({ traces: [] }) })
    expect(data.trials.every(({ hasTrace }) => !hasTrace)).toBe(true)
    expect(data.leftOut).toBe(
      '2 of 2 trials cannot be read on this page; read them with: npx agent-eval view agent-eval-results/r1, or one with: npx agent-eval show agent-eval-results/r1/CASE#N',
    )
  })

  it('of a result alone are not there, which is said', () => {
    expect(parsedPage(examples.pass).leftOut).toBe(
      'made of a result alone: no trial stands on this page',
    )
  })

  it('that observed, and later attempts, are told apart', () => {
    const trials = [
      aTrialLine({ mode: 'observe' }),
      aTrialLine({ attempt: 2 }),
      aTrialLine({ outcome: 'invalid', outcomeReason: 'the provider failed' }),
    ]
    const page = { candidate: { shown: 'r1', trials } }
    const rows = parsedPage({ ...examples.pass, page }).trials
    expect(rows.map(({ name }) => name)).toEqual(['#1', '#1 attempt 2', '#1 observed'])
    expect(rows[0]?.reason).toBe('the provider failed')
  })

  it('of another run than the verdict is about are told of', () => {
    const baseline = { shown: 'other-run', trials: [aTrialLine()] }
    const { remarks } = parsedPage({ ...examples.pass, page: { baseline } })
    expect(remarks).toContain(
      'beside it stand the trials of other-run, which the verdict is not about',
    )
    const same = { ...baseline, shown: 'git:merge-base:origin/main' }
    expect(parsedPage({ ...examples.pass, page: { baseline: same } }).remarks.join()).not.toContain(
      'beside it',
    )
  })
})

describe('a holdout', () => {
  const holdout = aRunResult({
    cases: [aCaseResult({ id: 'holdout-0001', split: 'holdout', passed: 2 })],
    verdict: aVerdict({ split: 'holdout' }),
  })

  it('is counted and names no case, whatever the material holds', () => {
    const page = someMaterial()
    const data = parsedPage({ result: holdout, context, page })
    expect([data.cases, data.trials, data.traces, data.distributions, data.failures]).toEqual([
      [],
      [],
      [],
      [],
      [],
    ])
    expect(JSON.stringify(data)).not.toContain('refund.over-limit')
    expect(JSON.stringify(data)).not.toContain('holdout-0001')
    expect(data.remarks).toContain('The holdout is counted and never shown case by case.')
    expect(data.leftOut).toBeUndefined()
  })
})

describe('a run that is not finished', () => {
  it('has no verdict, and claims none was asked for', () => {
    const result = aRunResult({ verdict: undefined })
    const page = { unfinished: { finished: 37, planned: 120 } }
    const data = parsedPage({ result, context, page })
    expect(data.heading).toBe('no verdict yet: 37 of 120 trials finished')
    expect([data.status, data.title]).toEqual(['none', 'not finished: support 1.3.0'])
  })

  it('has lost no trial that is still to come, and says which ones it did lose', () => {
    const cases = [
      aCaseResult({
        id: 'begun',
        n: 10,
        scored: 4,
        passed: 4,
        judged: 4,
        invalid: 1,
        incomplete: 5,
      }),
      aCaseResult({
        id: 'next',
        n: 10,
        scored: 0,
        passed: 0,
        judged: 0,
        invalid: 0,
        incomplete: 10,
      }),
    ]
    const tsr = { ...aRate(4, 4), lost: 16 }
    const lostTo = [{ reason: 'the provider failed', count: 1 }]
    const result = aRunResult({ cases, verdict: undefined, metrics: someMetrics({ tsr, lostTo }) })
    const page = { unfinished: { finished: 5, planned: 20 } }
    const data = parsedPage({ result, context, page })
    expect(valuesOf(data.answers.did, 'tasks done')).toEqual(['100.0 % (4/4 trials)'])
    expect(data.remarks).toContain('1 of 5 trials lost: 1 x the provider failed')
    expect(data.cases.map(({ label }) => label)).toEqual([undefined, 'not finished'])
    // Of a run that has ended they are lost.
    expect(valuesOf(parsedPage({ result, context }).answers.did, 'tasks done')).toEqual([
      '100.0 % (4/4 trials, 16 lost)',
    ])
  })
})

describe('evidence', () => {
  it('has the versions, hashes, seeds, prices and the baseline', () => {
    const provenance = aProvenance({
      prices: '@pydantic/genai-prices 0.1.8',
      judge: { model: 'anthropic:judge', rubricHash: 'sha256:9c' },
    })
    const result = aRunResult({ provenance, servedModels: ['gpt-4o-2024-11-20'] })
    const text = JSON.stringify(parsedPage({ result, context }).evidence)
    for (const known of [
      'agent-eval 0.1.0',
      '77b2',
      'd91e',
      'a1',
      'b2',
      'c3',
      'd4',
      'executor: openai:gpt-4o',
      'gpt-4o-2024-11-20',
      '@pydantic/genai-prices 0.1.8',
      'sha256:9c',
      '4b7d0aa',
      'git:merge-base:origin/main',
    ]) {
      expect(text).toContain(known)
    }
  })

  it('has every rule and every decision of people, also where nothing happened', () => {
    const { evidence } = parsedPage({ result: aRunResult({ controls: someControls() }), context })
    const { facts = [] } =
      evidence.find(({ title }) => title === 'what controls and people did') ?? {}
    expect(facts.map(({ label }) => label)).toEqual(
      expect.arrayContaining([
        'approvals',
        'refusals',
        'approvals that set a rule aside',
        'alerts',
      ]),
    )
  })

  it('has each gate with its sample, its p-values and what it would have shown', () => {
    const { evidence } = parsedPage(examples.regressionByFact)
    const { facts = [] } =
      evidence.find(({ title }) => title === 'by which rules it was decided') ?? {}
    expect(valuesOf(facts, 'tasks done')).toEqual([
      'FAIL; a drop of 5.0 points is allowed; by trial; 120 trials before, 120 now; p 0.004; after Holm 0.012; would have found a drop of 9.0 points',
    ])
  })
})

describe('a history', () => {
  it('stands on the page with its texts plain', () => {
    const nights = nightsOf([0.93, 0.92, 0.94]).map((night) => ({
      ...night,
      candidate: { ...night.candidate, name: 'a\u202eb' },
    }))
    const { history } = parsedPage({ ...examples.pass, page: { history: driftOf(nights) } })
    expect(history?.candidate.name).toBe('ab')
    expect(history?.nights).toHaveLength(3)
  })
})
