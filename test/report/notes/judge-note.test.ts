import { expect, it } from 'vitest'
import { judgeNote } from '../../../src/report/notes/judge-note.ts'
import { reporters } from '../../../src/report/registry.ts'
import type { JudgeSummary } from '../../../src/schema/judge.ts'
import { aJudgeSummary } from '../../builders/judge.ts'
import { aRunResult } from '../../builders/result.ts'

it('says what a calibrated judge did in one line', () => {
  expect(judgeNote(aJudgeSummary())).toEqual([
    'judge stored:demo looked at 24 trials of 8 cases: 2 failed by it alone, 3 unscored',
  ])
})

it('says what it was not allowed to do, and why', () => {
  const uncalibrated = ['brief', 'kind', 'polite'].map((criterion) => ({
    criterion,
    why: 'it was never calibrated',
  }))
  expect(judgeNote(aJudgeSummary({ advised: 1, uncalibrated }))).toEqual([
    'judge stored:demo looked at 24 trials of 8 cases: 2 failed by it alone, 3 unscored, 1 more it advised against and may not fail; uncalibrated, it may fail tier 0–1 cases only (brief: it was never calibrated; kind: it was never calibrated; and 1 more)',
  ])
})

it('says loudly that it was stopped', () => {
  expect(judgeNote(aJudgeSummary({ stopped: 'it has drifted' }))).toEqual([
    'THE JUDGE stored:demo WAS STOPPED: it has drifted; 24 trials of 8 cases were judged without it',
  ])
})

const context = { evalSetName: 'support', commandPrefix: 'agent-eval' }
const hostile = 'stored:\u001b[2J<img src=x>\n# @everyone'

it.each(['terminal', 'markdown'])('stands in %s, made safe for it', (id) => {
  const render = (judge: JudgeSummary): string =>
    reporters.get(id)?.render({ result: aRunResult({ judge }), context }) ?? ''
  expect(render(aJudgeSummary()).replaceAll(/\\|\s+/g, ' ')).toContain(
    'looked at 24 trials of 8 cases: 2 failed by it alone, 3 unscored',
  )
  const stopped = render(aJudgeSummary({ model: hostile, stopped: hostile }))
  expect(stopped).toContain('WAS STOPPED')
  expect(stopped).not.toMatch(/\u001b|^# @everyone/m)
  if (id === 'markdown') expect(stopped).not.toMatch(/<img|[^\\]@everyone/)
})

it('stands in no report of a run without a judge', () => {
  const input = { result: aRunResult(), context }
  for (const reporter of reporters.values()) expect(reporter.render(input)).not.toContain('judge ')
})
