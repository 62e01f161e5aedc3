import { AsyncLocalStorage } from 'node:async_hooks'

const storage = new AsyncLocalStorage<number>()

/** Runs a turn so that whatever it sets off is known to be its own. */
export function withTurn(turn: number, run: () => void): void {
  storage.run(turn, run)
}

/** The turn that set off what runs now. */
export function blameOf(): number | undefined {
  return storage.getStore()
}
