import { describe, expect, test } from 'vitest'
import {
  type CaseFilter,
  filterCases,
  filterChoices,
  indexCases,
  noFilter,
} from '../../src/page/filter-cases.ts'
import { aCase } from './a-page.ts'

const cases = [
  aCase('refund.over-limit', {
    moved: 'worse',
    label: 'rule broken',
    slices: ['tag:vip', 'language:de'],
    reason: 'Never asked',
  }),
  aCase('refund.simple', { title: 'Ein Ersatz', slices: ['tag:vip'] }),
  aCase('cancel.late', { layer: 'behavioral', moved: 'better' }),
]

function left(filter: Partial<CaseFilter>): readonly string[] {
  return filterCases(indexCases(cases), { ...noFilter, ...filter }).map(({ row }) => row.id)
}

describe('the filter of cases', () => {
  test('without a wish leaves all, in their order', () => {
    expect(left({})).toEqual(['refund.over-limit', 'refund.simple', 'cancel.late'])
  })

  test('finds words anywhere in the row, in any case and order', () => {
    expect(left({ text: 'ERSATZ' })).toEqual(['refund.simple'])
    expect(left({ text: 'asked refund' })).toEqual(['refund.over-limit'])
    expect(left({ text: 'refund asked nothing' })).toEqual([])
    expect(left({ text: '   ' })).toHaveLength(3)
  })

  test('does not find words across the borders of columns', () => {
    expect(left({ text: 'simpleein' })).toEqual([])
  })

  test('takes text for text and not for a pattern', () => {
    expect(left({ text: 'refund.*' })).toEqual([])
    expect(left({ text: '(' })).toEqual([])
  })

  test('by layer, slice, label and movement, all at once', () => {
    expect(left({ layer: 'behavioral' })).toEqual(['cancel.late'])
    expect(left({ slice: 'tag:vip' })).toEqual(['refund.over-limit', 'refund.simple'])
    expect(left({ slice: 'tag' })).toEqual([])
    expect(left({ label: 'rule broken' })).toEqual(['refund.over-limit'])
    expect(left({ onlyMoved: true })).toEqual(['refund.over-limit', 'cancel.late'])
    expect(left({ onlyMoved: true, slice: 'tag:vip', text: 'refund' })).toEqual([
      'refund.over-limit',
    ])
  })

  test('offers what occurs, once each', () => {
    expect(filterChoices(cases)).toEqual({
      layers: ['behavioral', 'outcome'],
      slices: ['language:de', 'tag:vip'],
      labels: ['rule broken'],
    })
  })
})
