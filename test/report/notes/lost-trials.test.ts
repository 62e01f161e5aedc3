import { describe, expect, it } from 'vitest'
import { lostReasons } from '../../../src/metrics/lost-reasons.ts'
import { collectTrials } from '../../../src/metrics/trial-rows.ts'
import { heading } from '../../../src/report/heading.ts'
import { markdown } from '../../../src/report/markdown/markdown.ts'
import { lostTrials } from '../../../src/report/notes/lost-trials.ts'
import { renderRunOverview } from '../../../src/report/run-overview.ts'
import { sayInMarkdown, sayInTerminal } from '../../../src/report/say.ts'
import { subjectOf } from '../../../src/report/subject.ts'
import { terminal } from '../../../src/report/terminal/terminal.ts'
import type { RunResult } from '../../../src/schema/run-result.ts'
import { aCaseResult, aRunResult, someMetrics } from '../../builders/result.ts'
import { aTrialLine } from '../../builders/trial-line.ts'

const why = 'the provider failed: bad_request: 404, there is no <b>model</b> \u001b[31m"x"'

function lost(n: number, scored = 0): RunResult {
  const metrics = someMetrics({
    lostTo: [
      { reason: why, count: 7 },
      { reason: 'timed out', count: 1 },
    ],
  })
  const cases = [aCaseResult({ id: 'a', n, scored, passed: scored, invalid: n - scored })]
  return { ...aRunResult({ cases, metrics }), verdict: undefined }
}

describe('a run with lost trials', () => {
  const words =
    '10 of 10 trials lost: 7 x the provider failed: bad_request: 404, there is no <b>model</b> "x"; ' +
    '1 x timed out; 2 x not finished, or for other reasons'

  it('says how many of how many, and why, safe where it stands', () => {
    expect(lostTrials(subjectOf(lost(10)), sayInTerminal)).toBe(words)
    expect(lostTrials(subjectOf(lost(10)), sayInMarkdown)).not.toMatch(/<b>|\u001b/)
    expect(lostTrials(subjectOf(aRunResult()), sayInTerminal)).toBe('')
  })

  it('stands in every report, and in the heading where nothing was scored', () => {
    expect(heading(subjectOf(lost(10)), sayInTerminal)).toBe(`no trial was scored: ${words}`)
    expect(heading(subjectOf(lost(10, 1)), sayInTerminal)).not.toContain('lost')
    for (const text of [renderRunOverview(lost(10, 1)), ...reports(lost(10, 1))]) {
      expect(text.replaceAll(/\s+/g, ' ')).toContain('9 of 10 trials lost: 7 x the provider failed')
    }
  })
})

function reports(result: RunResult): readonly string[] {
  const context = { evalSetName: 'support', commandPrefix: 'agent-eval' }
  return [terminal, markdown].map((one) => one.render({ result, context }, { colour: false }))
}

describe('reasons of lost trials', () => {
  it('are counted by their first words, the three most frequent of them', () => {
    const collector = collectTrials()
    const reasons = [
      ...['1', '2', '3'].map((id) => `${'too much '.repeat(20)}, request ${id}`),
      ...['b', 'b', 'c', 'd', 'a'],
    ]
    for (const [index, outcomeReason] of reasons.entries()) {
      collector.add(aTrialLine({ trial: index + 1, outcome: 'invalid', outcomeReason }))
    }
    collector.add(aTrialLine({ trial: 50, outcome: 'fail' }))
    expect(lostReasons(collector.finish())).toEqual({
      lostTo: [
        { reason: expect.stringMatching(/^(too much )+.*…$/) as string, count: 3 },
        { reason: 'b', count: 2 },
        { reason: 'a', count: 1 },
      ],
    })
    expect(lostReasons([])).toEqual({})
  })
})
