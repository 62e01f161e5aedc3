import type { Io } from '../io.ts'

/** Why a watched run may start again, or why no further one does. */
type News = 'changed' | 'again' | 'end'

/** An editor saves in several steps, and a branch is changed in many. */
const settledMs = 200
const tickMs = 50

export interface NewsDesk {
  /** A file has changed. Told once things have been quiet for a moment. */
  readonly changed: () => void
  readonly tell: (news: News) => void
  /** What comes next; what has come while nobody asked is not lost. After `end` nothing else comes. */
  readonly next: () => Promise<News>
  readonly close: () => void
}

export function openNews({ every, nowMs }: Pick<Io, 'every' | 'nowMs'>): NewsDesk {
  let waiting: ((news: News) => void) | undefined
  const come = new Set<News>()
  let stopTicking: (() => void) | undefined
  let changedMs = 0

  const close = (): void => {
    stopTicking?.()
    stopTicking = undefined
  }
  const take = (): News | undefined => {
    if (come.has('end')) return 'end'
    const [first] = come
    // Whoever runs everything again has seen every change.
    come.clear()
    return first
  }
  const tell = (news: News): void => {
    come.add(news)
    const answer = waiting
    waiting = undefined
    const next = answer === undefined ? undefined : take()
    if (next !== undefined) answer?.(next)
  }
  return {
    tell,
    changed() {
      changedMs = nowMs()
      stopTicking ??= every(tickMs, () => {
        if (nowMs() - changedMs < settledMs) return
        close()
        tell('changed')
      })
    },
    next: () =>
      new Promise((resolve) => {
        const news = take()
        if (news === undefined) waiting = resolve
        else resolve(news)
      }),
    close,
  }
}
