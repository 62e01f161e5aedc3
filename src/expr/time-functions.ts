import { type CelFunc, CelScalar, celMethod, objectType } from '@bufbuild/cel'
import { type Timestamp, TimestampSchema } from '@bufbuild/protobuf/wkt'
import { civilFromDays, dayOfWeek, daysFromCivil } from './civil-time.ts'
import { wallSeconds } from './time-zone.ts'

/** A moment as the clock on the wall shows it. */
interface Moment {
  readonly days: number
  readonly secondOfDay: number
  readonly nanos: number
}

/** As in the CEL definition: months and the days of month and year count from 0, `getDate` from 1. */
const fields: Readonly<Record<string, (moment: Moment) => number>> = {
  getFullYear: ({ days }) => civilFromDays(days).year,
  getMonth: ({ days }) => civilFromDays(days).month - 1,
  getDate: ({ days }) => civilFromDays(days).day,
  getDayOfMonth: ({ days }) => civilFromDays(days).day - 1,
  getDayOfWeek: ({ days }) => dayOfWeek(days),
  getDayOfYear: ({ days }) =>
    days - daysFromCivil({ year: civilFromDays(days).year, month: 1, day: 1 }),
  getHours: ({ secondOfDay }) => Math.floor(secondOfDay / 3_600),
  getMinutes: ({ secondOfDay }) => Math.floor(secondOfDay / 60) % 60,
  getSeconds: ({ secondOfDay }) => secondOfDay % 60,
  getMilliseconds: ({ nanos }) => Math.floor(nanos / 1_000_000),
}

const timestamp = objectType(TimestampSchema)
const { INT, STRING } = CelScalar

/**
 * The fields of timestamps, in place of the library's.
 *
 * Its own build a local time on the way, so that on a machine with summer time
 * `timestamp('2026-07-15T00:30:00Z').getDayOfYear()` is a day off and an hour of March is skipped.
 */
export const timeFunctions: readonly CelFunc[] = Object.entries(fields).flatMap(([name, field]) => {
  const read = (value: Timestamp, zone?: string): bigint => BigInt(field(momentOf(value, zone)))
  return [
    celMethod(name, timestamp, [], INT, function () {
      return read(this.message)
    }),
    celMethod(name, timestamp, [STRING], INT, function (zone) {
      return read(this.message, zone)
    }),
  ]
})

function momentOf({ seconds, nanos }: Timestamp, zone: string | undefined): Moment {
  const wall = wallSeconds(Number(seconds), zone)
  const days = Math.floor(wall / 86_400)
  return { days, secondOfDay: wall - days * 86_400, nanos }
}
