import { describe, expect, test } from 'vitest'
import type { LintStyle } from '../../../src/report/lint/reporter.ts'
import { lintTerminal } from '../../../src/report/lint/terminal.ts'
import type { LintResult } from '../../../src/schema/lint-result.ts'
import { aLintCase, aLintFinding, aLintResult, aSurvivor } from '../../builders/lint-result.ts'

function rendered(result: LintResult, style: Partial<LintStyle> = {}): string {
  const sets = [{ result, name: 'evals/support' }]
  return lintTerminal.render(
    { sets, commandPrefix: 'npx agent-eval', toolVersion: '1.0.0' },
    { colour: false, verbose: false, ...style },
  )
}

const leaky = aLintResult({
  cases: [
    aLintCase({ usable: false, mutants: { made: 20, killed: 18, declared: 1 } }),
    aLintCase({ id: 'refund.partial', usable: false, passedBy: ['refuses', 'silent'] }),
    aLintCase({ id: 'status.paid' }),
  ],
  figures: {
    mutants: { made: 60, killed: 58, declared: 1 },
    nullAgent: { id: 'refuses', passed: 1, scored: 3 },
  },
  findings: [
    aLintFinding({
      case: 'status.paid',
      level: 'warning',
      rule: 'when-unreachable',
      hint: undefined,
    }),
    aLintFinding(),
    aSurvivor(),
    aLintFinding({
      case: 'refund.partial',
      rule: 'null-agent-passes',
      message: 'an agent that refuses everything passes this case',
      hint: 'expect what only an agent that did the work can show: an effect, evidence of looking, or a reason of this case',
      line: 41,
      column: 3,
    }),
  ],
})

test('a sound set: the verdict, how it is known, and what to do next', () => {
  expect(rendered(aLintResult())).toMatchInlineSnapshot(`
    "support: 2 cases can fail
      kill rate: 100.0 %, 40 of 40 mutants fail
      best null agent: none passes any of 2 cases
      whole set: 2 cases in 2 clusters, 2 distinct wordings, 1 shape of oracle

      run it  npx agent-eval run evals/support
    "
  `)
})

test('findings by case, those with errors first, each with place, sentence, diff and mend', () => {
  expect(rendered(leaky)).toMatchInlineSnapshot(`
    "support: 2 of 3 cases do not count
      kill rate: 96.7 %, 58 of 60 mutants fail, 1 declared to be as good
      best null agent: refuses passes 1/3 (33.3 %)
      whole set: 2 cases in 2 clusters, 2 distinct wordings, 1 shape of oracle

    refund.full
      evals/support/cases/outcome/refund.yaml:12:9  error  number-unanchored
        /25\\.98/ also accepts "125.98"
        mend: write \\b25\\.98\\b
      evals/support/cases/outcome/refund.yaml:20:5  error  mutant-survives
        an agent that refunds twice passes this case
            call orders.get(id="O-1")
            call orders.refund(id="O-1")
          + call orders.refund(id="O-1", key="again")
          - say "Done."
        mend: limit how often: max: 1

    refund.partial
      evals/support/cases/outcome/refund.yaml:41:3  error  null-agent-passes
        an agent that refuses everything passes this case
        mend: expect what only an agent that did the work can show: an effect,
              evidence of looking, or a reason of this case

    status.paid
      evals/support/cases/outcome/refund.yaml:12:9  warning  when-unreachable
        /25\\.98/ also accepts "125.98"

      what a case says in full  npx agent-eval lint evals/support --explain refund.full
      look again at one case    npx agent-eval lint evals/support --case refund.full
    "
  `)
})

test('--verbose: a table of all cases', () => {
  const [, table] = rendered(leaky, { verbose: true }).split('\n\n')
  expect(table).toMatchInlineSnapshot(`
    "  case            counts  mutants killed  declared  null agents that pass
      refund.full     no               18/20         1
      refund.partial  no               20/20            refuses, silent
      status.paid     yes              20/20"
  `)
})

describe('the verdict', () => {
  const heading = (result: LintResult) => rendered(result).split('\n')[0]

  test('one case does not count', () => {
    const cases = [aLintCase({ usable: false }), aLintCase({ id: 'b' })]
    const found = aLintResult({ cases, findings: [aLintFinding()] })
    expect(heading(found)).toBe('support: 1 of 2 cases does not count')
  })

  test('warnings alone', () => {
    const findings = [aLintFinding({ level: 'warning' })]
    expect(heading(aLintResult({ findings }))).toBe('support: 2 cases can fail, with 1 warning')
  })

  test('an error of the whole set', () => {
    const findings = [aLintFinding({ case: undefined })]
    const text = rendered(aLintResult({ findings }))
    expect(text).toContain('support: 2 cases can fail, but the set has 1 error\n')
    expect(text).toContain('\nthe whole set\n  evals/support/cases/outcome/refund.yaml:12:9  error')
    expect(text).toMatch(/look again {2}npx agent-eval lint evals\/support\n$/)
  })
})

test('figures that nobody could count are left out or said to be missing', () => {
  const nothing = aLintResult({ cases: [], figures: {}, nullAgents: [] })
  expect(rendered(nothing)).not.toMatch(/kill rate|null agent/)
  const none = { mutants: { made: 0, killed: 0, declared: 0 } }
  expect(rendered(aLintResult({ figures: none }))).toContain('kill rate: n/a, no mutant was made')
})

test('more findings than a reader looks at are counted; --verbose shows all', () => {
  const findings = Array.from({ length: 23 }, (_, index) => aLintFinding({ line: index + 1 }))
  const result = aLintResult({ findings })
  expect(rendered(result)).toContain('\nand 3 more findings; --verbose shows all\n')
  expect(rendered(result)).not.toContain(':21:9')
  expect(rendered(result, { verbose: true })).toContain(':23:9')
})

test('a finding without a line names the file', () => {
  const findings = [aLintFinding({ line: undefined, column: undefined })]
  expect(rendered(aLintResult({ findings }))).toContain(
    '\n  evals/support/cases/outcome/refund.yaml  error',
  )
})

test('several sets one after the other, and one next step: where something is open', () => {
  const other = aLintResult({
    evalSet: { id: 'repo', version: '1', hash: 'h' },
    findings: [aLintFinding()],
  })
  const sets = [
    { result: aLintResult(), name: 'evals/support' },
    { result: other, name: 'evals/repo' },
  ]
  const text = lintTerminal.render({ sets, commandPrefix: 'npx agent-eval', toolVersion: '1' })
  expect(text.indexOf('support: 2 cases can fail\n')).toBe(0)
  expect(text).toContain('\n\nrepo: 2 cases can fail, but the set has 1 error\n')
  expect(text).toMatch(/npx agent-eval lint evals\/repo --case refund\.full\n$/)
  const sound = sets.slice(0, 1).concat({ result: aLintResult(), name: 'evals/my set' })
  expect(
    lintTerminal.render({ sets: sound, commandPrefix: 'npx agent-eval', toolVersion: '1' }),
  ).toMatch(/npx agent-eval run evals\/support 'evals\/my set'\n$/)
})

test('colour never says what words do not', () => {
  const coloured = rendered(leaky, { colour: true })
  expect(coloured).toContain('\u001b[31merror\u001b[0m')
  expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(rendered(leaky))
})
