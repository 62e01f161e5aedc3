import { civilFromDays, daysFromCivil } from '../../../expr/civil-time.ts'

const form = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(?:[Zz]|([+-]\d\d:\d\d))$/

/** What an int64 holds: the years 1677 to 2262, as in OPA. */
const most = 2n ** 63n

/**
 * A moment as nanoseconds since 1970, by RFC 3339.
 *
 * @returns `undefined` for a text that is none, and for one before 1677 or after 2262
 */
export function nanosecondsOf(text: string): bigint | undefined {
  const found = form.exec(text)
  if (found === null) return undefined
  const seconds = secondsBetween(found[1] ?? '', found[2] ?? '', found[4] ?? '+00:00')
  if (seconds === undefined) return undefined
  const fraction = BigInt((found[3] ?? '').padEnd(9, '0'))
  const nanoseconds = BigInt(seconds) * 1_000_000_000n + fraction
  return nanoseconds >= -most && nanoseconds < most ? nanoseconds : undefined
}

/** From 1970 to a date and time where the clocks are so far ahead. */
function secondsBetween(date: string, time: string, ahead: string): number | undefined {
  const days = daysOf(date)
  const second = secondsOf(time)
  const offset = secondsOf(`${ahead.slice(1)}:00`)
  if (days === undefined || second === undefined || offset === undefined) return undefined
  return days * 86_400 + second - (ahead.startsWith('-') ? -offset : offset)
}

/** `undefined` for a day that is in no calendar, such as 30 February. */
function daysOf(date: string): number | undefined {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number)
  if (month < 1 || month > 12) return undefined
  const days = daysFromCivil({ year, month, day })
  const back = civilFromDays(days)
  return back.month === month && back.day === day ? days : undefined
}

function secondsOf(time: string): number | undefined {
  const [hour = 24, minute = 60, second = 60] = time.split(':').map(Number)
  const isTime = hour < 24 && minute < 60 && second < 60
  return isTime ? hour * 3_600 + minute * 60 + second : undefined
}
