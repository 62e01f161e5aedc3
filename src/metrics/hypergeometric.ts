import { type CountDistribution, negligible } from './count-distribution.ts'

/**
 * How many of the events fall into one arm when labels are dealt at random.
 *
 * P(a) = C(events, a) · C(total − events, drawn − a) / C(total, drawn). Computed as ratios outwards
 * from the likeliest count and then normalized: no factorial can overflow, and the bits are the same
 * on every machine.
 *
 * @param events - events in both arms together; 0 ≤ events ≤ total
 * @param drawn - trials of the arm looked at; 0 ≤ drawn ≤ total
 * @param total - trials of both arms
 */
export function hypergeometric(events: number, drawn: number, total: number): CountDistribution {
  const lowest = Math.max(0, events + drawn - total)
  const highest = Math.min(events, drawn)
  const guess = Math.floor(((events + 1) * (drawn + 1)) / (total + 2))
  const mode = Math.min(highest, Math.max(lowest, guess))

  /** P(count + 1) / P(count) */
  const ratio = (count: number): number =>
    ((events - count) * (drawn - count)) / ((count + 1) * (total - events - drawn + count + 1))

  const below = decay(mode - lowest, (step) => 1 / ratio(mode - step - 1))
  const above = decay(highest - mode, (step) => ratio(mode + step))
  const relative = [...below.reverse(), 1, ...above]
  const scale = relative.reduce((total, weight) => total + weight)
  const cutOff = highest - lowest + 1 - relative.length
  return {
    lowest: mode - below.length,
    weights: Float64Array.from(relative, (weight) => weight / scale),
    lost: cutOff * negligible,
  }
}

function decay(steps: number, ratio: (step: number) => number): number[] {
  const weights: number[] = []
  let weight = 1
  for (let step = 0; step < steps; step++) {
    weight *= ratio(step)
    if (weight < negligible) break
    weights.push(weight)
  }
  return weights
}
