import { keepAliveFetch } from '../../src/cli/outside/keep-alive-fetch.ts'
import type { Clock, Outside } from '../../src/ports.ts'

/** The real network, a clock of its own, and nothing else. */
export function anOutside(parts: Partial<Outside> = {}): Outside {
  const refuse = (what: string) => (): never => {
    throw new Error(`no ${what} here`)
  }
  return {
    env: {},
    clock: aClock(),
    fetch: keepAliveFetch(globalThis.fetch),
    spawn: refuse('processes'),
    listen: refuse('servers'),
    importModule: refuse('modules'),
    token: refuse('tokens'),
    ...parts,
  }
}

/** Goes on 5 ms each time it is asked. */
function aClock(): Clock {
  let nowMs = 0
  return {
    nowMs: () => (nowMs += 5),
    sleep: () => Promise.reject(new Error('nobody waits here')),
  }
}
