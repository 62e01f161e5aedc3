import { describe, expect, it } from 'vitest'
import { describeCall, describeName, describeSource } from '../../src/graders/describe.ts'

describe('describeCall', () => {
  it('reads like a call, with typed values', () => {
    expect(describeCall({ tool: 'refund', args: { order_id: 'O-1', amount: 8, items: [1] } })).toBe(
      'refund(order_id="O-1", amount=8, items=[1])',
    )
  })

  it('stays on one line and short, whatever the model wrote', () => {
    const args = { 'a\nb': 'x\n'.repeat(500), more: Array.from({ length: 99 }, () => '😀') }
    const text = describeCall({ tool: '::error::\n'.repeat(50), args })
    expect(text).not.toContain('\n')
    expect(Array.from(text).length).toBeLessThanOrEqual(160)
  })
})

describe('describeName', () => {
  it('quotes what is no ordinary name', () => {
    expect(describeName('payments.issue_refund')).toBe('payments.issue_refund')
    expect(describeName('')).toBe('""')
    expect(describeName('a b')).toBe('"a b"')
  })
})

describe('describeSource', () => {
  it('folds white space and shortens', () => {
    expect(describeSource(' a\n  b ')).toBe('a b')
    expect(describeSource('x'.repeat(500))).toHaveLength(120)
  })
})
