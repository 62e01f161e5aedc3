import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatRfc3339, parseRfc3339 } from '../../src/world/rfc3339.ts'

describe('parseRfc3339', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['2026-01-05T09:00:00Z', 1_767_603_600_000],
    ['2026-01-05T09:00Z', 1_767_603_600_000],
    ['2026-01-05t09:00:00z', 1_767_603_600_000],
    ['2026-01-05 09:00:00.5Z', 1_767_603_600_500],
    ['2026-01-05T09:00:00.123999999Z', 1_767_603_600_123],
    ['2026-01-05T10:30:00+01:30', 1_767_603_600_000],
    ['2026-01-05T07:00:00-02:00', 1_767_603_600_000],
    ['2024-02-29T00:00:00Z', 1_709_164_800_000],
  ])('%s', (text, ms) => {
    expect(parseRfc3339(text)).toBe(ms)
  })

  it.each([
    '',
    'yesterday',
    '2026-01-05',
    '2026-01-05T09:00:00',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-01-05T24:00:00Z',
    '2026-01-05T09:60:00Z',
    '2026-01-05T09:00:60Z',
    '2026-01-05T09:00:00+24:00',
  ])('refuses %s', (text) => {
    expect(parseRfc3339(text)).toBeUndefined()
  })
})

describe('formatRfc3339', () => {
  it('always writes three decimals, so that texts sort as times do', () => {
    expect(formatRfc3339(0)).toBe('1970-01-01T00:00:00.000Z')
    expect(formatRfc3339(1_767_603_600_500.9)).toBe('2026-01-05T09:00:00.500Z')
    expect(formatRfc3339(-1)).toBe('1969-12-31T23:59:59.999Z')
  })

  it('writes what the platform writes, and reads it back', () => {
    const moments = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(moments, (moment) => {
        expect(formatRfc3339(moment.getTime())).toBe(moment.toISOString())
        expect(parseRfc3339(moment.toISOString())).toBe(moment.getTime())
      }),
    )
  })
})
