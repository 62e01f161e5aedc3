import { describe, expect, it } from 'vitest'
import type { CaseStats } from '../../src/schema/case-stats.ts'
import { aCaseStats, attackedStats } from '../builders/case-stats.ts'
import {
  candidateWith,
  decided,
  decidedAlone,
  healthy,
  type Sides,
  together,
  twice,
} from './arms.ts'

/** A case that broke in every way: failed, obeyed an attacker, executed what no waiver allows. */
function broken(changes: Parameters<typeof aCaseStats>[0] = {}): CaseStats {
  return attackedStats({
    id: 'broken',
    passed: 0,
    attackSuccesses: 5,
    violationTrials: 5,
    violationsByRule: { payout: { proposed: 5, executed: 5 } },
    severeByRule: { payout: 5 },
    ...changes,
  })
}

const withCandidate = (sides: Sides, ...more: readonly CaseStats[]): Sides => ({
  ...sides,
  candidate: [...sides.candidate, ...more],
})

describe.each([
  ['draft', { status: 'draft' }],
  ['quarantined', { status: 'quarantined' }],
  ['dev', { split: 'dev' }],
] as const)('a case that is %s', (why, changes) => {
  it('enters no metric, no fact and no list of cases that moved', () => {
    const plain = decided(healthy())
    const verdict = decided(withCandidate(healthy(), broken(changes)))
    expect(verdict).toEqual({
      ...plain,
      cases: { ...plain.cases, idle: [{ id: 'broken', why, passed: 0, scored: 5 }] },
    })
  })

  it('enters none on a first run either', () => {
    const verdict = decidedAlone([aCaseStats(), broken(changes)])
    expect(verdict).toMatchObject({ status: 'pass', facts: [] })
    expect(verdict.metrics.find(({ id }) => id === 'asr')?.nCandidate).toBe(0)
  })

  it('does not gate with its benign twin', () => {
    const twin = broken({ ...changes, id: 'broken~twin', twinOf: 'broken' })
    const verdict = decided(withCandidate(healthy(), broken(changes), twin))
    expect(verdict.cases.idle?.map(({ id }) => id)).toEqual(['broken'])
  })

  it('is a fact all the same where it gated before: setting it aside undoes no payment', () => {
    const before = broken({
      passed: 5,
      attackSuccesses: 0,
      violationTrials: 0,
      violationsByRule: {},
      severeByRule: {},
    })
    const sides = healthy()
    const verdict = decided(
      { baseline: [...sides.baseline, before], candidate: [...sides.candidate, broken(changes)] },
      { gate: { zero_tolerance: ['payout'] } },
    )
    expect(verdict.status).toBe('regression')
    expect(verdict.facts).toMatchObject([{ kind: 'zero-tolerance', cases: ['broken'] }])
  })

  it('is listed as suspended where it gated before', () => {
    const verdict = decided(candidateWith(twice(20), 1, changes))
    expect(verdict).toMatchObject({ status: 'pass', pairedCases: 19 })
    expect(verdict.cases).toMatchObject({ removed: [], suspended: ['case.000'] })
  })

  it('counts like a removed one: setting failing cases aside is no way around the gate', () => {
    const aside = candidateWith(twice(20), 3, changes)
    expect(decided(aside)).toMatchObject({ status: 'error', exitCode: 4 })
    expect(decided(aside).missingEvidence).toEqual([
      "3 of the baseline's 20 cases have no trial in the candidate that counts: 3 do not gate any more",
    ])
    const mixed = candidateWith(twice(20), 1, changes)
    const deleted = { ...mixed, candidate: mixed.candidate.slice(0, -2) }
    expect(decided(deleted).missingEvidence).toEqual([
      "3 of the baseline's 20 cases have no trial in the candidate that counts: 1 does not gate any more",
    ])
  })

  it('is new, not missed, where it did not gate before', () => {
    const sides = twice(20)
    const before = { ...sides, baseline: [...sides.baseline, aCaseStats({ id: 'x', ...changes })] }
    expect(decided(before)).toMatchObject({ status: 'pass', pairedCases: 20 })
    const now = withCandidate(before, aCaseStats({ id: 'x' }))
    expect(decided(now).cases.added).toEqual(['x'])
  })
})

describe('a run without a case that gates', () => {
  it('decides nothing', () => {
    const verdict = decidedAlone([broken({ status: 'draft' })])
    expect(verdict).toMatchObject({
      status: 'error',
      exitCode: 4,
      facts: [],
      missingEvidence: ['no case of the run gates'],
    })
  })

  it('has numbers and facts of its own where it is of the dev split', () => {
    const verdict = decidedAlone([broken({ split: 'dev' })])
    expect(verdict).toMatchObject({ status: 'regression', split: 'dev' })
    expect(verdict.facts[0]?.cases).toEqual(['broken'])
  })
})

describe('a holdout', () => {
  const held = (sides: Sides): Sides => {
    const hold = (one: CaseStats, index: number): CaseStats =>
      aCaseStats({
        ...one,
        id: `secret-${one.id}`,
        cluster: `secret-${one.cluster}`,
        definitionHash: `h${String(999 - index)}`,
        split: 'holdout',
        paths: [{ path: ['secret.tool'], count: 5 }],
        failures: [{ grader: 'says', reason: 'secret reason', count: 1 }],
      })
    return { baseline: sides.baseline.map(hold), candidate: sides.candidate.map(hold) }
  }
  const worse = held(candidateWith(healthy(), 20, { passed: 1 }))

  it('is decided like any other split', () => {
    expect(decided(worse)).toMatchObject({ status: 'regression', split: 'holdout' })
    expect(decided(held(healthy()))).toMatchObject({ status: 'pass', pairedCases: 120 })
  })

  it('tells nothing of any case: no id, no reason, no path, no case that moved', () => {
    const severe = held(
      candidateWith(twice(40), 1, {
        violationTrials: 1,
        violationsByRule: { payout: { proposed: 1, executed: 1 } },
        severeByRule: { payout: 1 },
      }),
    )
    const edited = severe.candidate.map((one, index) =>
      index === 3 ? { ...one, definitionHash: 'other' } : one,
    )
    const draft = aCaseStats({ id: 'secret-draft', split: 'holdout', status: 'draft' })
    const verdict = decided({
      baseline: severe.baseline.slice(1),
      candidate: [...edited.slice(0, -1), draft],
    })
    expect(JSON.stringify(verdict)).not.toMatch(/secret/)
    expect(verdict.facts).toMatchObject([{ kind: 'severe-violation', cases: [] }])
    expect(verdict.cases).toEqual({
      moved: [],
      added: ['holdout-0039'],
      removed: ['holdout-removed-0001'],
      changed: ['holdout-0040'],
      idle: [{ id: 'holdout-0001', why: 'draft', passed: 5, scored: 5 }],
    })
  })

  it('names none as broken, fixed or flaky, and no slice that only is watched', () => {
    const labelled = (sides: Sides): Sides => ({
      ...sides,
      candidate: sides.candidate.map((one, index) => ({
        ...one,
        slices: index < 20 ? ['tag:secret', 'tag:shown'] : [],
      })),
    })
    const broken = labelled(candidateWith(twice(40), 6, { passed: 0 }))
    const gate = { slices: ['tag:shown'] }
    expect(decided(broken, { gate }).diagnostics?.broken).toHaveLength(6)
    expect(decided(broken).slices?.map(({ slice }) => slice)).toContain('tag:secret')
    const verdict = decided(held(broken), { gate })
    expect(verdict).toMatchObject({ status: 'regression', split: 'holdout' })
    expect(verdict.diagnostics).toBeUndefined()
    expect(verdict.slices?.map(({ metric, slice, status }) => [slice, metric, status])).toEqual([
      ['tag:shown', 'tsr', 'regression'],
      ['tag:shown', 'violationRate', 'quiet'],
    ])
    expect(JSON.stringify(verdict)).not.toMatch(/secret/)
  })

  it('is a first run beside a baseline that has no case of it, and says so', () => {
    const verdict = decided({ baseline: twice(20).baseline, candidate: worse.candidate })
    expect(verdict).toMatchObject({
      firstRun: true,
      warnings: ['the baseline has no case of the holdout split'],
      cases: { removed: [], added: [] },
    })
    expect(verdict.baseline).toBeUndefined()
  })

  it('is no baseline for the cases that gate', () => {
    const verdict = decided({ baseline: worse.baseline, candidate: twice(20).candidate })
    expect(verdict).toMatchObject({
      status: 'error',
      missingEvidence: ['no case can be compared with the baseline'],
    })
  })

  it('is compared within itself only', () => {
    const own = held(twice(20))
    const both = together({ baseline: twice(5).baseline, candidate: [] }, own)
    expect(decided(both)).toMatchObject({ pairedCases: 20, missingEvidence: [] })
  })
})
