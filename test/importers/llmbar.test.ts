import { describe, expect, it } from 'vitest'
import { AgentEvalError } from '../../src/errors.ts'
import { importLlmbar } from '../../src/importers/llmbar.ts'
import { judgeLabel, storedVote } from '../../src/schema/judge.ts'

function aPair(
  label: 1 | 2,
  winners: readonly [string, string],
  steps: readonly object[] = [],
): object {
  const [straight, swapped] = winners
  const last = { 'swap = False': { winner: straight }, 'swap = True': { winner: swapped } }
  return { input: 'Say hi.', output_1: 'hi', output_2: 'ho', label, results: [...steps, last] }
}

function imported(document: unknown): ReturnType<typeof importLlmbar> {
  const file = 'LLMBar/Natural/evaluators/a/b/result.json'
  return importLlmbar({ document, file, subset: 'Natural' }, 'a/b')
}

describe('importLlmbar', () => {
  it('makes of each pair one pass and one fail, by which answer is shown first', () => {
    const { labels, votes } = imported([aPair(1, ['1', '1'])])
    expect(labels.map((one) => judgeLabel.parse(one).label)).toEqual(['pass', 'fail'])
    // It names answer 1 both times: first in its place, then second.
    expect(votes.map((one) => storedVote.parse(one).vote)).toEqual(['yes', 'no'])
    expect(votes.map(({ transcriptHash }) => transcriptHash)).toEqual(
      labels.map(({ transcriptHash }) => transcriptHash),
    )
    expect(new Set(labels.map(({ transcriptHash }) => transcriptHash)).size).toBe(2)
  })

  it('shows a judge that always takes the first answer for what it is', () => {
    const { labels, votes } = imported([aPair(1, ['1', '2']), aPair(2, ['1', '2'])])
    expect(votes.map(({ vote }) => vote)).toEqual(['yes', 'yes', 'yes', 'yes'])
    expect(labels.map(({ label }) => label)).toEqual(['pass', 'fail', 'fail', 'pass'])
  })

  it('takes the last step for the verdict, and neither answer for no answer', () => {
    const { votes } = imported([aPair(2, ['2', 'tie'], [{ metrics: 'some' }])])
    expect(votes.map(({ vote }) => vote)).toEqual(['no', 'abstain'])
  })

  it('keeps pairs apart that stand there twice', () => {
    const { labels } = imported([aPair(1, ['1', '1']), aPair(1, ['1', '1'])])
    expect(new Set(labels.map(({ transcriptHash }) => transcriptHash)).size).toBe(4)
  })

  it.each([
    ['another document', { a: 1 }, ': not a result of LLMBar'],
    ['a label that is none', [{ ...aPair(1, ['1', '1']), label: 3 }], '0.label: not a result'],
    ['no verdict', [{ ...aPair(1, ['1', '1']), results: [{}] }], '0.results: not a result'],
  ])('refuses %s', (_, document, message) => {
    expect(() => imported(document)).toThrow(AgentEvalError)
    expect(() => imported(document)).toThrow(message)
  })
})
