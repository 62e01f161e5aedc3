import { describe, expect, it } from 'vitest'
import { listEverything, recordsNamed } from '../../src/lint/list-everything.ts'

const state = {
  orders: { 'O-1': { total_cents: 4599, note: 'at the door' }, 'O-2': { total_cents: 20 } },
  stock: 12,
}

describe('listEverything', () => {
  it('lists ids, numbers and texts, cents also as dollars, each once', () => {
    expect(listEverything([state, state])).toMatch(
      /policy because, O-1, at the door, 4599, \$45\.99, O-2, 20, \$0\.20, 12$/,
    )
  })

  it('says yes and no and all the rest', () => {
    for (const word of ['yes', 'no', 'approved', 'denied', 'refunded', 'cancelled', 'escalated']) {
      expect(listEverything([])).toMatch(new RegExp(`\\b${word}\\b`))
    }
  })

  it('ends where it gets too long', () => {
    const long = listEverything(Array.from({ length: 5000 }, (_, index) => `text ${index}`))
    expect(long.length).toBeLessThanOrEqual(1500)
    expect(long).toContain('text 7,')
  })
})

describe('recordsNamed', () => {
  it('finds the records that are named, in that order', () => {
    expect(recordsNamed(state, ['O-2', 'constructor', 'O-1'])).toEqual([
      { total_cents: 20 },
      { total_cents: 4599, note: 'at the door' },
    ])
  })
})
