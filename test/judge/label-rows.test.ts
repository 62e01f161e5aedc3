import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AgentEvalError } from '../../src/errors.ts'
import { formatLabel, formatLabels, parseLabels } from '../../src/judge/label-rows.ts'
import { type JudgeLabel, judgeLabel } from '../../src/schema/judge.ts'

const label = judgeLabel.parse({
  criterion: 'polite',
  transcriptHash: 'sha256:1',
  label: 'pass',
  author: 'Ada',
  reason: '',
  date: '',
})

function problemOf(text: string): string {
  try {
    parseLabels(text, 'labels.csv')
  } catch (error) {
    if (!(error instanceof AgentEvalError)) throw error
    const { code, message, source } = error
    return `${code} ${source?.file ?? ''}:${source?.line ?? ''} ${message}`
  }
  return ''
}

describe('parseLabels', () => {
  it('reads what formatLabels writes, whatever people call things', () => {
    // White space around a cell is nobody's intention.
    const word = fc
      .string({ minLength: 1 })
      .map((text) => text.trim())
      .filter((text) => text !== '')
    const anyLabel = fc.record<JudgeLabel>({
      criterion: word,
      criterionHash: word,
      transcriptHash: word,
      trial: word,
      label: fc.constantFrom('pass', 'fail'),
      author: word,
      reason: word,
      date: word,
      group: word,
    })
    fc.assert(
      fc.property(fc.array(anyLabel), (labels) => {
        const read = parseLabels(formatLabels(labels), 'labels.csv')
        expect(read.map((one) => judgeLabel.strip().parse(one))).toEqual(labels)
      }),
      { numRuns: 500 },
    )
  })

  it('takes columns in any order, and passes others over', () => {
    const text = 'note,Author,LABEL,criterion,transcript_hash\nhi,Ada,PASS,polite,sha256:1\n'
    expect(parseLabels(text, 'labels.csv')).toEqual([{ ...label, line: 2 }])
  })

  it.each([
    ['criterion,label\npolite,good\n', 'input labels.csv:2 "good" is no label'],
    ['criterion,labels\n', 'input labels.csv:1 there is no column "label"'],
    ['label,label,criterion\n', 'input labels.csv:1 there are two columns "label"'],
    [
      'criterion,label\n\npolite\n',
      'input labels.csv:3 has 1 cells, and the first line names 2 columns',
    ],
    ['criterion,label\n,pass\n', 'input labels.csv:2 no criterion is named'],
    [
      'criterion,label,author\npolite,pass,Ada\n',
      'input labels.csv:2 neither transcript_hash nor trial says what was labelled',
    ],
    [
      'criterion,label,trial\npolite,pass,a#1\n',
      'input labels.csv:2 nobody is named as its author',
    ],
    ['criterion,label\n"polite,pass\n', 'input labels.csv:2 a cell opens with " and never closes'],
  ])('says of %j what is wrong where', (text, problem) => {
    expect(problemOf(text)).toBe(problem)
  })
})

it('formatLabel keeps to the columns that a file has', () => {
  expect(formatLabel({ ...label, reason: '=1+1' }, ['label', 'mine', 'reason', 'criterion'])).toBe(
    "pass,,'=1+1,polite\n",
  )
})
