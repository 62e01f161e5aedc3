import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ReviewableTrial,
  reviewableTrial,
  sampleReview,
} from '../../src/judge/sample-review.ts'
import type { Grade } from '../../src/schema/grade.ts'
import { aTrialLine } from '../builders/trial-line.ts'

const changes: Grade = { grader: 'changes', status: 'pass' }
const broken: Grade = { grader: 'changes', status: 'fail', reason: 'x', events: [] }
const yes: Grade = { grader: 'judge:polite', status: 'pass' }
const no: Grade = { grader: 'judge:polite', status: 'fail', reason: 'x', events: [] }
const open: Grade = { grader: 'judge:polite', status: 'unscored', reason: 'x', advisory: true }

function trials(tier: number, count: number): readonly ReviewableTrial[] {
  return Array.from({ length: count }, (_, index) => ({
    trial: `tier${tier}#${index + 1}`,
    tier,
    criteria: ['polite'],
    gradesDisagree: false,
  }))
}

const nobody = new Set<string>()

describe('reviewableTrial', () => {
  it.each<[string, readonly Grade[], boolean]>([
    ['judge and checks pass', [changes, yes], false],
    ['the judge alone fails', [changes, no], true],
    ['both fail', [broken, no], false],
    ['the checks alone fail', [broken, yes], true],
    ['the judge has no answer', [broken, open], false],
  ])('sees whether judge and checks disagree: %s', (_, grades, gradesDisagree) => {
    const line = aTrialLine({ case: 'a', trial: 1, tier: 1, grades: [...grades] })
    expect(reviewableTrial(line, undefined)).toEqual({
      trial: 'a#1',
      tier: 1,
      criteria: ['polite'],
      gradesDisagree,
    })
  })

  it('is nothing where nobody asks the judge, or not about this', () => {
    expect(reviewableTrial(aTrialLine({ grades: [changes] }), undefined)).toBeUndefined()
    expect(reviewableTrial(aTrialLine({ grades: [yes] }), 'brief')).toBeUndefined()
    const lost = aTrialLine({ grades: [yes], outcome: 'incomplete' })
    expect(reviewableTrial(lost, undefined)).toBeUndefined()
  })
})

describe('sampleReview', () => {
  it('draws the share of each tier, and at least one', () => {
    const all = [...trials(0, 200), ...trials(2, 100), ...trials(4, 3)]
    const drawn = sampleReview(all, { share: 0.03, seed: 1, votesDisagree: nobody })
    const count = (of: number): number => drawn.filter(({ tier }) => tier === of).length
    expect([count(0), count(2), count(4)]).toEqual([6, 3, 1])
    expect(new Set(drawn.map(({ why }) => why))).toEqual(new Set(['drawn']))
  })

  it('adds every trial that somebody disagrees about', () => {
    const all = trials(0, 100).map((one, index) => ({ ...one, gradesDisagree: index === 50 }))
    const votesDisagree = new Set(['tier0#10', 'tier0#20'])
    const drawn = sampleReview(all, { share: 0.01, seed: 1, votesDisagree })
    const of = (why: string): readonly string[] =>
      drawn
        .filter((one) => one.why === why)
        .map(({ trial }) => trial)
        .toSorted()
    expect(of('votes-disagree')).toEqual(['tier0#10', 'tier0#20'])
    expect(of('grades-disagree')).toEqual(['tier0#51'])
    expect(drawn.length).toBeLessThanOrEqual(4)
  })

  it('draws the same for one seed in any order of trials, and others for another', () => {
    const all = trials(1, 60)
    const draw = (from: readonly ReviewableTrial[], seed: number): readonly string[] =>
      sampleReview(from, { share: 0.1, seed, votesDisagree: nobody }).map(({ trial }) => trial)
    const expected = draw(all, 7)
    fc.assert(
      fc.property(fc.shuffledSubarray([...all], { minLength: all.length }), (shuffled) => {
        expect(draw(shuffled, 7)).toEqual(expected)
      }),
      { numRuns: 30 },
    )
    expect(draw(all, 8)).not.toEqual(expected)
  })
})
