import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { evaluate } from './builders.ts'

const zoneOfMachine = process.env['TZ']

afterEach(() => {
  if (zoneOfMachine === undefined) delete process.env['TZ']
  else process.env['TZ'] = zoneOfMachine
})

function field(name: string, now: string, zone = ''): unknown {
  return evaluate(`timestamp(now).${name}(${zone})`, { now })
}

describe('fields of a timestamp', () => {
  it('are those of UTC', () => {
    const now = '2026-02-28T23:59:58.750Z'
    expect(field('getFullYear', now)).toBe(2026)
    expect(field('getMonth', now)).toBe(1)
    expect(field('getDate', now)).toBe(28)
    expect(field('getDayOfMonth', now)).toBe(27)
    expect(field('getDayOfWeek', now)).toBe(6)
    expect(field('getDayOfYear', now)).toBe(58)
    expect(field('getHours', now)).toBe(23)
    expect(field('getMinutes', now)).toBe(59)
    expect(field('getSeconds', now)).toBe(58)
    expect(field('getMilliseconds', now)).toBe(750)
  })

  it('do not depend on the time zone of the machine', () => {
    const zones = { UTC: 0, 'Europe/Berlin': -120, 'America/St_Johns': 150, 'Pacific/Apia': -780 }
    for (const [zone, offset] of Object.entries(zones)) {
      process.env['TZ'] = zone
      expect(new Date('2026-07-15T00:30:00Z').getTimezoneOffset()).toBe(offset)
      // An hour that summer time skips in Berlin, and a day after summer time has begun.
      expect(field('getHours', '2026-03-29T02:30:00Z')).toBe(2)
      expect(field('getDayOfYear', '2026-07-15T00:30:00Z')).toBe(195)
    }
  })

  it('can be asked for in a zone', () => {
    const now = '2026-07-15T22:30:00Z'
    expect(field('getHours', now, '"Europe/Berlin"')).toBe(0)
    expect(field('getDate', now, '"Europe/Berlin"')).toBe(16)
    expect(field('getHours', now, '"America/New_York"')).toBe(18)
    expect(field('getHours', now, '"+05:30"')).toBe(4)
    expect(field('getMinutes', now, '"-00:45"')).toBe(45)
    expect(field('getHours', now, '"UTC"')).toBe(22)
    expect(field('getHours', now, '"Nowhere/Land"')).toMatch(/^error: .*Nowhere\/Land/)
  })

  it('agree with the platform at any moment', () => {
    const moments = fc.date({
      min: new Date('0001-01-01'),
      max: new Date('9999-12-31'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(moments, (moment) => {
        const now = moment.toISOString()
        expect(field('getFullYear', now)).toBe(moment.getUTCFullYear())
        expect(field('getDayOfWeek', now)).toBe(moment.getUTCDay())
        expect(field('getHours', now)).toBe(moment.getUTCHours())
        expect(field('getMilliseconds', now)).toBe(moment.getUTCMilliseconds())
      }),
    )
  })

  it('leave durations alone', () => {
    expect(evaluate('duration("90m").getHours()')).toBe(1)
    expect(evaluate('duration("1500ms").getMilliseconds()')).toBe(500)
  })
})
