import { describe, expect, test } from 'vitest'
import { nextOrder, type SortColumn, sortCases } from '../../src/page/sort-cases.ts'
import { aCase } from './a-page.ts'

const rows = [
  aCase('b', { costUsd: 3, candidate: { passed: 5, scored: 5 } }),
  aCase('a', { candidate: { passed: 0, scored: 5 } }),
  aCase('d', { costUsd: 1, candidate: { passed: 0, scored: 0 } }),
  aCase('c', { costUsd: 2, candidate: { passed: 9, scored: 10 } }),
].map((row) => ({ row }))

function sorted(column: SortColumn, descending: boolean): string {
  return sortCases(rows, { column, descending })
    .map(({ row }) => row.id)
    .join('')
}

describe('the order of cases', () => {
  test('without a column is the one they came in', () => {
    expect(sortCases(rows, undefined)).toBe(rows)
  })

  test('by name, by share passed, by change, by cost', () => {
    expect(sorted('id', false)).toBe('abcd')
    expect(sorted('id', true)).toBe('dcba')
    expect(sorted('candidate', false)).toBe('acbd')
    expect(sorted('change', false)).toBe('acbd')
    expect(sorted('cost', true)).toBe('bcda')
  })

  test('puts those without a value last either way', () => {
    expect(sorted('cost', false)).toBe('dcba')
    expect(sorted('candidate', true)).toBe('bcad')
  })

  test('leaves equal ones as they stood', () => {
    expect(sorted('layer', true)).toBe('badc')
    expect(sorted('latency', false)).toBe('badc')
  })

  test('goes from the first direction to the other, and back to the usual order', () => {
    const first = nextOrder(undefined, 'cost')
    expect(first).toEqual({ column: 'cost', descending: true })
    const second = nextOrder(first, 'cost')
    expect(second).toEqual({ column: 'cost', descending: false })
    expect(nextOrder(second, 'cost')).toBeUndefined()
    expect(nextOrder(second, 'id')).toEqual({ column: 'id', descending: false })
  })
})
