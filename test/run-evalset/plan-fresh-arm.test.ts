import { describe, expect, it } from 'vitest'
import { planFreshArm } from '../../src/run-evalset/plan-fresh-arm.ts'
import { type PlannedRun, planRun } from '../../src/run-evalset/plan-run.ts'
import { runManifest } from '../../src/schema/run-manifest.ts'
import type { LoadedEvalSet } from '../../src/suites/load-evalset.ts'
import { aCandidate } from '../builders/candidate.ts'
import { deskRequest, deskWith } from './desk.ts'

const plain = `
id: a
ask: Refund O-1.
expect: { says: [{ any: refunded }] }
oracle: [{ say: refunded }]
`
const candidate = aCandidate({ models: { default: 'reference:' } })

function aRun(evalSet: LoadedEvalSet, seed = 1): PlannedRun {
  return planRun({
    ...deskRequest(evalSet),
    trials: 2,
    maxTrials: 3,
    seed,
    mode: 'observe',
    options: { case: ['a'] },
  })
}

describe('planFreshArm', () => {
  it('plans the same cases, all of their trials, under a name of its own', async () => {
    const evalSet = await deskWith(plain)
    const run = aRun(evalSet)
    expect(run.manifest.sampling).toEqual({ maxTrials: 3, firstLook: 2 })
    const arm = planFreshArm(run.manifest, { name: 'baseline', evalSet, candidate })
    expect(arm.trials.map(({ key }) => key)).toEqual(run.trials.map(({ key }) => key))
    const manifest = runManifest.parse(arm.manifest)
    expect(manifest).toMatchObject({
      run: 'r-confirm-baseline',
      cases: run.manifest.cases,
      options: { case: ['a'], mode: 'observe', confirms: 'r', arm: 'baseline' },
    })
    expect(manifest).not.toHaveProperty('sampling')
  })

  it('is of its own agent, and of the same eval set and program', async () => {
    const evalSet = await deskWith(plain)
    const run = aRun(evalSet)
    const other = aCandidate({ name: 'other', models: { default: 'reference:' } })
    const arm = planFreshArm(run.manifest, { name: 'baseline', evalSet, candidate: other })
    const { candidate: agent, seed, ...rest } = arm.manifest.provenance
    expect(agent.name).toBe('other')
    expect(seed).not.toBe(run.manifest.provenance.seed)
    expect(run.manifest.provenance).toMatchObject(rest)
  })

  it('shares no seed with the run or the other arm, and asks for the same ones again', async () => {
    const evalSet = await deskWith(plain)
    const run = aRun(evalSet)
    const seedsOf = ({ trials }: PlannedRun): readonly number[] => trials.map(({ seed }) => seed)
    const arm = (name: 'baseline' | 'candidate', of = run): readonly number[] =>
      seedsOf(planFreshArm(of.manifest, { name, evalSet, candidate }))
    const all = [...seedsOf(run), ...arm('baseline'), ...arm('candidate')]
    expect(new Set(all).size).toBe(9)
    expect(arm('baseline')).toEqual(arm('baseline'))
    expect(arm('baseline', aRun(evalSet, 2))).not.toEqual(arm('baseline'))
  })
})

it('measures anew only the half of a run that decides', async () => {
  const evalSet = await deskWith(plain)
  const request = { ...deskRequest(evalSet), trials: 2, mode: 'both' as const }
  const { manifest, trials } = planRun(request)
  expect([trials.length, manifest.options['mode']]).toEqual([4, 'both'])
  const arm = planFreshArm(manifest, { name: 'candidate', evalSet, candidate })
  expect(arm.trials.map(({ key }) => [key.trial, key.mode])).toEqual([
    [1, 'enforce'],
    [2, 'enforce'],
  ])
  expect(arm.manifest.options['mode']).toBe('enforce')
})
