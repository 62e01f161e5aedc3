import type { PlacedStep } from './finish-step.ts'

/** Steps of one trial that a page shows; of them, those of its end, and those that grades point at. */
const mostSteps = 400
const lastSteps = 50
const mostEvidence = 150

/** A trial that went on and on: what its grades point at, its end, and as much as fits of its beginning. */
export function keepSteps(steps: readonly PlacedStep[]): readonly PlacedStep[] {
  if (steps.length <= mostSteps) return steps
  const evidence = steps.filter(({ evidenceOf }) => evidenceOf.length > 0).slice(0, mostEvidence)
  const wanted = new Set([...evidence, ...steps.slice(-lastSteps), ...steps])
  const kept = new Set([...wanted].slice(0, mostSteps))
  return steps.filter((step) => kept.has(step))
}
