import { describe, expect, it } from 'vitest'
import { AgentEvalError } from '../../src/errors.ts'
import { type CaseSelection, selectCases } from '../../src/suites/select-cases.ts'
import { aCase } from '../builders/case.ts'

const expected = { says: [{ any: 'x' }] }
const cases = [
  aCase({ id: 'refund.full', title: 'All money back', tags: ['money', 'smoke'], expect: expected }),
  aCase({ id: 'refund.part', tags: ['money'], expect: expected }),
  aCase({ id: 'tone', layer: 'behavioral', tags: ['smoke'], risk_tier: 3, expect: expected }),
  aCase({ id: 'new', split: 'dev', tags: ['new'], expect: expected }),
  aCase({ id: 'kept', split: 'holdout', tags: ['smoke'], risk_tier: 3, expect: expected }),
]

function ids(selection: CaseSelection): readonly string[] {
  return selectCases(cases, selection).map(({ id }) => id)
}

function refusal(selection: CaseSelection, of = cases): string {
  try {
    selectCases(of, selection)
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
    ['tiers', { tiers: [3, 4] }, ['tone']],
    ['the split dev', { splits: ['dev'] }, ['new']],
    ['two splits', { splits: ['gate', 'dev'], tiers: [0] }, ['refund.full', 'refund.part', 'new']],
    ['the split holdout', { splits: ['holdout'] }, ['kept']],
    ['an id of dev', { ids: ['new', 'tone'] }, ['tone', 'new']],
    [
      'what somebody found out',
      { only: { ids: new Set(['tone', 'new', 'kept', 'gone']), why: 'nothing changed' } },
      ['tone'],
    ],
    [
      'several kinds',
      { tags: ['smoke', 'money'], layers: ['outcome'], grep: 'part' },
      ['refund.part'],
    ],
  ])('by %s', (_, selection, selected) => {
    expect(ids(selection)).toEqual(selected)
  })

  it.each<[CaseSelection, string]>([
    ...[{ tags: ['smoke'] }, { tiers: [3] }, { layers: ['outcome'] }].map(
      (slice): [CaseSelection, string] => [
        { splits: ['holdout'], ...slice },
        '2 the holdout runs as a whole: nothing else can pick from it; run all of it with --split holdout',
      ],
    ),
    [{ ids: ['tone', 'refund.ful'] }, '2 unknown case "refund.ful"; did you mean "refund.full"?'],
    [{ layers: ['outcomes'] }, '2 unknown layer "outcomes"; did you mean "outcome"?'],
    [
      { grep: '(?=x)' },
      '2 --grep: no valid pattern: invalid or unsupported Perl syntax: `(?=`; patterns are RE2, which has no look-around',
    ],
    [
      { tags: ['slow'], layers: ['schema'] },
      '2 no case matches --layer schema --tag slow; there are 5 cases',
    ],
    [
      { ids: ['tone'], grep: 'refund' },
      '2 no case matches --case tone --grep "refund"; there are 5 cases',
    ],
  ])('of nothing is a mistake: %j', (selection, why) => {
    expect(refusal(selection)).toBe(why)
  })

  it.each<[CaseSelection, string]>([
    [{ splits: ['hold'] }, '2 unknown split "hold"; known: dev, gate, holdout'],
    [{ splits: ['holdut'] }, '2 unknown split "holdut"; did you mean "holdout"?'],
    [{ tiers: [5] }, '2 there is no tier 5; tiers go from 0 to 4'],
    [
      { splits: ['holdout', 'gate'] },
      '2 the holdout runs alone; run the other splits by themselves',
    ],
    [
      { ids: ['kept'] },
      '2 the holdout runs as a whole: "kept" is one of its cases; run all of it with --split holdout',
    ],
    [
      { ids: ['kept'], splits: ['dev'] },
      '2 the holdout runs as a whole: "kept" is one of its cases; run all of it with --split holdout',
    ],
    [
      { ids: ['kept'], splits: ['holdout'] },
      '2 the holdout runs as a whole: nothing else can pick from it; run all of it with --split holdout',
    ],
    [
      { grep: 'k', splits: ['holdout'] },
      '2 the holdout runs as a whole: nothing else can pick from it; run all of it with --split holdout',
    ],
    [{ splits: ['dev'], tiers: [3] }, '2 no case matches --split dev --tier 3; there are 5 cases'],
    [
      { tags: ['new'] },
      '2 no case that matches --tag new is of the split gate; those of the split dev run with --split dev',
    ],
    [
      { only: { ids: new Set(['new']), why: 'no case changed since main' } },
      '2 no case is of the split gate; those of the split dev run with --split dev',
    ],
    [
      { only: { ids: new Set(['gone']), why: 'no case changed since main' }, tags: ['smoke'] },
      '2 no case changed since main',
    ],
    [
      { only: { ids: new Set(['tone']), why: 'no case changed since main' }, tags: ['money'] },
      '2 no case matches --tag money; there is 1 case',
    ],
  ])('that leaves nothing says why: %j', (selection, why) => {
    expect(refusal(selection)).toBe(why)
  })

  it('of a set without a gate says how to run it', () => {
    const ofSplit = (split: string): typeof cases => cases.filter((each) => each.split === split)
    expect(refusal({}, ofSplit('dev'))).toBe(
      '2 no case is of the split gate; those of the split dev run with --split dev',
    )
    expect(refusal({ splits: [] }, ofSplit('holdout'))).toBe(
      '2 no case is of the split gate; those of the split holdout run with --split holdout',
    )
  })

  it('of no cases at all is a mistake as well', () => {
    expect(() => selectCases([], {})).toThrow('the eval set has no cases')
  })
})
