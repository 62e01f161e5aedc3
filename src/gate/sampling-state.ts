import { alphaOfLook } from '../metrics/error-spending.ts'
import type { Verdict } from '../schema/verdict.ts'
import { rounded } from './finding.ts'

/** How far a run is that may end early. */
export interface SamplingState {
  /** Finished rounds, and those planned. */
  readonly rounds: number
  readonly maxRounds: number
  /** Rounds after which the gate first looks. */
  readonly firstLook: number
  /** Absent while the run goes on or where it ran to its end. */
  readonly stopped?: 'decided' | 'time' | 'budget'
  /** Cases that got no trial, because time was up or the money was spent. */
  readonly notReached: ReadonlySet<string>
}

/** What one look at the data may spend of the error budget, and what the verdict says of it. */
export interface GateLook {
  readonly alpha: number
  /** What a run to its end may spend on its last look: what further trials are planned with. */
  readonly lastAlpha: number
  readonly sampling: Verdict['sampling']
}

/**
 * Looks are fixed before the first trial: one after each round from `firstLook` on. The last of them
 * keeps most of the budget; whoever ran out of time or money, which no result decided, has had their
 * last look.
 */
export function lookOf(alpha: number, sampling: SamplingState | undefined): GateLook {
  if (sampling === undefined) return { alpha, lastAlpha: alpha, sampling: undefined }
  const { firstLook, maxRounds, notReached, rounds, stopped } = sampling
  const looks = Math.max(1, maxRounds - firstLook + 1)
  const isLast = stopped === 'time' || stopped === 'budget' || rounds >= maxRounds
  const look = isLast ? looks : Math.max(1, rounds - firstLook + 1)
  const spent = rounded(alphaOfLook({ alpha, looks, look }))
  return {
    alpha: spent,
    lastAlpha: rounded(alphaOfLook({ alpha, looks, look: looks })),
    sampling: {
      rounds,
      maxRounds,
      alpha: spent,
      ...(stopped !== undefined && { stopped }),
      notReached: notReached.size,
    },
  }
}
