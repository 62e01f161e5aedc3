import type { EffectPicture } from '../schema/page-data.ts'
import { linearScale } from './scale.ts'

/** Parts of a number line, in percent of its width. */
export interface NumberLine {
  readonly zero: number
  readonly limit: number
  readonly change: number
  readonly interval?: readonly [number, number]
  /** From the limit on to the edge: too much. */
  readonly bad: readonly [number, number]
  /** In words, for those who do not see it. */
  readonly words: string
  readonly limitText: string
}

/** Lays out one number line: zero, the limit and the whole interval are on it, and more on the bad side. */
export function numberLine(picture: EffectPicture): NumberLine {
  const { bad, change, limit, lower = change, unit, upper = change } = picture
  const values = [0, limit, change, lower, upper]
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const span = high - low || 1
  const worst = bad === 'lower' ? { below: 0.25, above: 0.1 } : { below: 0.1, above: 0.25 }
  const { at } = linearScale(low - span * worst.below, high + span * worst.above)
  const known = picture.lower !== undefined || picture.upper !== undefined
  return {
    zero: at(0),
    limit: at(limit),
    change: at(change),
    ...(known && { interval: [at(lower), at(upper)] as const }),
    bad: bad === 'lower' ? [0, at(limit)] : [at(limit), 100],
    words: wordsOf(picture),
    limitText: `limit ${amountText(limit, unit)}`,
  }
}

function wordsOf({ bad, change, limit, lower, unit, upper }: EffectPicture): string {
  const range =
    lower === undefined || upper === undefined
      ? ''
      : `, plausible ${amountText(lower, unit)} to ${amountText(upper, unit)}`
  return `change ${amountText(change, unit)}${range}, limit ${amountText(limit, unit)}, ${bad} is worse`
}

/** A tick: `-5`, `-33.3`, `+15 %`; of percent, one decimal below ten. */
function amountText(value: number, unit: EffectPicture['unit']): string {
  const decimals = unit === 'points' || Math.abs(value) < 10 ? 1 : 0
  const rounded = Number(value.toFixed(decimals))
  return `${rounded > 0 ? '+' : ''}${rounded}${unit === 'percent' ? ' %' : ''}`
}
