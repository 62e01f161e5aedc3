import { describe, expect, it } from 'vitest'
import { indexRecords } from '../../src/lint/record-index.ts'
import { reversed } from './shop.ts'

const state = {
  orders: {
    'O-1': { owner: 'C-1', status: 'delivered', address: { line: '1 Lane', city: 'Rome' } },
    'O-2': { owner: 'C-2', status: 'shipped', address: { line: '2 Lane', city: 'Bern' } },
    'O-3': { owner: 'C-1', status: 'delivered', address: { line: '1 Lane', city: 'Rome' } },
  },
  refunds: [
    { id: 'R-1', order: 'O-1' },
    { id: 'R-2', order: 'O-2' },
  ],
  settings: { region: { code: 'EU' }, limits: { refund: 50 } },
  count: 3,
}

describe('indexRecords', () => {
  const records = indexRecords(state)

  it('finds the records of maps and of lists, the most alike first', () => {
    expect(records.othersLike('O-1')).toEqual(['O-3', 'O-2'])
    expect(records.othersLike('R-1')).toEqual(['R-2'])
  })

  it('knows records by their numbers, as texts', () => {
    const numbered = {
      accounts: { 1001: { open: true }, 1002: { open: true } },
      issues: [{ id: 7 }, { id: 12 }],
    }
    expect(indexRecords(numbered).othersLike('1001')).toEqual(['1002'])
    expect(indexRecords(numbered).othersLike('7')).toEqual(['12'])
  })

  it('does not mind the order of keys', () => {
    const other = indexRecords(reversed(state) as typeof state)
    expect(other.ids).toEqual(records.ids)
    for (const id of records.ids) expect(other.othersLike(id)).toEqual(records.othersLike(id))
    expect([...other.sameKind('O-9')]).toEqual([...records.sameKind('O-9')])
    expect([...other.sameKind('1 Lane')]).toEqual([...records.sameKind('1 Lane')])
  })

  it('takes neither the parts of one thing for records nor anything else', () => {
    expect(records.othersLike('region')).toEqual([])
    expect(records.othersLike('city')).toEqual([])
    expect(records.othersLike('delivered')).toEqual([])
    expect(records.ids).toEqual(['O-1', 'O-2', 'O-3', 'R-1', 'R-2'])
  })

  it('knows no others of a record that is alone', () => {
    expect(indexRecords({ notes: { 'N-1': { text: 'x' } } }).othersLike('N-1')).toEqual([])
  })

  it('knows what else stands under the same name', () => {
    expect([...records.sameKind('Rome')]).toEqual(['Bern'])
    expect([...records.sameKind('C-2')]).toEqual(['C-1'])
    expect([...records.sameKind('nowhere')]).toEqual([])
  })

  it('looks at names that are also names of objects’ own machinery', () => {
    expect(indexRecords({}).othersLike('constructor')).toEqual([])
    expect([...records.sameKind('__proto__')]).toEqual([])
  })
})
