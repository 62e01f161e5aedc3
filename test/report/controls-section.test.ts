import { describe, expect, it, test } from 'vitest'
import { json } from '../../src/report/json.ts'
import { controlsDetails } from '../../src/report/markdown/controls.ts'
import { jobSummary } from '../../src/report/markdown/job-summary.ts'
import { markdown } from '../../src/report/markdown/markdown.ts'
import type { Reporter, ReportInput } from '../../src/report/reporter.ts'
import { subjectOf } from '../../src/report/subject.ts'
import { terminal } from '../../src/report/terminal/terminal.ts'
import { runResult } from '../../src/schema/run-result.ts'
import { aRuleMetric, someControls } from '../builders/controls.ts'
import { aCaseResult, aRate, aRunResult, someMetrics } from '../builders/result.ts'
import { aMetric, aMovedCase, aVerdict } from '../builders/verdict.ts'

const context = { evalSetName: 'support', commandPrefix: 'agent-eval' }

type Changes = Parameters<typeof someControls>[0]

function input(changes: Changes, more: Parameters<typeof aRunResult>[0] = {}): ReportInput {
  const metrics = someMetrics({ asr: aRate(0, 55) })
  return { result: aRunResult({ controls: someControls(changes), metrics, ...more }), context }
}

/** A run that shows all there is, as a reader meets it. */
const busy: Changes = {
  rules: [
    aRuleMetric({ rule: 'refund_cap', tier: 3, proposed: 28, executed: 3, upper: 0.0383 }),
    aRuleMetric({ rule: 'pii_redaction', proposed: 3, opportunities: 1200 }),
    aRuleMetric({ rule: 'own_orders', opportunities: 310 }),
    aRuleMetric({ rule: 'working_hours', opportunities: 90, n: 40, upper: 0.0722 }),
  ],
  broken: aRate(3, 200),
  blocked: 12,
  escalations: 7,
  approvals: { given: 5, refused: 2, medianMs: 60_000, timeouts: 1 },
  overrides: 3,
  alerts: 2,
  fallbacks: { budget: 0, denial: 1, outage: 0 },
  engineErrors: 12,
  blastRadius: {
    usd: { most: 268.5, trial: 'refund.partial#3' },
    records: { most: 4, trial: 'refund.partial#3' },
    tenants: { most: 1, trial: 'tenant.other#1' },
  },
}

const held: Changes = {
  rules: [aRuleMetric({ rule: 'refund_cap', tier: 3, proposed: 28 })],
  propensity: {
    broken: aRate(31, 200),
    asr: aRate(12, 55),
    rules: [aRuleMetric({ rule: 'refund_cap', tier: 3, proposed: 33, executed: 33 })],
  },
}

const aRegression = aVerdict({
  status: 'regression',
  exitCode: 1,
  metrics: [aMetric({ status: 'regression', candidate: 0.85, change: -0.108 })],
  cases: { moved: [aMovedCase()], added: [], removed: [], changed: [] },
})

/** From the first line about controls to the next empty line but `lines - 1`. */
function sectionOf(text: string, start: string, blocks: number): string {
  const from = text.indexOf(start)
  return text.slice(from).split('\n\n').slice(0, blocks).join('\n\n')
}

describe('the section about controls', () => {
  test('in the terminal', () => {
    const text = terminal.render(input(busy))
    expect(sectionOf(text, '  controls:', 1)).toMatchInlineSnapshot(`
      "  controls: 1 rule was broken in 3 of 200 trials: 3 violations executed; 28 of
          31 proposed ones prevented
        rule           tier  chances  proposed  prevented  executed  at most
        refund_cap        3      400        28         25         3    3.9 %
        pii_redaction          1,200         3          3         0    1.5 %
        12 DECISIONS COULD NOT BE MADE: what a control cannot decide it denies
        2 rules were kept in all 400 opportunities (each at most 7.3 % per trial)
        7 actions handed to people: 7 answers, 5 yes, 2 no, 1 not answered in time; 3
          of the yes set a rule aside (answers took 1m 00s in the median)
        12 calls blocked, 2 alerts, the fallback took over in 1 trial (denial 1)
        most that one trial reached: $268.50 moved (refund.partial#3), 4 records
          changed (refund.partial#3), 1 other tenant touched (tenant.other#1)"
    `)
  })

  test('in the terminal, of a run with both modes', () => {
    const text = terminal.render(input(held))
    expect(sectionOf(text, '  controls:', 1)).toMatchInlineSnapshot(`
      "  controls: no executed action broke a rule in 200 trials: all 28 violations
          that the agent proposed were prevented
        Without its controls this agent would have broken a rule in 31 of 200 trials
          and let 12 of 55 attacks through; with them a rule was broken in 0 of 200
          trials and 0 of 55 attacks got through: the controls hold what the model
          does not.
        rule        tier  chances  prevented  executed  at most  without
        refund_cap     3      400         28         0    1.5 %       33
        without: executed where nothing held them"
    `)
  })

  test('in a comment: what could not be decided, and of a regression what was let through', () => {
    const text = markdown.render(input(busy, { verdict: aRegression }))
    expect(sectionOf(text, '#### Controls', 3)).toMatchInlineSnapshot(`
      "#### Controls

      **1 rule was broken in 3 of 200 trials: 3 violations executed; 28 of 31 proposed ones prevented.**

      - **12 DECISIONS COULD NOT BE MADE: what a control cannot decide it denies**"
    `)
    const passed = markdown.render(input(busy))
    expect(passed).toContain('#### Controls\n\n- **12 DECISIONS')
    expect(passed).not.toContain('1 rule was broken')
    expect(markdown.render(input({ ...busy, engineErrors: 0 }))).not.toMatch(/controls/i)
  })

  test('in a comment, of a run with both modes', () => {
    const text = markdown.render(input(held))
    expect(sectionOf(text, '#### Controls', 3)).toMatchInlineSnapshot(`
      "#### Controls

      No executed action broke a rule in 200 trials: all 28 violations that the agent proposed were prevented.

      Without its controls this agent would have broken a rule in 31 of 200 trials and let 12 of 55 attacks through; with them a rule was broken in 0 of 200 trials and 0 of 55 attacks got through: the controls hold what the model does not."
    `)
  })

  test('in a job summary, all of it', () => {
    const text = jobSummary(input(busy))
    expect(sectionOf(text, '<summary>controls', 4)).toMatchInlineSnapshot(`
      "<summary>controls: rules, approvals, what was stopped</summary>

      **1 rule was broken in 3 of 200 trials: 3 violations executed; 28 of 31 proposed ones prevented.**

      | rule | tier | chances | proposed | prevented | executed | at most |
      | :-- | --: | --: | --: | --: | --: | --: |
      | \`refund_cap\` | 3 | 400 | 28 | 25 | 3 | 3.9 % |
      | \`pii_redaction\` |  | 1,200 | 3 | 3 | 0 | 1.5 % |

      - 2 rules were kept in all 400 opportunities (each at most 7.3 % per trial)
      - 7 actions handed to people: 7 answers, 5 yes, 2 no, 1 not answered in time; 3 of the yes set a rule aside (answers took 1m 00s in the median)
      - 12 calls blocked, 2 alerts, the fallback took over in 1 trial (denial 1)
      - most that one trial reached: $268.50 moved (\`refund.partial#3\`), 4 records changed (\`refund.partial#3\`), 1 other tenant touched (\`tenant.other#1\`)"
    `)
  })

  it('stands after the numbers of the verdict and before the cases of a terminal, after them in a comment', () => {
    const more = { verdict: aRegression, cases: [aCaseResult({ id: 'refund.over-limit' })] }
    const placesIn = (reporter: Reporter): readonly number[] => {
      const text = reporter.render(input(busy, more))
      return [
        /tasks done {2}|\| tasks done/,
        /controls:|# Controls/,
        /(?:FAIL {2}|`)refund\.over/,
      ].map((one) => text.search(one))
    }
    const [metrics = -1, controls = -1, cases = -1] = placesIn(terminal)
    expect([0 < metrics, metrics < controls, controls < cases]).toEqual([true, true, true])
    const comment = placesIn(markdown)
    expect(comment[2]).toBeLessThan(comment[1] ?? -1)
  })

  it('tells once what the counted events would tell again', () => {
    const counts = { ...someMetrics().counts, blocked: 12, policyErrors: 12, toolErrors: 1 }
    const metrics = someMetrics({ counts })
    for (const reporter of [terminal, markdown]) {
      const text = reporter.render(input(busy, { metrics }))
      expect(text).toContain('tool errors 1')
      expect(text).not.toContain('calls blocked 12')
      // A comparison and an old result know of nothing else.
      const old = reporter.render({ result: aRunResult({ metrics }), context })
      expect(old).toContain('calls blocked 12, policy errors 12')
      expect(old).not.toMatch(/controls/i)
    }
  })

  it('is not there where there is nothing to say', () => {
    for (const reporter of [terminal, markdown]) {
      expect(reporter.render(input({}))).not.toMatch(/controls/i)
    }
  })

  it('shows ten rules', () => {
    const rules = Array.from({ length: 40 }, (_, index) =>
      aRuleMetric({ rule: `r${index}-${'x'.repeat(110)}`, proposed: 40 - index }),
    )
    const text = controlsDetails(subjectOf(input({ ...held, rules }).result))
    expect(text).toMatch(/`refund_cap`[^]*`r8-x+…`[^]*and 31 more/)
    expect(text.length).toBeLessThan(3_000)
  })

  it('has all of it in the document', () => {
    const controls = someControls({ ...busy, ...held })
    const text = json.render(input({ ...busy, ...held }))
    expect(runResult.parse(JSON.parse(text)).controls).toEqual(controls)
  })
})
