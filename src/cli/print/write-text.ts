import { sanitiseCiLog } from '../../text/sanitise-ci-log.ts'
import type { Io } from '../io.ts'

/** Whether what we print becomes a CI log, which obeys some of what it reads. */
export function isInCi({ env }: Pick<Io, 'env'>): boolean {
  return [env['CI'], env['GITHUB_ACTIONS']].some((one) => one !== undefined && one !== '')
}

/** Writes text for people to stdout; documents for programs go there as they are. */
export function writeText(io: Io, text: string): void {
  io.stdout.write(isInCi(io) ? sanitiseCiLog(text) : text)
}
