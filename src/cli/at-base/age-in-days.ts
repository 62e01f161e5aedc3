import { daysFromCivil } from '../../expr/civil-time.ts'
import { committedAt, isUncommitted } from '../git/git.ts'
import type { Io } from '../io.ts'

const secondsPerDay = 86_400

/**
 * Whole days since a file was committed.
 *
 * @param commit - whose history is looked at; absent: that of HEAD, for a file as it is on disk
 * @returns `undefined` where nobody knows: no repository, a shallow clone, a file that was changed
 *   since and is as new as its change
 */
export async function ageInDays(
  { commit, file }: { readonly commit?: string; readonly file: string },
  { cwd, today }: Pick<Io, 'cwd' | 'today'>,
): Promise<number | undefined> {
  if (commit === undefined && (await isUncommitted(cwd, file))) return undefined
  const seconds = await committedAt(cwd, commit ?? 'HEAD', file)
  const now = dayNumber(today())
  if (seconds === undefined || now === undefined) return undefined
  return Math.max(0, now - Math.floor(seconds / secondsPerDay))
}

/** Days from 1970-01-01 to an ISO date. */
function dayNumber(date: string): number | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})/.exec(date) ?? []
  if (day === undefined) return undefined
  return daysFromCivil({ year: Number(year), month: Number(month), day: Number(day) })
}
