import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { civilFromDays, dayOfWeek, daysFromCivil } from '../../src/expr/civil-time.ts'

describe('civil time', () => {
  it.each([
    ['1970-01-01', 0],
    ['1969-12-31', -1],
    ['2000-02-29', 11_016],
    ['2000-03-01', 11_017],
    ['1900-03-01', -25_508],
    ['2100-02-28', 47_540],
    ['0001-01-01', -719_162],
  ])('knows %s as day %i', (text, days) => {
    const [year = 0, month = 0, day = 0] = text.split('-').map(Number)
    expect(daysFromCivil({ year, month, day })).toBe(days)
    expect(civilFromDays(days)).toEqual({ year, month, day })
  })

  it('agrees with the clock of the platform on every day', () => {
    fc.assert(
      fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (days) => {
        const date = new Date(days * 86_400_000)
        const civil = {
          year: date.getUTCFullYear(),
          month: date.getUTCMonth() + 1,
          day: date.getUTCDate(),
        }
        expect(civilFromDays(days)).toEqual(civil)
        expect(daysFromCivil(civil)).toBe(days)
        expect(dayOfWeek(days)).toBe(date.getUTCDay())
      }),
    )
  })
})
