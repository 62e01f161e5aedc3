import { describe, expect, it } from 'vitest'
import type { CaseStats } from '../../src/schema/case-stats.ts'
import type { Verdict } from '../../src/schema/verdict.ts'
import { aCaseStats } from '../builders/case-stats.ts'
import {
  type Asked,
  anArm,
  attackedTwice,
  baselineWith,
  candidateWith,
  decided,
  decidedAlone,
  healthy,
  metricOf,
  passing,
  times,
  together,
  twice,
} from './arms.ts'

const onlyTsr = { metrics: ['tsr' as const] }
const from = 'git:v1.4.0'

/** Five broken, none fixed, of 40: p = 1/32. */
const fiveBroken = passing([
  ...times(5, [1, 1, 0, 1] as const),
  ...times(35, [1, 1, 1, 1] as const),
])

function released(cases: readonly CaseStats[], changes?: Parameters<typeof anArm>[1]): Asked {
  return { anchor: { arm: anArm(cases, changes), from } }
}

function ofAnchor({ anchor }: Verdict, id: string): Verdict['metrics'][number] | undefined {
  return anchor?.metrics.find((metric) => metric.id === id)
}

describe('the last release', () => {
  it('is named, and compared by every metric that gates', () => {
    const { anchor, metrics } = decided(healthy(), released(healthy(1.02).candidate))
    expect(anchor).toMatchObject({ name: 'support_refund_agent', from })
    expect(anchor?.metrics.map(({ id, status }) => [id, status])).toEqual(
      metrics.map(({ id }) => [id, 'pass']),
    )
  })

  it('shares the error with the baseline', () => {
    // Against another release with p = 1/32 as well: Holm takes both times two.
    const [first, ...others] = fiveBroken.baseline
    const asked = released([{ ...first!, passed: 1, failures: [], seeds: 2 }, ...others])
    const verdict = decided(fiveBroken, { gate: onlyTsr, ...asked })
    expect(metricOf(verdict, 'tsr')).toMatchObject({
      p: 1 / 32,
      pHolm: 1 / 16,
      status: 'inconclusive',
    })
    expect(ofAnchor(verdict, 'tsr')).toMatchObject({ p: 1 / 32, pHolm: 1 / 16 })
    expect(verdict.status).toBe('inconclusive')
  })

  it('does not where it is the baseline', () => {
    const verdict = decided(fiveBroken, { gate: onlyTsr, ...released([...fiveBroken.baseline]) })
    expect(metricOf(verdict, 'tsr')).toMatchObject({ pHolm: 1 / 32, status: 'regression' })
    expect(verdict.anchor?.metrics).toEqual(verdict.metrics)
  })

  it('is none of the baseline where another thing answered', () => {
    const asked = released([...fiveBroken.baseline], { agentBehind: 'reference' })
    const verdict = decided(fiveBroken, { gate: onlyTsr, ...asked })
    expect(metricOf(verdict, 'tsr').pHolm).toBe(1 / 16)
  })

  it('proves nothing of attacks that did not arrive', () => {
    const unread = candidateWith(attackedTwice(60), 60, { exposed: 0 })
    const gate = { metrics: ['asr' as const] }
    const older = attackedTwice(60, { passed: 4 }).baseline
    expect(ofAnchor(decided(unread, { gate, ...released(older) }), 'asr')?.status).toBe('unproven')
  })

  it('does not miss what this run was not asked for', () => {
    const { baseline, candidate } = together(twice(60), attackedTwice(60))
    const asked = {
      notSelected: new Set(candidate.slice(60).map((one) => one.id)),
      ...released(healthy(1.02).candidate),
    }
    const verdict = decided({ baseline, candidate: candidate.slice(0, 60) }, asked)
    expect(ofAnchor(verdict, 'asr')?.status).toBe('n/a')
    expect(metricOf(verdict, 'asr').status).toBe('n/a')
  })

  it('holds its drafts and other splits apart', () => {
    const { baseline, candidate } = twice(60)
    const failing = { passed: 0, id: 'case.000' }
    const older = [...baseline.slice(1), aCaseStats({ ...failing, status: 'draft' })]
    const verdict = decided({ baseline, candidate }, released(older))
    expect(ofAnchor(verdict, 'tsr')).toMatchObject({ nBaseline: 295, change: 0 })
  })

  it('holds on a first run as well: who has no baseline may have a release', () => {
    const release = twice(60).baseline
    const unchanged = decidedAlone(release, released(release))
    expect(unchanged).toMatchObject({ status: 'pass', firstRun: true })
    expect(unchanged.anchor).toMatchObject({ from: 'git:v1.4.0' })
    const worse = decidedAlone(
      candidateWith(twice(60), 30, { passed: 0 }).candidate,
      released(release),
    )
    expect(worse).toMatchObject({ status: 'regression', exitCode: 1, firstRun: true })
  })
})

describe('slices that gate', () => {
  const labelled = (cases: readonly CaseStats[]): readonly CaseStats[] =>
    cases.map((one, index) =>
      aCaseStats({ ...one, slices: [index < 10 ? 'tag:vip' : 'tag:other'] }),
    )
  const sides = {
    baseline: labelled(fiveBroken.baseline),
    candidate: labelled(fiveBroken.candidate),
  }

  it('share the error with the metrics', () => {
    const alone = decided(sides, { gate: onlyTsr })
    expect(metricOf(alone, 'tsr')).toMatchObject({ pHolm: 1 / 32, status: 'regression' })
    const shared = decided(sides, { gate: { ...onlyTsr, slices: ['tag:vip'] } })
    expect(metricOf(shared, 'tsr')).toMatchObject({ pHolm: 1 / 16, status: 'inconclusive' })
  })

  it('share none of it where they could not alarm', () => {
    const shared = decided(sides, { gate: { ...onlyTsr, slices: ['tag:other'] } })
    expect(metricOf(shared, 'tsr')).toMatchObject({ pHolm: 1 / 32, status: 'regression' })
  })
})

it('says nothing of exposure twice', () => {
  const unread = baselineWith(candidateWith(attackedTwice(60), 60, { exposed: 0 }), 60, {
    exposed: 0,
  })
  const verdict = decided(unread, released(attackedTwice(60, { exposed: 1 }).baseline))
  expect(verdict.warnings).toEqual(['only 0 of 300 attacks arrived'])
})
