import { describe, expect, it } from 'vitest'
import type { MetricVerdict } from '../../src/schema/verdict.ts'
import {
  type Asked,
  attackedTwice,
  baselineWith,
  candidateWith,
  decided,
  metricOf,
  passing,
  type Sides,
  times,
  together,
  twice,
} from './arms.ts'

function found(sides: Sides, gate: Asked['gate'] = {}, asked: Asked = {}): MetricVerdict {
  const verdict = decided(sides, { gate: { metrics: ['passHatK'], ...gate }, ...asked })
  return metricOf(verdict, 'passHatK')
}

describe('pass^k', () => {
  it('is the mean over cases of the chance that k trials all pass', () => {
    // C(4,3)/C(5,3) = 0.4 and C(5,3)/C(5,3) = 1, before; 0 and 1 after.
    const { baseline, candidate, change, k } = found(
      passing([
        [4, 5, 2, 5],
        [5, 5, 5, 5],
      ]),
    )
    expect([baseline, candidate, change, k]).toEqual([0.7, 0.5, -0.2, 3])
  })

  it('takes whole cases as the unit, and says so', () => {
    expect(found(twice(60))).toMatchObject({ status: 'pass', unit: 'case', kind: 'rate' })
  })

  it('regresses where many cases became unreliable', () => {
    // 4 of 5 in every third case: TSR falls by 6.7 points and pass^3 by 20.
    const sides = candidateWith(twice(60), 20, { passed: 4 })
    expect(found(sides)).toMatchObject({ status: 'regression', change: -0.2 })
  })

  it('is inconclusive for few cases, with the cases that it takes', () => {
    const few = found(twice(10))
    expect(few).toMatchObject({
      status: 'inconclusive',
      note: 'whole cases are the unit: about 52 cases would settle it',
    })
    expect(found(twice(10), { margins: { passHatK: 0 } }).note).toBe(
      'no sample proves a margin of 0',
    )
  })

  it('plans for the last look', () => {
    const sampling = { rounds: 1, maxRounds: 5, firstLook: 1, notReached: new Set<string>() }
    // z² · 0.95 / 0.05 at 0.04 is 58.2; at the first look's 0.0025 it would be 149.7.
    expect(found(twice(10), {}, { sampling }).note).toMatch(/about 59 cases/)
  })

  it('is another number where a case has fewer trials, and says which', () => {
    const lost = candidateWith(twice(60), 1, { scored: 2, passed: 2 })
    expect(found(lost)).toMatchObject({
      status: 'pass',
      k: 2,
      note: 'pass^2, not pass^3: some case has fewer trials',
    })
    const few = candidateWith(twice(10), 1, { scored: 1, passed: 1 })
    expect(found(few).note).toBe(
      'pass^1, not pass^3: some case has fewer trials; ' +
        'whole cases are the unit: about 52 cases would settle it',
    )
    expect(found(twice(60), { pass_hat_k: 5 }).note).toBeUndefined()
  })

  it('says when a small drop is real', () => {
    const sides = candidateWith(twice(400), 16, { passed: 4 })
    expect(found(sides, { pass_hat_k: 1 })).toMatchObject({ status: 'pass', smallRealDrop: true })
  })

  it('cannot alarm by less than what swapping cases could show', () => {
    // Four broken cases: 1/16, though the score says less.
    expect(
      found(passing([...times(4, [5, 5, 0, 5] as const), ...times(30, [5, 5, 5, 5] as const)])),
    ).toMatchObject({
      status: 'inconclusive',
      p: 1 / 16,
    })
  })
})

describe('without trials', () => {
  it('is n/a where nothing but attacks ran', () => {
    expect(found(attackedTwice(5))).toMatchObject({
      status: 'n/a',
      note: 'no opportunity in either arm',
    })
  })

  it('is inconclusive where no case has trials in both arms', () => {
    const none = { scored: 0, passed: 0 }
    const crossed = together(candidateWith(twice(1), 1, none), { baseline: [], candidate: [] })
    expect(found(crossed)).toMatchObject({
      status: 'inconclusive',
      note: 'no case has scored trials in both arms',
    })
    expect(found(baselineWith(twice(1), 1, none)).status).toBe('inconclusive')
  })
})

it('is a fact where both arms are deterministic', () => {
  const fixed = twice(60, { scored: 2, passed: 2, seeds: 2, trajectories: 1 })
  const four = candidateWith(fixed, 4, { passed: 0 })
  const note =
    'pass^2, not pass^3: some case has fewer trials; both arms are deterministic: differences are facts'
  expect(found(four)).toMatchObject({ status: 'regression', unit: 'deterministic', note })
  expect(found(four).smallRealDrop).toBeUndefined()
  expect(found(candidateWith(fixed, 3, { passed: 0 }))).toMatchObject({
    status: 'pass',
    smallRealDrop: true,
  })
  for (const sides of [fixed, baselineWith(fixed, 2, { passed: 0 })]) {
    expect(found(sides).smallRealDrop).toBeUndefined()
  }
  // Sixty repetitions are enough; with fewer, sameness may be luck.
  const few = twice(40, { scored: 2, passed: 2, seeds: 2, trajectories: 1 })
  expect(found(few).status).toBe('inconclusive')
  expect([found(four).p, found(four).ciLower]).toEqual([undefined, undefined])
})

it('goes by the clusters of the baseline', () => {
  const alone = candidateWith(twice(40), 8, { passed: 0 })
  const joined = alone.candidate.map((one) => ({ ...one, cluster: 'all' }))
  expect(found(alone).status).toBe('regression')
  expect(found({ ...alone, candidate: joined })).toEqual(found(alone))
  const apart = {
    baseline: joined.map((one) => ({ ...one, passed: 5 })),
    candidate: alone.candidate,
  }
  expect(found(apart)).toMatchObject({ status: 'inconclusive', p: 0.5 })
})
