import { daysFromCivil } from './civil-time.ts'
import { memoize } from './memoize.ts'

/**
 * What the clock on the wall shows in a zone, as seconds since 1970-01-01 00:00 of that clock.
 *
 * @param seconds - seconds since the epoch, UTC
 * @param zone - `UTC`, an offset such as `+02:00` or `02:00`, or an IANA name
 * @throws RangeError for a zone that is none of these
 */
export function wallSeconds(seconds: number, zone = 'UTC'): number {
  if (zone === 'UTC') return seconds
  const offset = /^([+-]?)(\d\d):(\d\d)$/.exec(zone)
  if (offset === null) return namedZoneSeconds(seconds, zone)
  const [, sign, hours, minutes] = offset
  const ahead = Number(hours) * 3_600 + Number(minutes) * 60
  return sign === '-' ? seconds - ahead : seconds + ahead
}

const formatOf = memoize(
  100,
  (timeZone) =>
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }),
)

function namedZoneSeconds(seconds: number, zone: string): number {
  const parts = formatOf(zone).formatToParts(seconds * 1_000)
  const number = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value)
  const days = daysFromCivil({ year: number('year'), month: number('month'), day: number('day') })
  return days * 86_400 + number('hour') * 3_600 + number('minute') * 60 + number('second')
}
