import { comparedFigures } from '../metrics/compared-figures.ts'
import type { Verdict } from '../schema/verdict.ts'
import { decide } from './decide.ts'
import type { GateInput } from './gate-input.ts'

/**
 * The verdict that is written and shown: with the numbers of both arms that nothing is decided on.
 *
 * Simulations and looks at a run that goes on call `decide`: they decide often and show nothing.
 */
export function decideWithFigures(input: GateInput): Verdict {
  const verdict = decide(input)
  const { baseline, candidate } = input
  if (baseline === undefined || verdict.firstRun) return verdict
  const figures = comparedFigures({ baseline: baseline.arm, candidate })
  return figures === undefined ? verdict : { ...verdict, figures }
}
