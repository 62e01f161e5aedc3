import type { RateMetricDefinition } from '../../src/gate/gated-metrics.ts'
import { pairsOf, type Sides } from '../gate/arms.ts'

/** Cases, of one trial an arm, in which one arm had the event and the other had not. */
export interface DiscordantCases {
  /** Only the baseline had it. */
  readonly lost: number
  /** Only the candidate had it. */
  readonly gained: number
}

export function discordantCases(metric: RateMetricDefinition, sides: Sides): DiscordantCases {
  const concerned = pairsOf(sides).filter(({ candidate }) => metric.covers(candidate))
  const changes = concerned.map(
    ({ baseline, candidate }) => metric.events(candidate) - metric.events(baseline),
  )
  return {
    lost: changes.filter((by) => by < 0).length,
    gained: changes.filter((by) => by > 0).length,
  }
}

/**
 * McNemar's exact test from its definition, one p for each side: every discordant case falls either
 * way with chance ½.
 */
export function exactMcNemar({ gained, lost }: DiscordantCases): {
  readonly fewer: number
  readonly more: number
} {
  const all = gained + lost
  return { fewer: atMost(gained, all), more: atMost(lost, all) }
}

/** P(X ≤ most) of `coins` fair ones; below about 1,000 of them nothing underflows. */
function atMost(most: number, coins: number): number {
  let chance = 0.5 ** coins
  let sum = chance
  for (let heads = 1; heads <= most; heads++) {
    chance *= (coins - heads + 1) / heads
    sum += chance
  }
  return sum
}
