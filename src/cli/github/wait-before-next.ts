import type { ApiFailure, GitHubAccess } from './ask-github.ts'

const maxAttempts = 4
const firstWaitMs = 1_000

/**
 * How long to wait after a failed attempt, in ms; `undefined`: no further one. What the host asks for is
 * never undercut: where it is too long, nobody asks again.
 *
 * @param attempt - the one that failed, from 1
 */
export function waitBeforeNextMs(
  { isTransient, waitMs }: ApiFailure,
  attempt: number,
  { clock, giveUpAtMs }: Pick<GitHubAccess, 'clock' | 'giveUpAtMs'>,
): number | undefined {
  if (!isTransient || attempt >= maxAttempts) return undefined
  const wait = waitMs ?? firstWaitMs * 2 ** (attempt - 1)
  return clock.nowMs() + wait > giveUpAtMs ? undefined : wait
}
