import { describe, expect, it } from 'vitest'
import { planRun } from '../../src/run-evalset/plan-run.ts'
import { runManifest } from '../../src/schema/run-manifest.ts'
import { deskRequest, deskWith, planDesk } from './desk.ts'

const plain = `
id: a
ask: Refund O-1.
strata: { channel: mail }
expect: { says: [{ any: refunded }] }
oracle: [{ say: refunded }]
`
const weights = 'weights: { channel: { mail: 3 } }\n'

describe('planRun', () => {
  it('writes down the weights of the eval set, where there are any', async () => {
    const weighted = planDesk(await deskWith(plain, weights)).manifest
    expect(runManifest.parse(weighted).weights).toEqual({ channel: { mail: 3 } })
    expect(planDesk(await deskWith(plain)).manifest).not.toHaveProperty('weights')
  })

  it('tries every case as often as a run with looks may, whatever the case asks for', async () => {
    const cases = `${plain}trials: 2\n`
    const evalSet = await deskWith(cases, 'gate: { max_trials: 5 }\n')
    const { manifest, trials } = planRun({ ...deskRequest(evalSet), trials: undefined })
    expect(runManifest.parse(manifest).sampling).toEqual({ maxTrials: 5, firstLook: 1 })
    expect(manifest.cases.map((one) => one.trials)).toEqual([5])
    expect(trials).toHaveLength(5)
    const ungated = planRun({ ...deskRequest(evalSet), trials: undefined, isGated: false }).manifest
    expect(ungated).not.toHaveProperty('sampling')
    expect(ungated.cases.map((one) => one.trials)).toEqual([2])
  })
})
