const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** As in `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7). */
const httpDate = /^\w{3}, (\d{2}) (\w{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/

/** As in `2026-01-31T08:49:37.5Z` (RFC 3339); other zones than UTC are not used in headers. */
const timestamp = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2}(?:\.\d+)?)(?:Z|\+00:00)$/i

/** As in `6m0s`, `1.5s` or `20ms`. */
const duration = /^(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/

/**
 * A point in time out of a header, in ms since 1970. It is only ever compared with another header's:
 * nothing here asks what time it is.
 */
export function parseHttpTime(text: string): number | undefined {
  const date = httpDate.exec(text)
  if (date !== null) {
    const [, day, month = '', year, ...clock] = date
    return instant([year, months.indexOf(month) + 1, day, ...clock])
  }
  const stamp = timestamp.exec(text)
  return stamp === null ? undefined : instant(stamp.slice(1))
}

/** A duration as OpenAI's rate-limit headers write it, in ms; a bare number is in seconds. */
export function parseHttpDuration(text: string): number | undefined {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000
  const parts = text === '' ? null : duration.exec(text)
  if (parts === null) return undefined
  // What did not occur is undefined, whatever its type says.
  const found: readonly (string | undefined)[] = parts.slice(1)
  const [hours = 0, minutes = 0, seconds = 0, ms = 0] = found.map((part) => Number(part ?? 0))
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms
}

function instant(parts: readonly (string | number | undefined)[]): number | undefined {
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = parts.map(Number)
  if (month < 1 || month > 12) return undefined
  return ((daysSince1970(year, month, day) * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1000
}

/**
 * Days of the Gregorian calendar, the year taken to begin in March.
 *
 * @see Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil
 */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}
