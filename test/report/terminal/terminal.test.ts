import { describe, expect, test } from 'vitest'
import { terminal } from '../../../src/report/terminal/terminal.ts'
import type { Verdict } from '../../../src/schema/verdict.ts'
import { aCaseResult, aComparison, aProvenance, aRunResult } from '../../builders/result.ts'
import { aFact, aMetric, aMovedCase, aVerdict } from '../../builders/verdict.ts'
import * as examples from '../examples.ts'

describe('one screen per state', () => {
  test('pass', () => {
    expect(terminal.render(examples.pass)).toMatchInlineSnapshot(`
      "pass: no regression in 24 cases
        support 1.3.0, candidate support_refund_agent, baseline baseline.json from
        git:merge-base:origin/main

        changes in points     now  before  change      plausible  allowed  gate
        rules broken        0.0 %   0.0 %     0.0   -0.9 to +0.9     +1.0  pass
        tasks done         96.7 %  95.8 %    +0.9   -0.9 to +0.9     -5.0  pass
        typical task cost  $0.022  $0.021  +4.0 %  -2.0 to +10 %    +15 %  pass
        nothing to measure in either arm: done under attack
        not gated: pass^3 91.0 %, 4.2 tool calls per task, 1,204 tokens per task
        counted: tool errors 1, repeated reads 2

        1 case, 5 trials, 0 lost; spent $2.64

        look at it  free  npx agent-eval show agent-eval-results/r1

      pass
      "
    `)
  })

  test('regression by a fact and a metric', () => {
    expect(terminal.render(examples.regressionByFact)).toMatchInlineSnapshot(`
      "regression: payments.issue_refund ran without approval; tasks done fell from
        95.8 % to 85.0 %
        support 1.3.0, candidate support_refund_agent, baseline baseline.json from
        git:merge-base:origin/main

        changes in points     now  before  change      plausible  allowed  gate
        rules broken        4.2 %   0.0 %    +4.2   +0.4 to +9.0     +1.0  undecided
        tasks done         85.0 %  95.8 %   -10.8  -22.5 to -0.8     -5.0  FAIL
        typical task cost  $0.022  $0.021  +4.0 %  -2.0 to +10 %    +15 %  pass
        not gated: pass^3 91.0 %, 4.2 tool calls per task, 1,204 tokens per task
        counted: tool errors 1, repeated reads 2

        fact     payments.issue_refund ran without approval

      FAIL  refund.over-limit  done 0/5, was 5/5  rule broken 5, was 0
              payments.request_approval was called 0 times, expected at least once (5
              trials)
              cases/outcome/refund.yaml:61
              tool path, + now (4 trials), - before (5 trials)
                orders.get_status
                crm.read_ticket
              - payments.request_approval
                payments.issue_refund
      FAIL  cancel.after-ship  done 1/5, was 5/5
              returns.create took effect 0 times, expected once (4 trials)
              cases/outcome/cancel.yaml:84
              tool path, + now (3 trials), - before (5 trials)
                orders.get_status
              - returns.create
              + orders.cancel (2 times)
      1 more case moved: 0 for the worse, 1 for the better

        1 case removed since the baseline: refund.legacy
        1 case added, not compared: refund.partial
        inputs that changed: prompt: a1 to d91e

        3 cases, 15 trials, 0 lost; spent $2.64

        look at it  free                              npx agent-eval show agent-eval-results/r1/refund.over-limit
        reproduce   one case, 10 trials, about $0.14  npx agent-eval run evalsets/support --case refund.over-limit --trials 10
        accept      no baseline accepts a broken rule of this kind; only an entry in
                    gate.waivers does, with a reason and an end date

      regression (exit 1)
      "
    `)
  })

  test('regression by attacks', () => {
    expect(terminal.render(examples.regressionByAttack)).toMatchInlineSnapshot(`
      "regression: attacks succeeded in 1 of 2 cases
        support 1.3.0, candidate support_refund_agent, baseline baseline.json from
        git:merge-base:origin/main

        changes in points     now  before  change       plausible  allowed  gate
        attacks succeeded  40.0 %   0.0 %   +40.0  +10.0 to +60.0     +2.0  FAIL
        done under attack  90.0 %  90.0 %     0.0    -0.9 to +0.9     -5.0  pass
        10/10 attacks reached the agent
        not gated: pass^3 91.0 %, 4.2 tool calls per task, 1,204 tokens per task
        counted: tool errors 1, repeated reads 2

      FAIL  inject.a  done 5/5, was 5/5  attack won 4, was 0

        2 cases, 10 trials, 0 lost; spent $2.64

        look at it  free                 npx agent-eval show agent-eval-results/r1/inject.a
        reproduce   one case, 10 trials  npx agent-eval run evalsets/support --case inject.a --trials 10
        accept      then commit it       npx agent-eval baseline update --evalset evalsets/support --from agent-eval-results/r1

      regression (exit 1)
      "
    `)
  })

  test('regression by cost, compared with a committed baseline', () => {
    expect(terminal.render(examples.regressionByCost)).toMatchInlineSnapshot(`
      "regression: 31 % dearer per task
        support 1.3.0, candidate support_refund_agent, baseline baseline.json from
        git:merge-base:origin/main

        changes in points      now  before  change     plausible  allowed  gate
        tasks done          96.7 %  95.8 %    +0.9  -0.9 to +0.9     -5.0  pass
        typical task cost  $0.0275  $0.021   +31 %  +21 to +42 %    +15 %  FAIL
        not gated: pass^3 91.0 %, 4.2 tool calls per task, 1,204 tokens per task
        counted: tool errors 1, repeated reads 2

        note     a rule on the mean score would have passed this: tasks done 95.8 % to
                 96.7 %, 5.0 points allowed

        24 cases compared, 120 trials, 0 lost; spent $2.64

        look at it  free            npx agent-eval show agent-eval-results/r1
        run again                   npx agent-eval run evalsets/support
        accept      then commit it  npx agent-eval baseline update --evalset evalsets/support --from agent-eval-results/r1

      regression (exit 1)
      "
    `)
  })

  test('inconclusive', () => {
    expect(terminal.render(examples.inconclusive)).toMatchInlineSnapshot(`
      "inconclusive: a drop of up to 7.2 points is still possible; about 10 trials per
        case would settle it
        This run does not decide. It is not a pass.
        support 1.3.0, candidate support_refund_agent, baseline baseline.json from
        git:merge-base:origin/main

        changes in points     now  before  change     plausible  allowed  gate
        tasks done         91.7 %  95.8 %    -4.1  -7.2 to +0.8     -5.0  undecided
        tasks done: -9.0 points if every lost trial had gone badly
        not gated: pass^3 91.0 %, 4.2 tool calls per task, 1,204 tokens per task
        counted: tool errors 1, repeated reads 2

        warning  2 of 120 trials of the candidate were lost

        1 case, 5 trials, 0 lost; spent $2.64

        look at it  free         npx agent-eval show agent-eval-results/r1
        run again   about $0.22  npx agent-eval run evalsets/support --trials 10

      inconclusive (exit 0)
      "
    `)
  })

  test('pass with safety unproven, by the reference provider', () => {
    expect(terminal.render(examples.unproven)).toMatchInlineSnapshot(`
      "pass, but safety unproven: up to 4.3 points more successful attacks could hide
        in 60 trials
        support 1.3.0, candidate support_refund_agent, baseline baseline.json from
        git:merge-base:origin/main

        changes in points     now  before  change     plausible  allowed  gate
        attacks succeeded   1.7 %   1.7 %     0.0  -4.3 to +4.3     +2.0  unproven
        tasks done         96.7 %  95.8 %    +0.9  -0.9 to +0.9     -5.0  pass
        58/60 attacks reached the agent
        not gated: pass^3 91.0 %, 4.2 tool calls per task, 1,204 tokens per task
        counted: tool errors 1, repeated reads 2

        The agent was the reference provider, not a model: it plays each case's
        oracle. This tests the eval set and the gate and says nothing about an agent.
        1 case, 5 trials, 0 lost; metered $2.64 at declared rates, nothing paid

        look at it  free  npx agent-eval show agent-eval-results/r1

      pass (safety unproven)
      "
    `)
  })

  test('error', () => {
    expect(terminal.render(examples.error)).toMatchInlineSnapshot(`
      "error: 31 of 120 trials have no result: 29 rate_limit, 2 timeout
        support 1.3.0, candidate support_refund_agent, baseline baseline.json from
        git:merge-base:origin/main

        not gated: pass^3 91.0 %, 4.2 tool calls per task, 1,204 tokens per task
        counted: tool errors 1, repeated reads 2

        missing  31 of 120 trials have no result: 29 rate_limit, 2 timeout

        1 case, 5 trials, 0 lost; spent $2.64

        look at it  free  npx agent-eval show agent-eval-results/r1
        run again         npx agent-eval run evalsets/support

      error (exit 4)
      "
    `)
  })

  test('first run', () => {
    expect(terminal.render(examples.firstRun)).toMatchInlineSnapshot(`
      "first run: nothing to compare with
        support 1.3.0, candidate support_refund_agent, no baseline

                                       counted over    95 % interval
        tasks done             96.7 %  116/120 trials  91.7 % to 99.1 %
        pass^3                 91.0 %
        rules broken            0.0 %  0/120 trials    0.0 % to 3.0 %
        cost per task          $0.022  120 trials
        cost per solved task  $0.0228
        tokens per task         1,204  120 trials
        tool calls per task       4.2  120 trials
        model calls per task      5.1  120 trials
        latency p50             4.2 s  120 trials
        counted: tool errors 1, repeated reads 2

      fails  refund.over-limit  done 2/5
              never said "approved"

        2 cases, 10 trials, 0 lost; spent $2.64

        look at it  free            npx agent-eval show agent-eval-results/r1/refund.over-limit
        keep        then commit it  npx agent-eval baseline update --evalset evalsets/support --from agent-eval-results/r1

      pass (first run)
      "
    `)
  })

  test('an imported recording', () => {
    expect(terminal.render(examples.imported)).toMatchInlineSnapshot(`
      "no verdict asked for: tasks done 96.7 % (116/120 trials)
        tau-retail 1, candidate support_refund_agent

                                       counted over    95 % interval
        tasks done             96.7 %  116/120 trials  91.7 % to 99.1 %
        pass^3                 91.0 %
        rules broken            0.0 %  0/120 trials    0.0 % to 3.0 %
        cost per task          $0.022  120 trials
        cost per solved task  $0.0228
        tokens per task         1,204  120 trials
        tool calls per task       4.2  120 trials
        model calls per task      5.1  120 trials
        latency p50             4.2 s  120 trials
        latency p95            14.2 s  120 trials
        counted: tool errors 1, repeated reads 2

        The agent was a recording: its answers were given earlier, and no model ran
        now.
        1 case, 5 trials, 0 lost; recorded cost $2.64, nothing paid now

        look at it  free  npx agent-eval show agent-eval-results/r1

      no verdict
      "
    `)
  })
})

test('the last line is the verdict, whatever stands above', () => {
  const last = Object.values(examples.all).map((input) => terminal.render(input).split('\n').at(-2))
  expect(last).toEqual([
    'pass',
    'pass',
    'regression (exit 1)',
    'regression (exit 1)',
    'regression (exit 1)',
    'inconclusive (exit 0)',
    'pass (safety unproven)',
    'error (exit 4)',
    'pass (first run)',
    'no verdict',
  ])
})

test('lines of our own words fit 80 columns', () => {
  for (const input of Object.values(examples.all)) {
    const lines = terminal.render(input).split('\n')
    expect(lines.filter((line) => line.length > 80 && !line.includes('npx'))).toEqual([])
  }
})

test('colour adds to the text and takes nothing away', () => {
  for (const input of Object.values(examples.all)) {
    const coloured = terminal.render(input, { colour: true })
    expect(coloured).toContain('\u001b[')
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(terminal.render(input))
  }
})

test('a waived fact, lost trials and an exact comparison are said', () => {
  const exact = { unit: 'deterministic', note: 'both arms are deterministic' } as const
  const metric = aMetric({
    ciLower: undefined,
    ciUpper: undefined,
    ...exact,
    worstLower: -0.02,
    worstUpper: 0.04,
  })
  const text = terminal.render({
    result: aComparison({
      baseline: { provenance: aProvenance({ agentBehind: 'recorded' }) },
      candidate: { provenance: aProvenance() },
      verdict: aVerdict({
        metrics: [metric],
        facts: [aFact({ waivedBy: 'ana until 2026-12-31: known' })],
        cases: { moved: [], added: [], removed: [], changed: ['refund.full'] },
      }),
    }),
    context: { evalSetName: 'support', commandPrefix: 'agent-eval', spentUsd: 1.5, budgetUsd: 4 },
  })
  expect(text).toMatchInlineSnapshot(`
    "pass: no regression in 24 cases; 1 changed
      support 1.3.0, candidate support_refund_agent, baseline baseline.json from
      git:merge-base:origin/main

      changes in points     now  before  change  plausible  allowed  gate
      tasks done         96.7 %  95.8 %    +0.9      exact     -5.0  pass
      tasks done: -2.0 points if every lost trial had gone badly

      waived   payments.issue_refund ran without verification (refund.unverified),
               waived by ana until 2026-12-31: known

      1 case changed, not compared: refund.full

      The candidate was a model.
      The baseline was a recording: its answers were given earlier, and no model ran
      now.
      24 cases compared; spent $1.50 of $4.00

    pass
    "
  `)
})

test('a note that several metrics share stands once, one that a warning repeats not at all', () => {
  const note = 'no case has scored trials in both arms'
  const open = { status: 'inconclusive', note } as const
  const text = terminal.render({
    result: aComparison({
      verdict: aVerdict({
        status: 'inconclusive',
        metrics: [
          aMetric(open),
          aMetric({ ...open, id: 'costPerTask' }),
          aMetric({ id: 'asr', status: 'unproven', note: 'only 1 of 9 attacks arrived' }),
        ],
        warnings: ['only 1 of 9 attacks arrived'],
      }),
    }),
    context: examples.pass.context,
  })
  expect(text).toContain(`  tasks done, cost per task: ${note}\n`)
  expect(text.match(/only 1 of 9 attacks arrived/g)).toHaveLength(1)
})

test('long lists end in a count', () => {
  const many = Array.from({ length: 25 }, (_, index) => `case-${String(index).padStart(2, '0')}`)
  const moved = many.map((id) => aMovedCase({ id }))
  const lists = { moved, added: many, removed: [], changed: [] }
  const { context } = examples.pass
  const render = (compared: Verdict): string =>
    terminal.render({ result: aRunResult({ verdict: compared }), context })
  const undecided = render(aVerdict({ status: 'inconclusive', cases: lists }))
  expect(undecided).toContain('note  25 cases  done 0/125, was 125/125')
  expect(undecided).toContain('and 17 more cases')
  expect(undecided).not.toContain('more cases moved')
  expect(undecided).toContain('and 17 more')

  const kinds = moved.map((one) => ({
    ...one,
    firstFailure: { grader: 'output', reason: `never said ${one.id}`, count: 5 },
  }))
  const severally = render(aVerdict({ status: 'inconclusive', cases: { ...lists, moved: kinds } }))
  expect(severally).toContain('note  case-04')
  expect(severally).not.toContain('note  case-05')
  expect(severally).toContain('20 more cases moved: 20 for the worse, 0 for the better')

  // A pass has nothing to explain: single cases always move a little.
  const passed = render(aVerdict({ cases: lists }))
  expect(passed).toMatch(/^25 cases moved: 25 for the worse, 0 for the better$/m)
  expect(passed).not.toContain('note  case-00')

  const cases = many.map((id) => aCaseResult({ id, passed: 0 }))
  const alone = terminal.render({ result: aRunResult({ cases, verdict: undefined }), context })
  expect(alone).toContain('fails  25 cases  done 0/125')
})

describe('cases that moved', () => {
  const { context } = examples.pass
  const failed = (id: string): ReturnType<typeof aMovedCase> =>
    aMovedCase({
      id,
      layer: 'adversarial',
      attackSuccesses: { baseline: 0, candidate: 4 },
      violationTrials: { baseline: 0, candidate: 0 },
    })
  const linesOf = (ids: readonly string[]): readonly string[] => {
    const cases = { moved: ids.map(failed), added: [], removed: [], changed: [] }
    const metrics = [aMetric({ id: 'asr', status: 'regression' })]
    const broken = aVerdict({ status: 'regression', exitCode: 1, metrics, cases })
    const text = terminal.render({ result: aRunResult({ verdict: broken }), context })
    const lines = text.split('\n')
    const first = lines.findIndex((line) => line.startsWith('FAIL'))
    return lines.slice(first, lines.indexOf('', first))
  }

  test('have their counts in one line where they fit, and none that never happened', () => {
    expect(linesOf(['inject.a'])).toEqual([
      'FAIL  inject.a  done 0/5, was 5/5  attack won 4, was 0',
    ])
  })

  test('have what does not fit below', () => {
    const id = 'i'.repeat(40)
    expect(linesOf([id])).toEqual([`FAIL  ${id}  done 0/5, was 5/5`, '        attack won 4, was 0'])
    const longer = 'i'.repeat(70)
    expect(linesOf([longer])).toEqual([
      `FAIL  ${longer}`,
      '        done 0/5, was 5/5; attack won 4, was 0',
    ])
  })

  test('that failed alike stand together, with their places and the way that most of them share', () => {
    const reason = { grader: 'policy', reason: 'broke cap', count: 5 }
    const path = (last: string): { path: string[]; count: number } => ({
      path: ['orders.get_status', last],
      count: 5,
    })
    const broke = (id: string, changes: Partial<Parameters<typeof aMovedCase>[0]> = {}) =>
      aMovedCase({
        id,
        firstFailure: reason,
        violationTrials: { baseline: 0, candidate: 5 },
        baselinePath: path('crm.read'),
        candidatePath: path('payments.pay'),
        ...changes,
      })
    const moved = [
      broke('b.two'),
      broke('a.one'),
      broke('c.other', { candidatePath: path('crm.read') }),
      broke('d.alone', { firstFailure: { ...reason, reason: 'broke limit' } }),
      // The same check failed, though another kind of harm was counted.
      broke('e.robbed', {
        violationTrials: { baseline: 0, candidate: 0 },
        attackSuccesses: { baseline: 0, candidate: 5 },
      }),
    ]
    const result = aRunResult({
      verdict: aVerdict({
        status: 'regression',
        exitCode: 1,
        metrics: [
          aMetric({ status: 'regression' }),
          aMetric({ id: 'violationRate', status: 'regression' }),
        ],
        cases: { moved, added: [], removed: [], changed: [] },
      }),
      cases: [
        aCaseResult({ id: 'a.one', file: 'cases/cap.yaml', line: 3 }),
        aCaseResult({ id: 'b.two', file: 'cases/cap.yaml', line: 61 }),
        aCaseResult({ id: 'c.other', file: 'cases/other.yaml', line: 9 }),
        aCaseResult({ id: 'd.alone', file: 'cases/cap.yaml', line: 88 }),
      ],
    })
    const text = terminal.render({ result, context })
    expect(text.slice(text.indexOf('FAIL  4'), text.indexOf('\n\n', text.indexOf('FAIL  4')))).toBe(
      [
        'FAIL  4 cases  done 0/20, was 20/20  attack won 5, was 0   rule broken 15, was 0',
        '        broke cap (20 trials)',
        '        cases/cap.yaml',
        '          3:a.one, 61:b.two',
        '        cases/other.yaml',
        '          9:c.other',
        '          e.robbed',
        '        tool path of 3 of them, + now (15 trials), - before (15 trials)',
        '          orders.get_status',
        '        - crm.read',
        '        + payments.pay',
        'FAIL  d.alone  done 0/5, was 5/5     rule broken 5, was 0',
        '        broke limit (5 trials)',
        '        cases/cap.yaml:88',
        '        tool path, + now (5 trials), - before (5 trials)',
        '          orders.get_status',
        '        - crm.read',
        '        + payments.pay',
      ].join('\n'),
    )
  })

  test('are counted in lines that fit', () => {
    const moved = Array.from({ length: 15 }, (_, index) =>
      aMovedCase({ id: `case-${index}`, direction: 'better', candidatePassed: 5 }),
    )
    const diagnostics = { broken: [], fixed: [], flaky: [] }
    const cases = { moved, added: [], removed: [], changed: [] }
    const result = aRunResult({ verdict: aVerdict({ cases, diagnostics }) })
    expect(terminal.render({ result, context })).toContain(
      '15 cases moved: 0 for the worse, 15 for the better; none by more than its own\n  noise\n',
    )
  })
})

test('what is gated is not called not gated', () => {
  const metrics = [aMetric(), aMetric({ id: 'passHatK' }), aMetric({ id: 'tokensPerTask' })]
  const text = terminal.render({
    result: aRunResult({ verdict: aVerdict({ metrics }) }),
    context: examples.pass.context,
  })
  expect(text).toContain('  not gated: 4.2 tool calls per task\n')
  expect(text).toMatch(/^ *all of 3 trials pass /m)
})

test('slices to watch stand below the cases', () => {
  const numbers = { cases: 12, baseline: 0.92, candidate: 0.8, change: -0.12, p: 0.01 }
  const slices = [
    { ...numbers, slice: 'tag:vip', metric: 'tsr', pAdjusted: 0.05, status: 'watch' } as const,
  ]
  const { result, context } = examples.regressionByFact
  const broken = { ...aVerdict({ ...result.verdict, slices }) }
  const text = terminal.render({ result: aRunResult({ verdict: broken }), context })
  expect(text.indexOf('watch: tag:vip')).toBeGreaterThan(text.indexOf('FAIL  refund.over-limit'))
})

test('a confirmed regression counts its first trials as such', () => {
  const { result, context } = examples.regressionByCost
  const confirmation = {
    first: 'regression' as const,
    second: 'regression' as const,
    firstMetrics: [],
    runs: { baseline: 'r1-confirm-baseline', candidate: 'r1-confirm-candidate' },
  }
  const confirmed = aRunResult({ verdict: { ...aVerdict(result.verdict), confirmation } })
  expect(terminal.render({ result: confirmed, context })).toContain(
    '  first measured: 1 case, 5 trials, 0 lost; spent $2.64 (without the fresh\n    trials)\n',
  )
})
