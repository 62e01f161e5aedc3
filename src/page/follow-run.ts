import type { PageData } from '../schema/page-data.ts'
import type { Outside } from './browser.ts'

const everyMs = 2000

/**
 * Asks a served page's run for news every two seconds, as long as it is running.
 *
 * @param lost - told with words when the server did not answer, and with nothing when it does again
 */
export function followRun(
  data: PageData,
  outside: Pick<Outside, 'fetchJson' | 'later'>,
  tell: {
    readonly update: (data: PageData) => void
    readonly lost: (words: string | undefined) => void
  },
): void {
  if (data.served?.isRunning !== true) return
  outside.later(everyMs, () => void ask())

  async function ask(): Promise<void> {
    let next = data
    try {
      next = (await outside.fetchJson('data')) as PageData
      tell.lost(undefined)
      tell.update(next)
    } catch {
      tell.lost('The server does not answer: what you see is as of the last answer.')
    }
    followRun(next, outside, tell)
  }
}
