import { describe, expect, it } from 'vitest'
import { didYouMean } from '../../src/text/did-you-mean.ts'

const tools = ['issue_refund', 'get_order', 'get_orders', 'send_email', 'id']

describe('didYouMean', () => {
  it.each([
    ['isue_refund', 'issue_refund'],
    ['get_odrer', 'get_order'],
    ['Get_Order', 'get_order'],
    ['sendemail', 'send_email'],
    ['get_ordres', 'get_orders'],
  ])('%s: %s', (name, expected) => {
    expect(didYouMean(name, tools)).toBe(expected)
  })

  it.each([['delete_user'], ['ix'], [''], ['x'.repeat(100_000)]])(
    'suggests nothing for %s',
    (name) => {
      expect(didYouMean(name, tools)).toBeUndefined()
    },
  )

  it('counts a swap of neighbours as one mistake', () => {
    expect(didYouMean('acb', ['abc'])).toBe('abc')
  })

  it('takes the first of equally close names', () => {
    expect(didYouMean('cat', ['car', 'bat'])).toBe('car')
  })

  it('has nothing to suggest from nothing', () => {
    expect(didYouMean('cat', [])).toBeUndefined()
  })
})
