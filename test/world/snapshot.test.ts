import { describe, expect, it } from 'vitest'
import { toExprValue } from '../../src/expr/value.ts'
import { applyEdit } from '../../src/world/apply-changes.ts'
import { snapshotOf, stateOfSnapshot } from '../../src/world/snapshot.ts'
import { aState, json, shopState } from './builders.ts'

describe('snapshotOf', () => {
  it('is the state as JSON, with `__proto__` as a key like any other', () => {
    expect(snapshotOf(aState())).toEqual(shopState)
    const hostile = json('{"__proto__": {"a": 1}}')
    expect(JSON.stringify(snapshotOf(toExprValue(hostile)))).toBe('{"__proto__":{"a":1}}')
  })

  it('is frozen all the way down', () => {
    const snapshot = snapshotOf(aState()) as typeof shopState
    expect(Object.isFrozen(snapshot)).toBe(true)
    expect(Object.isFrozen(snapshot.orders['O-1'])).toBe(true)
    expect(Object.isFrozen(snapshot.refunds)).toBe(true)
  })

  it('shares what did not change', () => {
    const before = aState()
    const edited = applyEdit(before, { op: 'append', path: ['refunds'], value: 1n })
    if (!edited.ok) throw new Error(edited.error)
    const first = snapshotOf(before)
    const second = snapshotOf(edited.value.state)
    expect(snapshotOf(before)).toBe(first)
    expect(second['orders']).toBe(first['orders'])
    expect([first['refunds'], second['refunds']]).toEqual([[], [1]])
  })
})

describe('stateOfSnapshot', () => {
  it('gives back the very state, and converts any other JSON', () => {
    const state = aState()
    expect(stateOfSnapshot(snapshotOf(state))).toBe(state)
    expect(stateOfSnapshot(shopState)).toEqual(state)
  })
})
