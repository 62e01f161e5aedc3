import type { EventOf } from '../../schema/trace.ts'

type Answer = NonNullable<EventOf<'judge.vote'>['vote']>

/**
 * What votes come to. `open`: those that are missing may still decide. `none`: no answer can reach a
 * majority any more.
 */
export type Majority = 'yes' | 'no' | 'open' | 'none'

/**
 * The answer of more than half of all votes that were to be cast: one that abstains, or that failed,
 * is no vote for the other side.
 *
 * @param cast - one entry an ordinal that was asked; `undefined` for a vote that failed
 * @param votes - how many were to be cast, ≥ cast.length
 */
export function countVotes(cast: readonly (Answer | undefined)[], votes: number): Majority {
  const needed = Math.floor(votes / 2) + 1
  const of = (answer: Answer): number => cast.filter((one) => one === answer).length
  const [yes, no] = [of('yes'), of('no')]
  if (yes >= needed) return 'yes'
  if (no >= needed) return 'no'
  const missing = Math.max(0, votes - cast.length)
  return Math.max(yes, no) + missing >= needed && missing > 0 ? 'open' : 'none'
}
