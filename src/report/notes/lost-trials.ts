import { plural, whole } from '../format.ts'
import type { Say } from '../say.ts'
import type { Subject } from '../subject.ts'

/**
 * `10 of 10 trials lost: 10 x the provider failed: …`: a run without evidence says why it has none.
 * Empty where no trial was lost.
 *
 * @param say - makes what services said safe for the place where it is going to stand
 */
export function lostTrials({ cases, metrics }: Subject, say: Say): string {
  const lost = total(cases.map(({ incomplete, invalid }) => incomplete + invalid))
  if (lost === 0) return ''
  const reasons = metrics?.lostTo ?? []
  const rest = lost - total(reasons.map(({ count }) => count))
  const parts = [
    ...reasons.map(({ count, reason }) => `${whole(count)} x ${say(reason)}`),
    // A trial that was never begun has no line that could say why.
    ...(rest > 0 ? [`${whole(rest)} x not finished, or for other reasons`] : []),
  ]
  const all = total(cases.map(({ n }) => n))
  return `${whole(lost)} of ${plural(all, 'trial')} lost: ${parts.join('; ')}`
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
