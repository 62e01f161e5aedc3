import { describe, expect, test } from 'vitest'
import { readChanges } from '../../src/page/changes.ts'

describe('changes of the world', () => {
  test('are read as before and after', () => {
    const patch = [
      { op: 'replace', path: '/orders/1/status', from: 'paid', value: 'refunded' },
      { op: 'add', path: '/refunds/0', value: { usd: 9 } },
      { op: 'remove', path: '/note', from: null },
      { op: 'replace', path: '/x', value: 1 },
    ]
    expect(readChanges(JSON.stringify(patch))).toEqual([
      { path: '/orders/1/status', before: '"paid"', after: '"refunded"' },
      { path: '/refunds/0', after: '{\n  "usd": 9\n}' },
      { path: '/note', before: 'null' },
      { path: '/x', before: 'not recorded', after: '1' },
    ])
  })

  test.each(['[{"op":"add", (cut', '{}', '[1]', '[null]', '[{"path":1}]', ''])(
    '%j is none',
    (data) => {
      expect(readChanges(data)).toBeUndefined()
    },
  )
})
