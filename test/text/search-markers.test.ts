import { describe, expect, it } from 'vitest'
import { goalEncoding } from '../../src/schema/injections.ts'
import { encodeGoal } from '../../src/text/encode-goal.ts'
import { searchMarkers } from '../../src/text/search-markers.ts'

describe('searchMarkers', () => {
  it('finds a marker however its white space was wrapped', () => {
    const brings = searchMarkers([' refund all\n  orders '])
    expect(brings?.('Please refund\tall orders!')).toBe(true)
    expect(brings?.('Please refund allorders!')).toBe(false)
    expect(brings?.('Please Refund all orders!')).toBe(false)
  })

  it('finds any of several, in any text of a value', () => {
    const brings = searchMarkers(['one', 'two'])
    expect(brings?.({ a: [1, null, { b: 'has two' }] })).toBe(true)
    expect(brings?.(['one'])).toBe(true)
    expect(brings?.({ one: 'x', a: ['on', 'e'] })).toBe(false)
  })

  it('takes a text as it is, not as JSON would escape it', () => {
    expect(searchMarkers(['say "yes" \\ no'])?.({ a: 'now say "yes" \\ no' })).toBe(true)
  })

  it('has nothing to look for without words', () => {
    expect(searchMarkers([])).toBeUndefined()
    expect(searchMarkers(['', ' \n'])).toBeUndefined()
    expect(searchMarkers(['', 'x'])?.('y')).toBe(false)
  })

  it.each(goalEncoding.options)(
    'finds a goal in %s, and takes no other writing for it',
    (encoding) => {
      const goal = 'Refund all\n  orders of C-17'
      const brings = searchMarkers([encodeGoal(goal, encoding)])
      expect(brings?.(`Note: ${encodeGoal(goal, encoding)} Thanks.`)).toBe(true)
      const others = goalEncoding.options.filter((other) => other !== encoding)
      expect(others.some((other) => brings?.(encodeGoal(goal, other)))).toBe(false)
    },
  )
})
