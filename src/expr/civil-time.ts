/**
 * The calendar as plain arithmetic: the same on every machine, whatever its time zone.
 *
 * Proleptic Gregorian, years 1 to 9999, no leap seconds, days counted from 1970-01-01.
 */

/** A date; months and days count from 1. */
export interface CivilDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

const daysPerEra = 146_097
const daysFromEraToEpoch = 719_468

/**
 * Days from 1970-01-01 to a date; negative before it.
 *
 * Years run from March here, so that the leap day is the last one, and repeat every 400.
 *
 * @see Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"
 */
export function daysFromCivil({ year, month, day }: CivilDate): number {
  const marchYear = month > 2 ? year : year - 1
  const era = Math.floor(marchYear / 400)
  const yearOfEra = marchYear - era * 400
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * daysPerEra + dayOfEra - daysFromEraToEpoch
}

/** The date that lies so many whole days after 1970-01-01. */
export function civilFromDays(days: number): CivilDate {
  const shifted = days + daysFromEraToEpoch
  const era = Math.floor(shifted / daysPerEra)
  const dayOfEra = shifted - era * daysPerEra
  const leapDays =
    Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096)
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365)
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}

/** 0 is Sunday. */
export function dayOfWeek(days: number): number {
  return (((days + 4) % 7) + 7) % 7
}
