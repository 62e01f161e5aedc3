import { describe, expect, it } from 'vitest'
import { runManifest } from '../../src/schema/run-manifest.ts'
import { deskWith, planDesk } from './desk.ts'

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
})
