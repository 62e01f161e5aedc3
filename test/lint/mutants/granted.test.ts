import { describe, expect, it } from 'vitest'
import { isGranted } from '../../../src/lint/mutants/granted.ts'
import { type Expectation, expectation } from '../../../src/schema/expect.ts'

const refund = { tool: 'refund', args: { id: 'O-1', amount: 40 }, argument: 'amount' }
const expecting = (written: object): Expectation => expectation.parse(written)

describe('isGranted', () => {
  const listed = { tool: 'refund', args: { amount: { in: [40, 45] } } }

  it('takes a list and both bounds, wherever calls are described', () => {
    const range = { tool: 'refund', args: { amount: { min: 30, max: 50 } } }
    for (const entry of [listed, range]) {
      expect(isGranted(expecting({ calls: [entry] }), refund)).toBe(true)
      expect(isGranted(expecting({ effects: { required: [entry] } }), refund)).toBe(true)
      expect(isGranted(expecting({ effects: { allowed: [entry] } }), refund)).toBe(true)
    }
  })

  it('takes no equality, no half of a range, and no entry of another tool', () => {
    for (const amount of [40, { min: 30 }, { max: 50 }]) {
      const calls = [{ tool: 'refund', args: { amount } }]
      expect(isGranted(expecting({ calls }), refund)).toBe(false)
    }
    expect(isGranted(expecting({ calls: [{ ...listed, tool: 'other' }] }), refund)).toBe(false)
  })

  it('takes no call that is forbidden', () => {
    for (const count of [0, { max: 0 }]) {
      expect(isGranted(expecting({ calls: [{ ...listed, count }] }), refund)).toBe(false)
    }
  })

  it('takes no entry that the rest of the call does not fit', () => {
    const other = { tool: 'refund', args: { ...listed.args, id: 'O-2' } }
    expect(isGranted(expecting({ calls: [other] }), refund)).toBe(false)
    expect(
      isGranted(expecting({ calls: [other] }), { ...refund, args: { id: 'O-2', amount: 45 } }),
    ).toBe(true)
  })
})
