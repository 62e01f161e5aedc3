import type { MetricVerdict } from '../../schema/verdict.ts'
import { pointsSize, ratioSize } from '../format.ts'

/**
 * The smallest change for the worse that a sample shows four times out of five: `a drop of 9.0 points`.
 * Empty where nobody knows: trials that came out all alike, or one of each case, tell no noise, and `a
 * rise of 0.0 %` would promise to find anything.
 */
export function detectable({ kind, mde, worse }: MetricVerdict): string {
  if (mde === undefined) return ''
  const size = kind === 'rate' ? `${pointsSize(mde)} points` : ratioSize(mde)
  if (Number.parseFloat(size) === 0) return ''
  return `${worse === 'lower' ? 'a drop' : 'a rise'} of ${size}`
}
