/** Waits for a turn; what it gives ends the turn. `undefined`: the signal aborted first. */
export type TakeTurn = (signal: AbortSignal) => Promise<(() => void) | undefined>

/** Lets so many through at once, in the order in which they ask. */
export function takeTurns(most: number): TakeTurn {
  const queue: (() => void)[] = []
  let taken = 0
  const leave = (): void => {
    taken -= 1
    queue.shift()?.()
  }
  const enter = (): (() => void) => {
    taken += 1
    let hasLeft = false
    return () => {
      if (!hasLeft) leave()
      hasLeft = true
    }
  }
  return (signal) => {
    if (signal.aborted) return Promise.resolve(undefined)
    if (taken < most) return Promise.resolve(enter())
    return new Promise((resolve) => {
      const giveUp = (): void => {
        queue.splice(queue.indexOf(begin), 1)
        resolve(undefined)
      }
      const begin = (): void => {
        signal.removeEventListener('abort', giveUp)
        resolve(enter())
      }
      queue.push(begin)
      signal.addEventListener('abort', giveUp, { once: true })
    })
  }
}
