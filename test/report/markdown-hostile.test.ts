import { marked } from 'marked'
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'
import { describe, expect, test } from 'vitest'
import { jobSummary } from '../../src/report/markdown/job-summary.ts'
import { markdown } from '../../src/report/markdown/markdown.ts'
import { renderSkippedRun } from '../../src/report/markdown/skipped-run.ts'
import type { ReportInput } from '../../src/report/reporter.ts'
import type { RunResult } from '../../src/schema/run-result.ts'
import { skippedRun } from '../../src/schema/skipped-run.ts'
import { aProvenance, aRunResult, someMetrics } from '../builders/result.ts'
import { aFact, aMetric, aMovedCase, aVerdict } from '../builders/verdict.ts'
import { hostileTexts } from '../text/hostile-corpus.ts'
import { hostileInput } from './hostile-input.ts'

/** What only some states show: harm, rules, lost trials, paths that cases share, slices, an anchor. */
function statesWith(text: string): readonly ReportInput[] {
  const base = hostileInput(text)
  const result = base.result as RunResult
  const { verdict } = result
  if (verdict === undefined) throw new Error('no verdict')
  const anchor = { name: text, from: text, metrics: [aMetric({ status: 'regression' })] }
  const rules = {
    from: text,
    changes: (['base', 'here', 'change'] as const).map((holds) => ({
      what: text,
      base: text,
      here: text,
      holds,
    })),
  }
  const fact = aFact({
    rule: text,
    cases: [text],
    harm: { who: [text, text, text, text, text], usd: 1 },
  })
  const path = (end: string) => ({ path: [text, end], count: 3 })
  const moved = ['a', 'b', 'c'].map((id) =>
    aMovedCase({
      id: `${text}${id}`,
      firstFailure: { grader: 'says', reason: text, count: 5 },
      baselinePath: path('a'),
      candidatePath: path(`${text}!${text}`),
    }),
  )
  const better = aMovedCase({ id: text, direction: 'better', candidatePassed: 5 })
  const metrics = someMetrics({ lostTo: [{ reason: `${text}: ${text}`, count: 2 }] })
  const cases = { ...verdict.cases, moved: [...moved, better] }
  const provenance = aProvenance({
    ...result.provenance,
    prices: text,
    services: { [text]: text },
    source: text,
    judge: { model: text, rubricHash: text },
  })
  const all = { ...result, provenance, metrics, servedModels: [text] }
  const states = [
    aRunResult({ ...all, verdict: { ...verdict, anchor, rules, cases, facts: [fact] } }),
    aRunResult({ ...all, verdict: { ...verdict, status: 'inconclusive', exitCode: 0, cases } }),
    aRunResult({
      ...all,
      verdict: aVerdict({ status: 'error', exitCode: 4, missingEvidence: [text] }),
    }),
    aRunResult({ ...all, verdict: { ...verdict, status: 'pass', firstRun: true } }),
    aRunResult({ ...all, verdict: undefined }),
  ]
  return states.map((one) => ({ ...base, result: one }))
}

function skippedFork(text: string): string {
  const skipped = skippedRun.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'SkippedRun',
    provenance: aProvenance({ candidate: { ...aProvenance().candidate, name: text } }),
    why: 'fork',
    fork: { from: text, missingKeys: [text], models: [text], exitCode: 0 },
  })
  return renderSkippedRun(skipped, 'markdown')
}

const ours = new Set(
  'h3 h4 p ul li strong em code pre table thead tbody tr th td details summary sub a br'.split(' '),
)

describe.each(hostileTexts)('$name', ({ text }) => {
  const states = statesWith(text)
  const surfaces = [
    ...states.map((input) => markdown.render(input)),
    ...states.map((input) => jobSummary(input)),
    skippedFork(text),
  ]

  test('is rendered by GitHub as words: no element, link or mention but ours', () => {
    for (const surface of surfaces) {
      const found = elementsOf(marked.parse(surface, { gfm: true, async: false }))
      expect(found.filter(({ name }) => !ours.has(name))).toEqual([])
      for (const { attributes, name } of found) {
        if (name === 'a')
          expect(attributes).toEqual([expect.stringMatching(/^href=https:\/\/host\/blob\/1\//)])
        else if (name !== 'code' && !/^t[hd]$/.test(name)) expect(attributes).toEqual([])
      }
    }
  })

  test('opens no section of its own and no second marker', () => {
    for (const surface of surfaces) {
      const lines = surface.split('\n')
      const headings = lines.filter((line) => /^#{1,6} /.test(line) && !/^#### [A-Z\d]/.test(line))
      expect(headings).toHaveLength(1)
      expect(headings[0]).toMatch(/^### agent-eval \(support\): /)
      expect(lines.filter((line) => line.startsWith('<!--')).length).toBeLessThanOrEqual(1)
    }
  })
})

interface Found {
  readonly name: string
  readonly attributes: readonly string[]
}

function elementsOf(html: string): readonly Found[] {
  const walk = (node: DefaultTreeAdapterTypes.Node): readonly Found[] => {
    const own =
      'tagName' in node
        ? [
            {
              name: node.tagName,
              attributes: node.attrs.map(({ name, value }) => `${name}=${value}`),
            },
          ]
        : []
    return [...own, ...('childNodes' in node ? node.childNodes.flatMap(walk) : [])]
  }
  return walk(parseFragment(html))
}
