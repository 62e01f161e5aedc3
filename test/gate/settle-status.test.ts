import { describe, expect, it } from 'vitest'
import type { LimitStanding } from '../../src/gate/limits.ts'
import { exitCodeOf, type Grounds, settleStatus } from '../../src/gate/settle-status.ts'
import type { MetricStatus } from '../../src/schema/verdict.ts'
import { aFact, aMetric } from '../builders/verdict.ts'
import { aGate } from './arms.ts'

function grounds(changes: Partial<Grounds> = {}): Grounds {
  return {
    facts: [],
    metrics: [aMetric()],
    missing: [],
    gate: aGate(),
    isCutShort: false,
    limits: [],
    ...changes,
  }
}

const tsr = (status: MetricStatus): Grounds['metrics'] => [
  aMetric({ id: 'asr' }),
  aMetric({ status }),
]
const release = (status: MetricStatus): Pick<Grounds, 'anchor'> => ({
  anchor: { name: 'agent', from: 'git:v1', metrics: [...tsr(status)] },
})
const slice = (status: 'quiet' | 'watch' | 'regression'): Pick<Grounds, 'slices'> => ({
  slices: [
    {
      slice: 'tag:vip',
      metric: 'tsr',
      cases: 5,
      baseline: 1,
      candidate: 0.5,
      change: -0.5,
      p: 0.01,
      pAdjusted: 0.02,
      status,
    },
  ],
})
const fact = aFact()
const tier = (earned?: 1 | 2): Pick<Grounds, 'autonomy' | 'gate'> => ({
  autonomy: { ...(earned !== undefined && { earned }), required: 2, tiers: [] },
  gate: aGate({ autonomy: { required_tier: 2 } }),
})
const limit = (status: LimitStanding['status']): Pick<Grounds, 'limits'> => ({
  limits: [
    { status: 'kept', message: 'asr may be 0 to 0.01', cases: [] },
    { status, message: 'tsr', cases: [] },
  ],
})
const strict = { gate: aGate({ require_proof: true }) }
const missing = { missing: ['no trial of the candidate was scored'] }

describe('the status', () => {
  it.each<[string, Partial<Grounds>, string]>([
    ['all is well', {}, 'pass'],
    ['nothing was gated', { metrics: [] }, 'pass'],
    ['a metric had no opportunity', { metrics: tsr('n/a') }, 'pass'],
    ['a metric is unproven', { metrics: tsr('unproven') }, 'pass'],
    [
      'a metric is unproven, and proof is asked for',
      { metrics: tsr('unproven'), ...strict },
      'inconclusive',
    ],
    ['a metric is undecided', { metrics: tsr('inconclusive') }, 'inconclusive'],
    ['a metric regressed', { metrics: tsr('regression') }, 'regression'],
    ['a fact', { facts: [fact] }, 'regression'],
    ['a waived fact', { facts: [{ ...fact, waivedBy: 'ana' }] }, 'pass'],
    ['one waived fact of two', { facts: [{ ...fact, waivedBy: 'ana' }, fact] }, 'regression'],
    ['worse than the last release', release('regression'), 'regression'],
    ['perhaps worse than the last release', release('inconclusive'), 'pass'],
    ['unproven against the last release', { ...release('unproven'), ...strict }, 'pass'],
    ['a slice that gates regressed', slice('regression'), 'regression'],
    ['a slice on the watch list', slice('watch'), 'pass'],
    ['a slice that gates and is as it was', slice('quiet'), 'pass'],
    ['the tier asked for is earned', tier(2), 'pass'],
    ['a lower tier is earned', tier(1), 'inconclusive'],
    ['no tier is earned', tier(), 'inconclusive'],
    ['a tier is asked for and no case has one', { gate: tier().gate }, 'inconclusive'],
    ['a limit is kept', limit('kept'), 'pass'],
    ['a limit is proven neither way', limit('open'), 'pass'],
    ['nothing was measured that a limit is set for', limit('unmeasured'), 'inconclusive'],
    [
      'the same where a metric regressed',
      { ...limit('unmeasured'), metrics: tsr('regression') },
      'regression',
    ],
    ['the same where evidence is missing', { ...limit('unmeasured'), ...missing }, 'error'],
    ['time was up', { isCutShort: true }, 'inconclusive'],
    ['evidence is missing', missing, 'error'],
    [
      'evidence is missing and a metric is undecided',
      { ...missing, metrics: tsr('inconclusive') },
      'error',
    ],
    ['evidence is missing and time was up', { ...missing, isCutShort: true }, 'error'],
    [
      'evidence is missing and a metric regressed',
      { ...missing, metrics: tsr('regression') },
      'regression',
    ],
    ['evidence is missing beside a fact', { ...missing, facts: [fact] }, 'regression'],
    [
      'time was up after a regression',
      { isCutShort: true, metrics: tsr('regression') },
      'regression',
    ],
  ])('%s', (_, changes, status) => {
    expect(settleStatus(grounds(changes))).toBe(status)
  })
})

describe('the exit code', () => {
  it.each([
    ['pass', 0, 0],
    ['regression', 1, 1],
    ['error', 4, 4],
    ['inconclusive', 0, 3],
  ] as const)('of %s is %i under pr and %i under release', (status, pr, release) => {
    expect([exitCodeOf(status, 'pr'), exitCodeOf(status, 'release')]).toEqual([pr, release])
    expect(exitCodeOf(status, 'release', 'decided')).toBe(release)
    expect(exitCodeOf(status, 'pr', 'decided')).toBe(pr)
  })

  it.each([
    ['pass', 0],
    ['regression', 1],
    ['error', 4],
    ['inconclusive', 3],
  ] as const)('of %s is %i where time ended the run', (status, code) => {
    expect([exitCodeOf(status, 'pr', 'time'), exitCodeOf(status, 'release', 'time')]).toEqual([
      code,
      code,
    ])
  })
})
