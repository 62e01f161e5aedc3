import { randomBytes } from 'node:crypto'
import type { Clock, Outside } from '../../ports.ts'
import type { Io } from '../io.ts'
import { keepAliveFetch } from './keep-alive-fetch.ts'
import { listen } from './listen.ts'
import { spawnGroup } from './spawn-group.ts'

/** 128 bits: nobody finds a trial by trying. */
const tokenBytes = 16

/** The real network, processes, time and randomness, for what models and agents are reached by. */
export function nodeOutside({ env }: Pick<Io, 'env'>): Outside {
  return {
    env,
    clock: realClock,
    fetch: keepAliveFetch((input, init) => fetch(input, init)),
    spawn: spawnGroup,
    listen,
    importModule: async (file) => {
      const { createJiti } = await import('jiti')
      return await createJiti(file).import(file)
    },
    token: () => randomBytes(tokenBytes).toString('hex'),
  }
}

const realClock: Clock = {
  nowMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) {
        resolve()
        return
      }
      const wake = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      const timer = setTimeout(wake, ms)
      signal.addEventListener('abort', wake)
    }),
}
