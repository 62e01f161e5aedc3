import type { Fact } from '../schema/verdict.ts'
import { listed, usd, whole } from './format.ts'
import type { Say } from './say.ts'

/** Names in a heading; the rest is counted. */
export const mostNamed = 3

/**
 * A fact in words, with those first whom somebody has to call: `10 harmed, $312.45 in all: Ben (C-22),
 * Carla (C-31), Dan (C-40) and 7 more; rule "..." was broken ...`.
 */
export function factWords({ harm, message }: Fact, say: Say): string {
  if (harm === undefined || harm.who.length === 0) return say(message)
  const money = harm.usd === undefined ? '' : `, ${usd(harm.usd)} in all`
  const names = listed(harm.who.map(say), mostNamed)
  return `${whole(harm.who.length)} harmed${money}: ${names}; ${say(message)}`
}
