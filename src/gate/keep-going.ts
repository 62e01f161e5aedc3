import type { Verdict } from '../schema/verdict.ts'

/**
 * Whether a run that may end early goes on after a look, for one more trial of every case.
 *
 * It ends with a regression, whatever the others say, and when every gated metric passed or has nothing
 * to judge. A metric that is inconclusive or `unproven`, a tier that is not earned yet, and missing
 * evidence may all be mended by more trials.
 *
 * A first run goes on as well: it has nothing to decide, and it is the next baseline.
 */
export function keepGoing(verdict: Pick<Verdict, 'status' | 'firstRun' | 'metrics'>): boolean {
  if (verdict.status === 'regression') return false
  if (verdict.firstRun || verdict.status !== 'pass') return true
  return verdict.metrics.some(({ status }) => status === 'unproven')
}
