import type { Fact } from '../../schema/verdict.ts'
import { listed, usd, whole } from '../format.ts'
import type { Say } from '../say.ts'

/** Names in a heading; the rest is counted. */
const mostNamed = 3

/**
 * A fact in words, with those first whom somebody has to call: `10 harmed, $312.45 in all: Ben (C-22),
 * Carla (C-31), Dan (C-40) and 7 more; rule "..." was broken ...`.
 */
export function factWords({ harm, message }: Fact, say: Say): string {
  if (harm === undefined || harm.who.length === 0) return say(message)
  const names = listed(harm.who.map(say), mostNamed)
  return `${harmTotal(harm)}: ${names}; ${say(message)}`
}

/** The same without anybody's name, for a place that many read: `10 harmed, $312.45 in all; rule ...`. */
export function namelessFactWords({ harm, message }: Fact, say: Say): string {
  if (harm === undefined || harm.who.length === 0) return say(message)
  return `${harmTotal(harm)}; ${say(message)}`
}

function harmTotal({ usd: money, who }: NonNullable<Fact['harm']>): string {
  const lost = money === undefined ? '' : `, ${usd(money)} in all`
  return `${whole(who.length)} harmed${lost}`
}
