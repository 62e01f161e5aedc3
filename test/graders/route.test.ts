import { describe, expect, it } from 'vitest'
import { route } from '../../src/graders/route.ts'
import { call, say } from '../builders/trace.ts'
import { judge } from './judging.ts'

const expected = { route: 'small' }
const steps = [call('orders.get'), say('It was sent.')]

describe('route', () => {
  it('passes when every request of the agent went to the tier', async () => {
    const tiers = ['small', 'small']
    expect(await judge(route, expected, { steps, tiers })).toEqual({ status: 'pass' })
  })

  it('fails when one went elsewhere, and points at it', async () => {
    expect(await judge(route, expected, { steps, tiers: ['small', 'frontier'] })).toEqual({
      status: 'fail',
      reason: 'asked tier "frontier" 1 time, expected "small" only',
      evidence: ['model.request'],
    })
    const tiers = ['frontier', undefined]
    expect(await judge(route, expected, { steps, tiers })).toMatchObject({ status: 'fail' })
  })

  it('knows nothing where the trace does not say it', async () => {
    const unscored = (reason: string) => ({ status: 'unscored', reason })
    expect(await judge(route, expected, { steps })).toEqual(
      unscored('no model request says which tier it went to'),
    )
    expect(await judge(route, expected, {})).toEqual(
      unscored('no model request says which tier it went to'),
    )
    expect(await judge(route, expected, { steps, tiers: ['small'] })).toEqual(
      unscored('1 of 2 model requests do not say which tier they went to'),
    )
  })

  it('gives no grade where the case names no tier', async () => {
    expect(await judge(route, { says: [{ any: 'x' }] }, { steps })).toEqual({ status: 'no grade' })
  })
})
