import { daysFromCivil } from '../../../expr/civil-time.ts'

const form =
  /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:(Z)|([+-]\d\d):?(\d\d)))?$/

/**
 * A date, or a date and time, as Cedar's `datetime` wants it: three decimals or none, and no colon in
 * the offset. What is finer than a millisecond is cut off.
 *
 * @returns `undefined` for another form; whether there is such a day is for Cedar to say
 */
export function cedarDatetime(text: string): string | undefined {
  const found = form.exec(text)
  if (found === null) return undefined
  const [, year, month, day, hours, minutes, seconds, fraction = '', utc, ahead, beside] = found
  const date = `${year}-${month}-${day}`
  if (hours === undefined) return date
  const zone = utc ?? `${ahead}${beside}`
  return `${date}T${hours}:${minutes}:${seconds}.${milliseconds(fraction)}${zone}`
}

/**
 * Milliseconds since 1970 of a moment in UTC, as the trial's own clock writes it.
 *
 * @returns `undefined` for another form
 */
export function epochMs(text: string): number | undefined {
  const found = form.exec(text)
  if (found?.[8] === undefined) return undefined
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = found
    .slice(1, 7)
    .map(Number)
  const ofDay = (hours * 60 + minutes) * 60 + seconds
  const ms = Number(milliseconds(found[7] ?? ''))
  return (daysFromCivil({ year, month, day }) * 86_400 + ofDay) * 1_000 + ms
}

function milliseconds(fraction: string): string {
  return fraction.slice(0, 3).padEnd(3, '0')
}
