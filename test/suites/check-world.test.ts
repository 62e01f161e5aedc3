import { describe, expect, it } from 'vitest'
import { checkWorld } from '../../src/suites/check-world.ts'
import { aWorld } from '../world/builders.ts'

describe('what a world says of its calls', () => {
  it('compiles, and names only what is there', () => {
    const world = aWorld({ refund: { tenant: 'stat.tenant', usd: 'args.usd +' } })
    expect(checkWorld(world)).toMatchObject([
      {
        path: ['tools', 'refund', 'tenant'],
        message: 'unknown variable "stat"; did you mean "state"?',
        offset: 0,
      },
      { path: ['tools', 'refund', 'usd'] },
    ])
  })

  it('may depend on arguments, state and clock, not on what a call leaves behind', () => {
    const fine = { tenant: 'state.orders[args.id].tenant', usd: 'now > "2026" ? 1.0 : 2.0' }
    expect(checkWorld(aWorld({ refund: fine }))).toEqual([])
    expect(checkWorld(aWorld({ refund: { usd: 'before.totals.rate' } }))).toHaveLength(1)
  })
})
