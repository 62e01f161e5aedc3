import type { MetricVerdict } from '../../schema/verdict.ts'
import { pointsSize, ratioSize } from '../format.ts'

/** The smallest change for the worse that a sample shows four times out of five: `a drop of 9.0 points`. */
export function detectable({ kind, mde, worse }: MetricVerdict): string {
  if (mde === undefined) return ''
  const side = worse === 'lower' ? 'a drop' : 'a rise'
  return `${side} of ${kind === 'rate' ? `${pointsSize(mde)} points` : ratioSize(mde)}`
}
