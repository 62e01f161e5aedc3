import { describe, expect, test } from 'vitest'
import { renderBaseline, renderBaselineDiff } from '../../src/report/baseline-text.ts'
import { markdown } from '../../src/report/markdown.ts'
import type { ReportInput } from '../../src/report/reporter.ts'
import { renderRunOverview } from '../../src/report/run-overview.ts'
import { terminal } from '../../src/report/terminal.ts'
import { renderTrial } from '../../src/report/trial.ts'
import type { Baseline } from '../../src/schema/baseline.ts'
import type { RunResult } from '../../src/schema/run-result.ts'
import type { TraceEvent } from '../../src/schema/trace.ts'
import { aRuleMetric, someControls } from '../builders/controls.ts'
import { aCaseResult, aProvenance, aRate, aRunResult, someMetrics } from '../builders/result.ts'
import { aTrace, call, say, write } from '../builders/trace.ts'
import { aFact, aMetric, aMovedCase, aVerdict } from '../builders/verdict.ts'
import { hostileTexts } from '../text/hostile-corpus.ts'
import { aTrialLine } from './trial-example.ts'

/** Text in every place of a result that a model, a tool, a case or a foreign file can fill. */
function hostileResult(text: string): RunResult {
  const path = { path: [text, 'a', text], count: 3 }
  return aRunResult({
    provenance: aProvenance({
      tool: text,
      evalSet: { id: 'support', version: text, hash: text },
      candidate: { ...aProvenance().candidate, name: text, models: { [text]: text } },
    }),
    cases: [
      aCaseResult({
        id: text,
        passed: 0,
        violationTrials: 1,
        violationsByRule: { rule: { proposed: 1, executed: 1 } },
        file: text,
        line: 3,
        failures: [{ grader: text, reason: text, count: 5 }],
      }),
    ],
    metrics: someMetrics({
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
      blastRadius: {
        usd: { most: 1, trial: text },
        records: { most: 1, trial: text },
        tenants: { most: 1, trial: text },
      },
    }),
    verdict: aVerdict({
      status: 'regression',
      exitCode: 1,
      metrics: [
        aMetric({ status: 'regression', note: text }),
        aMetric({ id: 'costPerTask', status: 'inconclusive', note: text }),
      ],
      facts: [
        aFact({ message: text, cases: [text], rule: 'rule' }),
        aFact({ message: text, cases: [text], waivedBy: text }),
      ],
      missingEvidence: [text],
      warnings: [text],
      inputsChanged: [text],
      baseline: { name: text, from: `git:${text}`, hash: text },
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
  }
}

function hostileEvents(text: string): readonly TraceEvent[] {
  return aTrace({
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
          changes: [{ op: 'replace', path: text, value: text, from: { [text]: text } }],
          controls: [{ rules: [{ id: text, decision: 'allow', reason: text, error: text }] }],
          judging: [{ id: text, decision: 'deny', reason: text }],
          approvals: [{ principal: text }],
        },
      ),
      say(text, { withheld: true }),
    ],
    end: { termination: 'agent_error', message: text },
  })
}

function everyTerminalText(text: string): readonly string[] {
  const result = hostileResult(text)
  const { cases, ...rest } = result
  const asBaseline = (id: string): Baseline => ({
    ...rest,
    kind: 'Baseline',
    cases: cases.map((one) => ({ ...one, id, paths: [{ path: [text], count: 1 }] })),
  })
  const grades = [
    { grader: text, status: 'fail' as const, reason: text, events: [1] },
    { grader: text, status: 'unscored' as const, reason: text },
    { grader: text, status: 'pass' as const },
  ]
  const trial = aTrialLine({ case: text, outcome: 'fail', outcomeReason: text, grades })
  return [
    terminal.render(hostileInput(text)),
    terminal.render({ ...hostileInput(text), result: { ...result, verdict: undefined } }),
    renderRunOverview(result),
    renderTrial({ trial, events: hostileEvents(text) }),
    renderBaseline(asBaseline(text)),
    renderBaselineDiff(asBaseline(text), asBaseline('other')),
  ]
}

describe.each(hostileTexts)('$name', ({ text }) => {
  test('no control character reaches a terminal', () => {
    for (const rendered of everyTerminalText(text)) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
      expect(rendered).not.toMatch(
        /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/,
      )
    }
  })

  test('nothing in a comment is live', () => {
    const rendered = markdown.render(hostileInput(text))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(rendered).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    const prose = withoutCode(rendered).replace(/\]\(https:\/\/host\/blob\/1\/[\w.%/-]*#L3\)/g, ']')
    expect(prose).not.toMatch(/@\w|:\/\/|www\.|\]\(/i)
    expect(prose.match(/<[^>]*>/g)?.filter((tag) => !ourTags.has(tag)) ?? []).toEqual([])
  })

  test('a comment keeps its shape: one marker, one heading, tables of equal width', () => {
    const lines = markdown.render(hostileInput(text)).split('\n')
    expect(lines.filter((line) => line.startsWith('<!--'))).toHaveLength(1)
    expect(lines.filter((line) => line.startsWith('### '))).toHaveLength(1)
    const moved = lines.filter((line) => line.startsWith('| **FAIL**'))
    expect(moved.map((line) => line.split(/(?<!\\)\|/).length)).toEqual([7])
  })
})

const ourTags = new Set(['<!-- agent-eval:comment v1 evalset=support -->'])
for (const name of ['details', 'summary', 'sub', 'code']) {
  ourTags.add(`<${name}>`).add(`</${name}>`)
}

/** Without fenced blocks and code spans, in which hosts look for nothing. */
function withoutCode(text: string): string {
  return text
    .replace(/^(`{3,})diff\n[\s\S]*?\n\1$/gm, '')
    .replace(/\\[\s\S]|(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, (found) =>
      found.startsWith('\\') ? found : 'CODE',
    )
}
