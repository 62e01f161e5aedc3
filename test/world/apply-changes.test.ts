import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromExprValue, toExprValue } from '../../src/expr/value.ts'
import { applyEdit, type Edit } from '../../src/world/apply-changes.ts'
import { readPointer } from '../../src/world/pointer.ts'
import { aState, shopState } from './builders.ts'
import { anEdit } from './edits.ts'

function edit(written: Edit): unknown {
  const result = applyEdit(aState(), written)
  return result.ok ? result.value.change : result.error
}

describe('applyEdit', () => {
  it('sets a new key and replaces an old one', () => {
    expect(edit({ op: 'set', path: ['orders', 'O-1', 'note'], value: 'x' })).toEqual({
      op: 'add',
      path: '/orders/O-1/note',
      value: 'x',
    })
    expect(edit({ op: 'set', path: ['orders', 'O-1', 'status'], value: 'refunded' })).toEqual({
      op: 'replace',
      path: '/orders/O-1/status',
      value: 'refunded',
      from: 'paid',
    })
    expect(edit({ op: 'set', path: ['orders', 'O-1', 'refund'], value: 1n })).toMatchObject({
      op: 'replace',
      from: null,
    })
  })

  it('adds to numbers, whole or not', () => {
    expect(edit({ op: 'inc', path: ['totals', 'refunded_cents'], value: 250n })).toEqual({
      op: 'replace',
      path: '/totals/refunded_cents',
      value: 250,
      from: 0,
    })
    const half = applyEdit(aState(), { op: 'inc', path: ['totals', 'rate'], value: 0.5 })
    expect(half.ok && readPointer(half.value.state, '/totals/rate')).toBe(1n)
  })

  it('appends to a list, at the index that was its length', () => {
    expect(edit({ op: 'append', path: ['refunds'], value: toExprValue({ id: 'R-1' }) })).toEqual({
      op: 'add',
      path: '/refunds/0',
      value: { id: 'R-1' },
    })
  })

  it('removes a key or an element and keeps what was there', () => {
    expect(edit({ op: 'remove', path: ['tickets', 'T-1'] })).toEqual({
      op: 'remove',
      path: '/tickets/T-1',
      from: { body: 'Where is my order?' },
    })
    const state = toExprValue({ list: ['a', 'b', 'c'] })
    const removed = applyEdit(state, { op: 'remove', path: ['list', '1'] })
    expect(removed.ok && fromExprValue(removed.value.state)).toEqual({ list: ['a', 'c'] })
  })

  it('writes keys with slashes and tildes as one step', () => {
    expect(edit({ op: 'set', path: ['orders', 'a/b~c'], value: 1n })).toMatchObject({
      path: '/orders/a~1b~0c',
    })
  })

  it.each<[Edit, string]>([
    [
      { op: 'set', path: ['nowhere', 'x'], value: 1n },
      'set /nowhere/x: there is nothing at /nowhere',
    ],
    [
      { op: 'set', path: ['orders', 'O-9', 'status'], value: 1n },
      'there is nothing at /orders/O-9',
    ],
    [{ op: 'set', path: ['refunds', '0'], value: 1n }, 'the list of 0 has no place "0"'],
    [{ op: 'set', path: ['refunds', '-'], value: 1n }, 'the list of 0 has no place "-"'],
    [
      { op: 'set', path: ['totals', 'rate', 'x'], value: 1n },
      'only objects and lists have members',
    ],
    [{ op: 'set', path: ['orders', 'O-1', 'refund', 'x'], value: 1n }, 'only objects and lists'],
    [{ op: 'set', path: [], value: 1n }, 'the whole state cannot be replaced'],
    [{ op: 'inc', path: ['totals', 'missing'], value: 1n }, 'there is no number'],
    [{ op: 'inc', path: ['orders', 'O-1', 'status'], value: 1n }, 'there is no number'],
    [{ op: 'inc', path: ['totals', 'rate'], value: '1' }, 'the amount is no number'],
    [{ op: 'inc', path: ['totals', 'refunded_cents'], value: 2n ** 53n }, 'beyond 2^53'],
    [{ op: 'inc', path: ['totals', 'rate'], value: Infinity }, 'beyond 2^53'],
    [{ op: 'append', path: ['orders'], value: 1n }, 'there is no list'],
    [{ op: 'append', path: ['nowhere'], value: 1n }, 'there is no list'],
    [{ op: 'remove', path: ['orders', 'O-9'] }, 'there is nothing to remove'],
    [{ op: 'remove', path: ['refunds', '0'] }, 'there is nothing to remove'],
  ])('%o is refused', (written, error) => {
    expect(edit(written)).toContain(error)
  })

  it('makes `__proto__` a key like any other', () => {
    const made = applyEdit(aState(), {
      op: 'set',
      path: ['__proto__'],
      value: toExprValue({ x: 1 }),
    })
    expect(made.ok && made.value.change).toMatchObject({ op: 'add', path: '/__proto__' })
    expect(({} as { x?: number }).x).toBeUndefined()
    expect(edit({ op: 'set', path: ['__proto__', 'polluted'], value: true })).toContain(
      'there is nothing at /__proto__',
    )
    expect(edit({ op: 'set', path: ['constructor', 'prototype'], value: true })).toContain(
      'there is nothing at /constructor',
    )
  })

  it('never touches the state it is given, nor what that shares with itself', () => {
    const shared = toExprValue({ count: 1, list: [1, 2] })
    const state = new Map([
      ['a', shared],
      ['b', shared],
    ])
    const edited = applyEdit(state, { op: 'inc', path: ['a', 'count'], value: 1n })
    if (!edited.ok) throw new Error(edited.error)
    expect(fromExprValue(edited.value.state)).toEqual({
      a: { count: 2, list: [1, 2] },
      b: { count: 1, list: [1, 2] },
    })
    expect(readPointer(edited.value.state, '/b')).toBe(shared)
    expect(readPointer(edited.value.state, '/a/list')).toBe(readPointer(state, '/b/list'))
    fc.assert(
      fc.property(fc.array(anEdit, { maxLength: 8 }), (edits) => {
        const before = aState()
        let current = before
        for (const each of edits) {
          const next = applyEdit(current, each)
          if (next.ok) current = next.value.state
        }
        expect(fromExprValue(before)).toEqual(shopState)
      }),
    )
  })
})
