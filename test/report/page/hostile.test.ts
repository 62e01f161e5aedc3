import { describe, expect, test } from 'vitest'
import { driftOf } from '../../../src/gate/drift.ts'
import { html } from '../../../src/report/html.ts'
import { pageDataOf } from '../../../src/report/page/page-data.ts'
import type { PageMaterial } from '../../../src/report/page/page-material.ts'
import { pageTraceOf } from '../../../src/report/page/page-trace.ts'
import type { ReportInput } from '../../../src/report/reporter.ts'
import { pageData } from '../../../src/schema/page-data.ts'
import type { RunResult } from '../../../src/schema/run-result.ts'
import type { TrialLine } from '../../../src/schema/trial.ts'
import { aRuleMetric, someControls } from '../../builders/controls.ts'
import { nightsOf } from '../../builders/history.ts'
import { aCaseResult, aProvenance, aRate, aRunResult, someMetrics } from '../../builders/result.ts'
import { aTrace, call, say, write } from '../../builders/trace.ts'
import { aTrialLine } from '../../builders/trial-line.ts'
import { aFact, aMetric, aMovedCase, aVerdict } from '../../builders/verdict.ts'
import { hostileTexts } from '../../text/hostile-corpus.ts'
import { attribute, dataOf, parsedHtml, textIn } from './parsed-html.ts'

/** Text in every place of a result that a model, a tool, a case or a foreign file can fill. */
function hostileResult(text: string): RunResult {
  const path = { path: [text, 'a', text], count: 3 }
  return aRunResult({
    provenance: aProvenance({
      tool: text,
      evalSet: { id: 'support', version: text, hash: text },
      candidate: { ...aProvenance().candidate, name: text, models: { [text]: text } },
      prices: text,
      services: { [text]: text },
      judge: { model: text, rubricHash: text },
      source: text,
    }),
    servedModels: [text],
    cases: [
      aCaseResult({
        id: text,
        passed: 0,
        violationTrials: 1,
        violationsByRule: { rule: { proposed: 1, executed: 1 } },
        slices: [text],
        file: text,
        line: 3,
        failures: [{ grader: text, reason: text, count: 5 }],
      }),
    ],
    metrics: someMetrics({
      lostTo: [{ reason: text, count: 1 }],
      unpricedModels: [text],
      routes: [
        {
          tier: text,
          trials: 5,
          share: 1,
          tsr: aRate(0, 5),
          costPerTaskUsd: { n: 0, unknown: 5 },
        },
      ],
    }),
    controls: someControls({
      rules: [aRuleMetric({ proposed: 1 })],
      acted: [
        { rule: text, did: 'deny', count: 1 },
        { rule: text, did: 'error', count: 1, why: text },
      ],
      engineErrors: 1,
      blastRadius: {
        usd: { most: 1, trial: text },
        records: { most: 1, trial: text },
        tenants: { most: 1, trial: text },
      },
    }),
    judge: {
      model: text,
      trials: 1,
      cases: 1,
      failed: 0,
      advised: 0,
      unscored: 0,
      uncalibrated: [{ criterion: text, why: text }],
    },
    policyDiff: {
      old: text,
      actions: text,
      decided: 1,
      undecided: 1,
      moved: [
        {
          was: 'deny',
          now: 'allow',
          rules: [text],
          kind: 'call',
          tool: text,
          count: 1,
          examples: [text],
        },
      ],
      changes: [{ what: text, was: text, now: text }],
    },
    verdict: aVerdict({
      status: 'regression',
      exitCode: 1,
      metrics: [
        aMetric({ status: 'regression', note: text }),
        aMetric({ id: 'costPerTask', status: 'inconclusive', note: text }),
      ],
      facts: [
        aFact({ message: text, cases: [text], rule: 'rule', harm: { who: [text] } }),
        aFact({ message: text, cases: [text], waivedBy: text }),
      ],
      missingEvidence: [text],
      warnings: [text],
      inputsChanged: [text],
      baseline: { name: text, from: `git:${text}`, hash: text },
      rules: { from: text, changes: [{ what: text, base: text, here: text, holds: 'base' }] },
      anchor: { name: text, from: text, metrics: [aMetric({ status: 'regression' })] },
      slices: [
        {
          slice: text,
          metric: 'tsr',
          cases: 2,
          baseline: 1,
          candidate: 0,
          change: -1,
          p: 0.01,
          pAdjusted: 0.01,
          status: 'regression',
        },
      ],
      diagnostics: { broken: [text], fixed: [text], flaky: [] },
      confirmation: {
        first: 'regression',
        second: 'regression',
        firstMetrics: [],
        runs: { baseline: text, candidate: text },
      },
      cases: {
        moved: [
          aMovedCase({
            id: text,
            firstFailure: { grader: text, reason: text, count: 5 },
            baselinePath: path,
            candidatePath: { path: [text], count: 2 },
          }),
        ],
        added: [text],
        removed: [text],
        changed: [text],
      },
    }),
  })
}

function hostileLine(text: string): TrialLine {
  return aTrialLine({
    case: text,
    outcome: 'fail',
    outcomeReason: text,
    route: text,
    servedModels: [text],
    grades: [
      { grader: text, status: 'fail', reason: text, events: [1, 2, 5] },
      { grader: text, status: 'unscored', reason: text },
      { grader: text, status: 'pass' },
    ],
  })
}

function hostilePage(text: string): PageMaterial {
  const line = hostileLine(text)
  const events = aTrace({
    asks: [text, text],
    steps: [
      call(text, { [text]: text }, { value: { [text]: text } }),
      write(
        text,
        { a: text },
        {
          reason: text,
          rawArgs: text,
          schemaErrors: [text],
          executed: true,
          error: { code: text, message: text },
          lostChanges: [{ op: 'replace', path: text, value: text, from: { [text]: text } }],
          controls: [
            {
              rules: [{ id: text, decision: 'allow', reason: text, error: text }],
              modified: { [text]: text },
            },
          ],
          judging: [{ id: text, decision: 'deny', reason: text, harm: { who: text } }],
          approvals: [{ principal: text, overrides: [text] }],
        },
      ),
      say(text, { withheld: true }),
    ],
    end: { termination: 'agent_error', message: text },
  })
  const named = (name: string) =>
    nightsOf([0.93, 0.92]).map((night) => ({
      ...night,
      candidate: { ...night.candidate, name },
      servedModels: [name],
    }))
  return {
    candidate: { shown: text, trials: [line] },
    baseline: { shown: text, trials: [line] },
    traces: [pageTraceOf({ arm: 'candidate', line, events })],
    history: driftOf(named(text)),
    missing: [text],
    assets: { script: 'console.log("page")', style: 'p{color:red}' },
  }
}

function hostileInput(text: string): ReportInput {
  return {
    result: hostileResult(text),
    context: {
      evalSetName: text,
      commandPrefix: 'npx agent-eval',
      runPath: text,
      caseFileUrl: 'https://host/blob/1',
      commit: text,
      runUrl: text,
      note: text,
    },
    page: hostilePage(text),
  }
}

const ourElements = new Set([
  ...['html', 'head', 'meta', 'link', 'title', 'style', 'body', 'main', 'script'],
  ...['h1', 'h2', 'p', 'section', 'dl', 'dt', 'dd'],
])
const ourAttributes = new Set([
  ...['lang', 'charset', 'name', 'content', 'http-equiv', 'rel', 'href', 'id', 'type'],
])

describe.each(hostileTexts)('$name', ({ text }) => {
  const input = hostileInput(text)
  const page = html.render(input)
  const parsed = parsedHtml(page)

  test('no markup but ours is in the page', () => {
    // A noncharacter is text like any other.
    const errors = parsed.errors.filter((code) => code !== 'noncharacter-in-input-stream')
    expect(errors).toEqual([])
    for (const { attrs, tagName } of parsed.elements) {
      expect(ourElements).toContain(tagName)
      for (const { name } of attrs) expect(ourAttributes).toContain(name)
    }
    const scripts = parsed.elements.filter(({ tagName }) => tagName === 'script')
    expect(scripts.map((script) => attribute(script, 'type'))).toEqual([
      'application/json',
      undefined,
    ])
    expect(scripts[1] && textIn(scripts[1])).toBe('console.log("page")')
    const links = parsed.elements.flatMap((element) => attribute(element, 'href') ?? [])
    expect(links).toEqual(['data:,'])
  })

  test('the data is what it was, and of its schema', () => {
    const data = dataOf(parsed)
    expect(data).toEqual(pageDataOf(input))
    expect(() => pageData.parse(data)).not.toThrow()
  })

  test('nothing in it is invisible and acts on a reader', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    const live =
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/
    for (const value of stringsIn(dataOf(parsed))) expect(value).not.toMatch(live)
    expect(page).not.toMatch(live)
    expect(page).not.toMatch(/\p{Surrogate}/u)
  })
})

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, child]) => [key, ...stringsIn(child)])
}
