import type { Io } from '../io.ts'

/**
 * Whether block characters will be seen as such: by the locale that the process was given, and not on a
 * terminal that calls itself dumb. Windows has no locale variables; its own terminal names itself.
 */
export function wantsUnicode({ env }: Pick<Io, 'env'>): boolean {
  if (env['TERM'] === 'dumb') return false
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => (value ?? '') !== '')
  if (locale === undefined) return (env['WT_SESSION'] ?? '') !== ''
  return /utf-?8/i.test(locale)
}
