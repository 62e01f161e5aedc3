import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../src/schema/json.ts'
import { checkWorld } from '../../src/world/prepare-world.ts'
import { aSession, aWorld } from './builders.ts'

const byAmount = [
  { when: 'args.usd <= 50', tier: 2 },
  { when: 'args.usd <= 500', tier: 3 },
  { tier: 4 },
]

async function tierOf(risk_tier: JsonValue, args: JsonObject): Promise<number | undefined> {
  return (await aSession({ refund: { risk_tier } })).tierOf('refund', args)
}

describe('the tier of a call', () => {
  it('is that of its tool', async () => {
    expect(await tierOf(3, {})).toBe(3)
  })

  it.each([
    [40, 2],
    [50.0, 2],
    [50.01, 3],
    [400, 3],
    [501, 4],
  ])('is the first whose condition holds: %d dollars', async (usd, tier) => {
    expect(await tierOf(byAmount, { usd })).toBe(tier)
  })

  it('is the highest where a condition cannot be answered', async () => {
    expect(await tierOf(byAmount, {})).toBe(4)
    expect(await tierOf(byAmount, { usd: '40' })).toBe(4)
    const unordered = [{ when: 'args.usd', tier: 1 }, { when: 'true', tier: 3 }, { tier: 2 }]
    expect(await tierOf(unordered, { usd: 40 })).toBe(3)
  })

  it('is the highest where none holds', async () => {
    expect(
      await tierOf(
        [
          { when: 'false', tier: 3 },
          { when: 'false', tier: 1 },
        ],
        {},
      ),
    ).toBe(3)
  })

  it('may depend on the world and its clock', async () => {
    const tiers = [{ when: 'state.totals.rate < 1 && now < "2026-02"', tier: 1 }, { tier: 2 }]
    expect(await tierOf(tiers, {})).toBe(1)
  })

  it('must be reachable', async () => {
    const world = aWorld({ refund: { risk_tier: [{ tier: 1 }, { when: 'true', tier: 2 }] } })
    expect(await checkWorld(world)).toEqual([
      {
        path: ['tools', 'refund', 'risk_tier', 0],
        message: 'the tiers after this one are never reached; it needs a `when`',
      },
    ])
  })
})
