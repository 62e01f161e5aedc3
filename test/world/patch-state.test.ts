import { describe, expect, it } from 'vitest'
import { fromExprValue } from '../../src/expr/value.ts'
import { patchState } from '../../src/world/patch-state.ts'
import { aState, json, shopState } from './builders.ts'

describe('patchState', () => {
  it('sets and removes in order, and takes texts and braces as they are', () => {
    const state = aState()
    const patched = patchState(state, [
      { op: 'set', path: '/orders/O-3', value: { status: '=now' } },
      { op: 'set', path: '/orders/O-3/{x}', value: 1 },
      { op: 'remove', path: '/orders/O-1' },
    ])
    if (!patched.ok) throw new Error(patched.problem.message)
    expect(fromExprValue(patched.state)['orders']).toEqual({
      'O-2': shopState.orders['O-2'],
      'O-3': { status: '=now', '{x}': 1 },
    })
    expect(fromExprValue(state)).toEqual(shopState)
  })

  it('says which operation does not fit', () => {
    const patch = [
      { op: 'set', path: '/a', value: 1 },
      { op: 'remove', path: '/b' },
    ] as const
    expect(patchState(aState(), patch)).toEqual({
      ok: false,
      problem: { path: [1, 'path'], message: 'remove /b: there is nothing to remove' },
    })
  })

  it('cannot reach the prototype of anything', () => {
    const patched = patchState(aState(json('{"a": {}}')), [
      { op: 'set', path: '/a/__proto__', value: { polluted: true } },
    ])
    expect(patched.ok && JSON.stringify(fromExprValue(patched.state))).toBe(
      '{"a":{"__proto__":{"polluted":true}}}',
    )
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })
})
