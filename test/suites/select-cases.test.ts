import { describe, expect, it } from 'vitest'
import { AgentEvalError } from '../../src/errors.ts'
import { type CaseSelection, selectCases } from '../../src/suites/select-cases.ts'
import { aCase } from '../builders/case.ts'

const expected = { says: [{ any: 'x' }] }
const cases = [
  aCase({ id: 'refund.full', title: 'All money back', tags: ['money', 'smoke'], expect: expected }),
  aCase({ id: 'refund.part', tags: ['money'], expect: expected }),
  aCase({ id: 'tone', layer: 'behavioral', tags: ['smoke'], expect: expected }),
]

function ids(selection: CaseSelection): readonly string[] {
  return selectCases(cases, selection).map(({ id }) => id)
}

function refusal(selection: CaseSelection): string {
  try {
    selectCases(cases, selection)
  } catch (error) {
    if (!(error instanceof AgentEvalError)) throw error
    return `${error.exitCode} ${error.message}${error.hint === undefined ? '' : `; ${error.hint}`}`
  }
  throw new Error('selected something')
}

describe('a selection', () => {
  it.each<[string, CaseSelection, readonly string[]]>([
    ['nothing', {}, ['refund.full', 'refund.part', 'tone']],
    ['ids', { ids: ['tone', 'refund.full'] }, ['refund.full', 'tone']],
    ['a pattern of ids', { grep: '^refund' }, ['refund.full', 'refund.part']],
    ['a pattern of titles', { grep: '(?i)MONEY back' }, ['refund.full']],
    ['layers', { layers: ['behavioral', 'schema'] }, ['tone']],
    ['tags', { tags: ['smoke'] }, ['refund.full', 'tone']],
    [
      'several kinds',
      { tags: ['smoke', 'money'], layers: ['outcome'], grep: 'part' },
      ['refund.part'],
    ],
  ])('by %s', (_, selection, selected) => {
    expect(ids(selection)).toEqual(selected)
  })

  it.each<[CaseSelection, string]>([
    [{ ids: ['tone', 'refund.ful'] }, '2 unknown case "refund.ful"; did you mean "refund.full"?'],
    [{ layers: ['outcomes'] }, '2 unknown layer "outcomes"; did you mean "outcome"?'],
    [
      { grep: '(?=x)' },
      '2 --grep: no valid pattern: invalid or unsupported Perl syntax: `(?=`; patterns are RE2, which has no look-around',
    ],
    [
      { tags: ['slow'], layers: ['schema'] },
      '2 no case matches --layer schema --tag slow; there are 3 cases',
    ],
    [
      { ids: ['tone'], grep: 'refund' },
      '2 no case matches --case tone --grep "refund"; there are 3 cases',
    ],
  ])('of nothing is a mistake: %j', (selection, why) => {
    expect(refusal(selection)).toBe(why)
  })

  it('of no cases at all is a mistake as well', () => {
    expect(() => selectCases([], {})).toThrow('the eval set has no cases')
  })
})
