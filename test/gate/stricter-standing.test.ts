import { describe, expect, it } from 'vitest'
import { type CasesAt, stricterStanding } from '../../src/gate/stricter-standing.ts'
import type { EvalCase } from '../../src/schema/case.ts'
import { aCase } from '../builders/case.ts'

type Changes = Partial<
  Pick<EvalCase, 'status' | 'split' | 'tags' | 'strata' | 'trials' | 'cluster'>
>

const expectation = { says: [{ any: 'Done' }] }
const quarantined = { quarantined: { reason: 'flaky', owner: 'Eve', expires: '2027-01-01' } }

function caseOf(id: string, changes: Changes = {}): EvalCase {
  return aCase({ id, expect: expectation, ...changes })
}

/** Cases of which those named in `edited` are other cases than usual. */
function at(cases: readonly EvalCase[], edited: readonly string[] = []): CasesAt {
  const definitions = cases.map(({ id }) => {
    const definitionHash = edited.includes(id) ? 'edited' : 'usual'
    return [id, { definitionHash }] as const
  })
  return { cases, definitions: new Map(definitions), defaultTrials: 3 }
}

function standing(
  base: CasesAt,
  here: CasesAt,
  slices: readonly string[] = [],
): { readonly cases: readonly Changes[]; readonly changes: readonly unknown[] } {
  const found = stricterStanding(base, here, { slices, areTrialsGiven: false })
  const cases = found.cases.map(({ split, status, strata, tags, trials }) => {
    return { status, split, tags, strata, ...(trials !== undefined && { trials }) }
  })
  return { cases, changes: found.changes }
}

const usualRules = { slices: [], areTrialsGiven: false }
const usual = { status: 'active', split: 'gate', tags: [], strata: {} }

describe('stricterStanding', () => {
  it.each<[string, Changes, string, string]>([
    ['a draft', { status: 'draft' }, 'active', 'draft'],
    ['quarantined', { status: quarantined }, 'active', 'quarantined until 2027-01-01, Eve: flaky'],
    ['of dev', { split: 'dev' }, 'split gate', 'split dev'],
    ['of the holdout', { split: 'holdout' }, 'split gate', 'split holdout'],
  ])('a case that gates at the base and is %s here goes on gating', (_, changes, base, here) => {
    expect(standing(at([caseOf('a')]), at([caseOf('a', changes)]))).toEqual({
      cases: [usual],
      changes: [{ what: 'case a', base, here, holds: 'base' }],
    })
  })

  it('a case that begins to gate here does so at once', () => {
    expect(standing(at([caseOf('a', { status: 'draft' })]), at([caseOf('a')]))).toEqual({
      cases: [usual],
      changes: [{ what: 'case a', base: 'draft', here: 'active', holds: 'here' }],
    })
  })

  it('a case that gates on neither side stays what it is, and nothing is told of a holdout', () => {
    const draft = caseOf('a', { status: 'draft' })
    const later = caseOf('a', { status: quarantined })
    expect(standing(at([draft]), at([later]))).toMatchObject({
      cases: [{ status: quarantined }],
      changes: [{ holds: 'here' }],
    })
    const hidden = caseOf('a', { split: 'holdout' })
    const sealed = caseOf('a', { split: 'holdout', status: 'draft' })
    expect(standing(at([hidden]), at([sealed])).changes).toEqual([])
  })

  it('another case under the same id stands as it is called: it counts as removed', () => {
    const here = at([caseOf('a', { status: 'draft' })], ['a'])
    expect(standing(at([caseOf('a')]), here)).toMatchObject({
      cases: [{ status: 'draft' }],
      changes: [],
    })
  })

  it('cases on one side only are nobody else’s business here', () => {
    const added = caseOf('b', { split: 'dev' })
    expect(standing(at([caseOf('a')]), at([added]))).toMatchObject({
      cases: [{ split: 'dev' }],
      changes: [],
    })
  })

  it('a case is tried as often as at the base, or more', () => {
    const base = { ...at([caseOf('a'), caseOf('b', { trials: 9 }), caseOf('c')]), defaultTrials: 5 }
    const here = at([caseOf('a'), caseOf('b'), caseOf('c', { trials: 8 })])
    expect(standing(base, here)).toEqual({
      cases: [
        { ...usual, trials: 5 },
        { ...usual, trials: 9 },
        { ...usual, trials: 8 },
      ],
      changes: [
        { what: 'trials of 1 case', base: '5', here: '3', holds: 'base' },
        { what: 'trials of 1 case', base: '9', here: '3', holds: 'base' },
        { what: 'trials of 1 case', base: '5', here: '8', holds: 'here' },
      ],
    })
  })

  it('trials that somebody typed are nobody’s rule', () => {
    const [base, here] = [{ ...at([caseOf('a')]), defaultTrials: 5 }, at([caseOf('a')])]
    const typed = { slices: [], areTrialsGiven: true }
    expect(stricterStanding(base, here, typed).changes).toEqual([])
  })

  it('equal changes of trials are told once', () => {
    const cases = ['a', 'b', 'c'].map((id) => caseOf(id))
    const { changes } = standing({ ...at(cases), defaultTrials: 12 }, at(cases))
    expect(changes).toEqual([{ what: 'trials of 3 cases', base: '12', here: '3', holds: 'base' }])
  })

  it('a case stays in the slices that gate', () => {
    const base = at([caseOf('a', { tags: ['vip'], strata: { language: 'de' } })])
    const here = at([caseOf('a', { tags: ['other'], strata: { language: 'en' } })])
    expect(standing(base, here, ['tag:vip', 'language:en'])).toEqual({
      cases: [{ ...usual, tags: ['vip'], strata: { language: 'de' } }],
      changes: [
        { what: 'case a', base: 'in tag:vip', here: 'not in tag:vip', holds: 'base' },
        { what: 'case a', base: 'not in language:en', here: 'in language:en', holds: 'base' },
      ],
    })
    expect(standing(base, here)).toMatchObject({ cases: [{ tags: ['other'] }], changes: [] })
  })

  it('cases stay in their clusters', () => {
    const base = at([caseOf('a'), caseOf('b'), caseOf('c', { cluster: 'b' })])
    const here = at([
      caseOf('a', { cluster: 'all' }),
      caseOf('b', { cluster: 'all' }),
      caseOf('c', { cluster: 'all' }),
    ])
    const found = stricterStanding(base, here, usualRules)
    expect(found.cases.map(({ cluster }) => cluster)).toEqual(['a', 'b', 'b'])
    expect(found.changes).toEqual([
      { what: 'clusters of 3 cases', base: 'a, b', here: 'all', holds: 'base' },
    ])
  })
})
