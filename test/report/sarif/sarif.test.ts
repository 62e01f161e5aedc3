import { describe, expect, it, test } from 'vitest'
import { lintSarif } from '../../../src/report/lint/sarif.ts'
import type { ReportInput } from '../../../src/report/reporter.ts'
import { sarif, skippedSarif } from '../../../src/report/sarif/sarif.ts'
import type { CaseResult } from '../../../src/schema/run-result.ts'
import { skippedRun } from '../../../src/schema/skipped-run.ts'
import { aRuleMetric, someControls } from '../../builders/controls.ts'
import { aLintResult, aSurvivor } from '../../builders/lint-result.ts'
import { aCaseResult, aComparison, aProvenance, aRunResult } from '../../builders/result.ts'
import { aFact, aVerdict } from '../../builders/verdict.ts'
import { hostileTexts } from '../../text/hostile-corpus.ts'
import * as examples from '../examples.ts'
import { hostileInput } from '../hostile-input.ts'
import { sarifProblems } from '../schemas/sarif-schema.ts'

interface Log {
  readonly runs: readonly [
    {
      readonly automationDetails: { readonly id: string }
      readonly properties?: Readonly<Record<string, unknown>>
      readonly results: readonly {
        readonly ruleId: string
        readonly level: string
        readonly message: { readonly text: string }
        readonly locations: readonly {
          readonly physicalLocation: {
            readonly artifactLocation: { readonly uri: string }
            readonly region: { readonly startLine: number }
          }
        }[]
        readonly partialFingerprints: Readonly<Record<string, string>>
        readonly suppressions?: readonly { readonly justification: string }[]
      }[]
    },
  ]
}

const { context } = examples.pass

function runOf(input: ReportInput): Log['runs'][0] {
  const log = JSON.parse(sarif.render(input)) as Log
  expect(sarifProblems(log)).toEqual([])
  return log.runs[0]
}

/** A case in which each of these rules was broken by executed calls. */
function breaking(
  id: string,
  rules: readonly string[],
  more: Partial<CaseResult> = {},
): CaseResult {
  const byRule = rules.map((rule) => [rule, { proposed: 2, executed: 2 }] as const)
  return aCaseResult({
    id,
    violationTrials: 2,
    violationsByRule: Object.fromEntries(byRule),
    file: `sets/${id}.yaml`,
    line: 12,
    ...more,
  })
}

function ofCases(
  cases: readonly CaseResult[],
  facts: Parameters<typeof aFact>[0][] = [],
): ReportInput {
  const verdict = aVerdict({ facts: facts.map((one) => aFact(one)) })
  return { context, result: aRunResult({ cases: [...cases], verdict }) }
}

describe('sarif', () => {
  it('gives every rule once for each case that broke it, at the line of the case', () => {
    const { automationDetails, results } = runOf(
      ofCases([breaking('a', ['r1', 'r2']), breaking('b', ['r1'])]),
    )
    expect(automationDetails.id).toBe('agent-eval/support/')
    expect(
      results.map(({ locations, message, ruleId }) => [
        ruleId,
        message.text,
        locations[0]?.physicalLocation.artifactLocation.uri,
        locations[0]?.physicalLocation.region.startLine,
      ]),
    ).toEqual([
      ['r1', 'a: rule "r1" was broken by 2 executed calls in 5 trials', 'sets/a.yaml', 12],
      ['r2', 'a: rule "r2" was broken by 2 executed calls in 5 trials', 'sets/a.yaml', 12],
      ['r1', 'b: rule "r1" was broken by 2 executed calls in 5 trials', 'sets/b.yaml', 12],
    ])
  })

  it('is a valid log without results where nothing was broken', () => {
    expect(runOf(examples.pass).results).toEqual([])
    // Proposed and stopped, so that nothing happened.
    const stopped = aCaseResult({
      violationTrials: 1,
      violationsByRule: { r: { proposed: 3, executed: 0 } },
    })
    expect(runOf(ofCases([stopped])).results).toEqual([])
    expect(sarif.render(examples.pass)).toMatchInlineSnapshot(`
      "{
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "runs": [
          {
            "automationDetails": {
              "id": "agent-eval/support/"
            },
            "columnKind": "utf16CodeUnits",
            "results": [],
            "tool": {
              "driver": {
                "name": "agent-eval",
                "rules": [],
                "semanticVersion": "0.1.0"
              }
            }
          }
        ],
        "version": "2.1.0"
      }
      "
    `)
  })

  it('says nothing of a rate that got worse, and nothing of a limit', () => {
    expect(runOf(examples.regressionByCost).results).toEqual([])
    expect(runOf(ofCases([], [{ kind: 'limit', cases: ['a'], rule: undefined }])).results).toEqual(
      [],
    )
  })

  it('takes the level from what the verdict says, else from the severity of the rule', () => {
    const rules = ['fact', 'waived', 'grave', 'slight', 'unknown']
    const facts = [
      { cases: ['a'], rule: 'fact' },
      { cases: ['a'], rule: 'waived', waivedBy: 'owner until 2027-01-01: known' },
    ]
    const verdict = aVerdict({ facts: facts.map((one) => aFact(one)) })
    const controls = someControls({
      rules: [
        aRuleMetric({ rule: 'grave', severity: 'high' }),
        aRuleMetric({ rule: 'slight', severity: 'low' }),
      ],
    })
    const result = aRunResult({ cases: [breaking('a', rules)], controls, verdict })
    const { results } = runOf({ context, result })
    const levels = results.map(({ level, ruleId }) => [ruleId, level])
    expect(levels).toEqual([
      ['fact', 'error'],
      ['grave', 'error'],
      ['unknown', 'warning'],
      ['waived', 'note'],
      ['slight', 'note'],
    ])
    expect(results.map(({ suppressions }) => suppressions?.[0]?.justification)).toEqual([
      ...[undefined, undefined, undefined],
      'waived by owner until 2027-01-01: known',
      undefined,
    ])
  })

  it('has the violations of a comparison from its facts', () => {
    const verdict = aVerdict({ facts: [aFact({ cases: ['a', 'b'] })] })
    const input = { context, result: aComparison({ verdict }) }
    expect(runOf(input).results.map(({ message }) => message.text)).toEqual([
      'a: payments.issue_refund ran without verification',
      'b: payments.issue_refund ran without verification',
    ])
    const cases = [breaking('a', ['identity_verified'])]
    const places = runOf({ ...input, context: { ...context, cases } }).results.map(
      ({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri,
    )
    expect(places).toEqual(['sets/a.yaml', 'agent-eval.yaml'])
  })

  it('knows an alert again when its line has moved, and tells cases, rules and sets apart', () => {
    const printOf = (input: ReportInput): string | undefined =>
      runOf(input).results[0]?.partialFingerprints['agentEvalViolation/v1']
    const here = printOf(ofCases([breaking('a', ['r'])]))
    expect(here).toMatch(/^[0-9a-f]{64}$/)
    expect(printOf(ofCases([breaking('a', ['r'], { line: 99, file: 'other.yaml' })]))).toBe(here)
    const evalSet = { id: 'other', version: '1', hash: 'h' }
    const cases = [breaking('a', ['r'])]
    const others = [
      printOf(ofCases([breaking('b', ['r'])])),
      printOf(ofCases([breaking('a', ['r2'])])),
      printOf({ context, result: aRunResult({ cases, provenance: aProvenance({ evalSet }) }) }),
    ]
    expect(new Set([here, ...others]).size).toBe(4)
  })

  it('points into the repository, wherever the project lies in it', () => {
    const { result } = ofCases([breaking('a', ['r'])])
    const uriIn = (repositoryFolder: string): string | undefined =>
      runOf({ context: { ...context, repositoryFolder }, result }).results[0]?.locations[0]
        ?.physicalLocation.artifactLocation.uri
    expect(uriIn('packages/my bot/')).toBe('packages/my%20bot/sets/a.yaml')
  })

  it('names no case of a holdout, and has a file all the same, because hosts need one', () => {
    const verdict = aVerdict({ split: 'holdout', facts: [aFact({ cases: [] })] })
    const cases = [breaking('holdout.1', ['identity_verified'], { split: 'holdout' })]
    const [only, ...more] = runOf({ context, result: aRunResult({ cases, verdict }) }).results
    expect(more).toEqual([])
    expect(only?.message.text).toBe('payments.issue_refund ran without verification')
    expect(only?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'agent-eval.yaml' },
      region: { startLine: 1 },
    })
  })

  it('holds at most 5,000 results, the worst of them, and says how many it left out', () => {
    const cases = Array.from({ length: 5_010 }, (_, n) => breaking(`c${n}`, ['r']))
    const { properties, results } = runOf(ofCases(cases, [{ cases: ['c5009'], rule: 'r' }]))
    expect(results).toHaveLength(5_000)
    expect(results[0]).toMatchObject({ level: 'error', ruleId: 'r' })
    expect(properties).toEqual({ leftOut: 10 })
  })

  it('says nothing of a run that was not made', () => {
    const skipped = skippedRun.parse({
      apiVersion: 'agent-eval/v1',
      kind: 'SkippedRun',
      provenance: aProvenance(),
      baseline: 'baseline.json',
    })
    const log = JSON.parse(skippedSarif(skipped)) as Log
    expect(sarifProblems(log)).toEqual([])
    expect(log.runs[0].results).toEqual([])
  })
})

test('findings of lint are valid by the published schema', () => {
  const sets = [{ name: 'support', result: aLintResult({ findings: [aSurvivor()] }) }]
  const log = lintSarif.render({ sets, commandPrefix: 'npx agent-eval', toolVersion: '0.1.0' })
  expect(sarifProblems(JSON.parse(log))).toEqual([])
})

test('what is not valid is seen', () => {
  const log = JSON.parse(sarif.render(ofCases([breaking('a', ['r'])]))) as Log
  expect(sarifProblems({ ...log, version: '2.2.0' })).not.toEqual([])
  const [result] = log.runs[0].results
  const wrong = { ...log, runs: [{ ...log.runs[0], results: [{ ...result, level: 'fatal' }] }] }
  expect(sarifProblems(wrong)).not.toEqual([])
})

describe.each(hostileTexts)('$name', ({ text }) => {
  it('is no link, no control character and no path out of the repository', () => {
    for (const { locations, message, ruleId } of runOf(hostileInput(text)).results) {
      expect(`${message.text}${ruleId}`).not.toMatch(
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
        /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]|\]\(/,
      )
      const uri = locations[0]?.physicalLocation.artifactLocation.uri ?? ''
      expect(uri).toMatch(/^[\w.%!~*'()/-]+$/)
      expect(uri.split('/')).not.toContain('..')
    }
  })
})
