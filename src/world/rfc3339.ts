import { civilFromDays, daysFromCivil } from '../expr/civil-time.ts'

const msPerDay = 86_400_000

const timestamp =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9})\d*)?)?(?:[Zz]|([+-])(\d\d):(\d\d))$/

/**
 * Milliseconds since 1970-01-01T00:00:00Z, or `undefined` when the text is no such timestamp.
 *
 * Seconds may be missing, as in ISO 8601; what is finer than a millisecond is cut off.
 * A leap second (`:60`) is no time of ours.
 */
export function parseRfc3339(text: string): number | undefined {
  const found = timestamp.exec(text)
  if (found === null) return undefined
  const part = (index: number): number => Number(found[index] ?? 0)
  const date = { year: part(1), month: part(2), day: part(3) }
  const time = [part(4), part(5), part(6)] as const
  const offset = [part(9), part(10)] as const
  if (!isDate(date) || !isTime(...time) || !isTime(...offset, 0)) return undefined

  const ms = Math.floor(Number(`0.${found[7] ?? '0'}`) * 1_000)
  const offsetMs = secondsOf(...offset, 0) * (found[8] === '-' ? -1_000 : 1_000)
  return daysFromCivil(date) * msPerDay + secondsOf(...time) * 1_000 + ms - offsetMs
}

/**
 * The moment in UTC with exactly three decimals, so that the order of texts is the order of time.
 *
 * @param ms - milliseconds since 1970-01-01T00:00:00Z; a fraction is cut off
 */
export function formatRfc3339(ms: number): string {
  const whole = Math.floor(ms)
  const days = Math.floor(whole / msPerDay)
  const { year, month, day } = civilFromDays(days)
  const ofDay = whole - days * msPerDay
  const seconds = Math.floor(ofDay / 1_000)
  const date = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`
  const minutes = Math.floor(seconds / 60)
  const time = `${pad(Math.floor(minutes / 60), 2)}:${pad(minutes % 60, 2)}:${pad(seconds % 60, 2)}`
  return `${date}T${time}.${pad(ofDay % 1_000, 3)}Z`
}

function isDate(date: { year: number; month: number; day: number }): boolean {
  const { year, month, day } = civilFromDays(daysFromCivil(date))
  return year === date.year && month === date.month && day === date.day
}

function isTime(hours: number, minutes: number, seconds: number): boolean {
  return hours < 24 && minutes < 60 && seconds < 60
}

function secondsOf(hours: number, minutes: number, seconds: number): number {
  return hours * 3_600 + minutes * 60 + seconds
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0')
}
