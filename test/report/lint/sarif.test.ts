import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { lintRules, lintRuleText } from '../../../src/report/lint/rules.ts'
import { lintSarif } from '../../../src/report/lint/sarif.ts'
import { sarifText } from '../../../src/report/sarif/text.ts'
import type { LintResult } from '../../../src/schema/lint-result.ts'
import { aLintFinding, aLintResult, aSurvivor } from '../../builders/lint-result.ts'

/** What the published schema of SARIF 2.1.0 requires of the parts that we write, and its ranges. */
const message = z.strictObject({ text: z.string().min(1) })
const sarif = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z
    .array(
      z.strictObject({
        automationDetails: z.strictObject({ id: z.string() }),
        columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']),
        tool: z.strictObject({
          driver: z.strictObject({
            name: z.string().min(1),
            semanticVersion: z.string(),
            rules: z.array(
              z.strictObject({
                id: z.string(),
                shortDescription: message,
                fullDescription: message,
                help: message,
              }),
            ),
          }),
        }),
        results: z.array(
          z.strictObject({
            ruleId: z.string(),
            ruleIndex: z.int().min(0),
            level: z.enum(['none', 'note', 'warning', 'error']),
            message,
            locations: z
              .array(
                z.strictObject({
                  physicalLocation: z.strictObject({
                    artifactLocation: z.strictObject({ uri: z.string() }),
                    region: z.strictObject({
                      startLine: z.int().min(1),
                      startColumn: z.int().min(1).optional(),
                    }),
                  }),
                }),
              )
              .min(1),
            partialFingerprints: z.record(z.string(), z.string()),
          }),
        ),
      }),
    )
    .length(1),
})

function logOf(...results: readonly LintResult[]) {
  const sets = results.map((result) => ({ result, name: 'evals/support' }))
  const text = lintSarif.render({ sets, commandPrefix: 'npx agent-eval', toolVersion: '1.2.3' })
  expect(text.endsWith('}\n')).toBe(true)
  const [run] = sarif.parse(JSON.parse(text)).runs
  if (run === undefined) throw new Error('no run')
  return run
}

const found = aLintResult({ findings: [aLintFinding(), aSurvivor({ level: 'warning' })] })

test('has what the published schema requires', () => {
  const { results, tool } = logOf(found)
  expect(tool.driver).toMatchObject({ name: 'agent-eval lint', semanticVersion: '1.2.3' })
  expect(results[0]).toEqual({
    ruleId: 'number-unanchored',
    ruleIndex: 1,
    level: 'error',
    message: {
      text: 'refund.full: /25\\.98/ also accepts "125.98"\nTo mend it: write \\b25\\.98\\b',
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'evals/support/cases/outcome/refund.yaml' },
          region: { startLine: 12, startColumn: 9 },
        },
      },
    ],
    partialFingerprints: {
      'agentEvalLint/v1': results[0]?.partialFingerprints['agentEvalLint/v1'],
    },
  })
  expect(results[1]).toMatchObject({ level: 'warning', ruleIndex: 0 })
  expect(results[1]?.message.text).toContain(
    '\n+ call orders.refund(id="O-1", key="again")\n- say "Done."\n',
  )
})

test('a set without findings is a log without results', () => {
  expect(logOf(aLintResult())).toMatchObject({ results: [], tool: { driver: { rules: [] } } })
})

test('all eval sets stand in one run', () => {
  expect(logOf(found, found).results).toHaveLength(4)
})

describe('rules', () => {
  test('each that occurs, once and sorted, with help', () => {
    const { rules } = logOf(found).tool.driver
    expect(rules.map(({ id }) => id)).toEqual(['mutant-survives', 'number-unanchored'])
    expect(rules[1]).toMatchObject({
      shortDescription: { text: 'A number is also found inside a longer one' },
    })
    expect(rules[1]?.help.text).toMatch(/^A pattern is found anywhere.*\n\nTo mend it: Put /s)
  })

  test('one that the table does not have is named all the same', () => {
    const findings = [aLintFinding({ rule: 'rule-of-tomorrow' })]
    const [rule] = logOf(aLintResult({ findings })).tool.driver.rules
    expect(rule).toMatchObject({
      id: 'rule-of-tomorrow',
      shortDescription: { text: 'rule-of-tomorrow' },
    })
    expect(lintRuleText('constructor')).toMatchObject({ title: 'constructor' })
  })

  test('texts are whole sentences', () => {
    for (const { mend, title, why } of Object.values(lintRules)) {
      expect(title).toMatch(/^[A-Z].*[^.]$/)
      expect(why).toMatch(/^[A-Z].*\.$/)
      expect(mend).toMatch(/^[A-Z].*\.$/)
    }
  })
})

describe('places', () => {
  const regionOf = (changes: Parameters<typeof aLintFinding>[0]) =>
    logOf(aLintResult({ findings: [aLintFinding(changes)] })).results[0]?.locations[0]
      ?.physicalLocation

  test('a finding about a whole file points at its first line, which hosts need', () => {
    expect(regionOf({ line: undefined, column: undefined })?.region).toEqual({ startLine: 1 })
    expect(regionOf({ line: 0, column: 0 })?.region).toEqual({ startLine: 1, startColumn: 1 })
  })

  test('a path is a URI: no spaces, no backslashes, and still relative', () => {
    expect(regionOf({ file: 'my set\\cases/a#1.yaml' })?.artifactLocation).toEqual({
      uri: 'my%20set/cases/a%231.yaml',
    })
  })
})

describe('fingerprints', () => {
  const printsOf = (...findings: Parameters<typeof aLintResult>[0][]) =>
    findings.map((changes) =>
      logOf(aLintResult(changes)).results.map((one) => one.partialFingerprints['agentEvalLint/v1']),
    )

  test('stay when lines and words of a survivor move, and differ by case, rule and set', () => {
    const [here, moved, reworded, elsewhere, ofOther, otherSet] = printsOf(
      { findings: [aSurvivor()] },
      { findings: [aSurvivor({ line: 99, column: 1 })] },
      { findings: [aSurvivor({ message: 'an agent that pays twice passes this case' })] },
      { findings: [aSurvivor({ case: 'refund.partial' })] },
      { findings: [aLintFinding()] },
      { findings: [aSurvivor()], evalSet: { id: 'repo', version: '1', hash: 'h' } },
    )
    expect(moved).toEqual(here)
    expect(reworded).toEqual(here)
    for (const other of [elsewhere, ofOther, otherSet]) expect(other).not.toEqual(here)
    expect(here?.[0]).toMatch(/^[0-9a-f]{64}:1$/)
  })

  test('equal findings of one case are told apart', () => {
    const [prints = []] = printsOf({ findings: [aLintFinding(), aLintFinding({ line: 30 })] })
    expect(new Set(prints).size).toBe(2)
  })
})

test('nothing in a message becomes a link', () => {
  expect(sarifText('see [log in](https://evil.example) and /[ab](c|d)/')).toBe(
    'see [log in]\u200b(https://evil.example) and /[ab]\u200b(c|d)/',
  )
})
