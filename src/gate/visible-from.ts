import { bisect } from '../metrics/bisect.ts'
import type { SelfTestRow } from '../schema/gate-check.ts'
import type { GatedMetricId } from '../schema/gate-config.ts'
import type { MetricVerdict } from '../schema/verdict.ts'

/** A fault that the gate did not stop. */
export interface UnseenFault {
  /** What it should have been seen in. */
  readonly metric: GatedMetricId
  /** Share of trials that it was set to touch. */
  readonly strength: number
  /** Of each case, in the run that did not show it. */
  readonly trials: number
  /** Baseline trials for each one of the candidate. */
  readonly baselineFactor: number
  readonly alpha: number
}

/** As likely as planning usually asks for. */
const power = 0.8
/** So many trials with the fault and none that failed: it is not luck, the cases do not notice it. */
const enoughToNotice = 5

/**
 * Trials of each case from which on the gate would show a fault, against a baseline that never fails:
 * so many that the events which raise an alarm are expected with four chances in five.
 *
 * Without a baseline event, an event falls to the candidate with the share c of all trials that are
 * its own, so e of them have p = c^e; Holm asks for alpha divided by the number of metrics.
 *
 * @returns `undefined` where the metric is not gated, where whole cases are the unit, so that trials do
 *   not help, and where the fault happened often and no case noticed
 */
export function visibleFrom(
  metrics: readonly MetricVerdict[],
  fault: UnseenFault,
): SelfTestRow['visibleFrom'] {
  const found = metrics.find(({ id }) => id === fault.metric)
  if (found?.unit !== 'trial' || found.nCandidate === 0) return undefined
  const share = shareSeen(found, fault)
  if (share === undefined) return undefined
  const own = 1 / (1 + fault.baselineFactor)
  const events = Math.ceil(Math.log(fault.alpha / metrics.length) / Math.log(own))
  const needed = expectedFor(events) / share
  // What should have been seen already was missed by bad luck: one more trial, and look again.
  const trials = Math.ceil((fault.trials * needed) / found.nCandidate)
  return { metric: fault.metric, trials: Math.max(fault.trials + 1, trials) }
}

/** The share of trials in which it did harm; where it did none yet, the share it was set to. */
function shareSeen(
  { change = 0, nCandidate, worse }: MetricVerdict,
  { strength }: UnseenFault,
): number | undefined {
  const harm = worse === 'lower' ? -change : change
  if (harm > 0) return harm
  return strength * nCandidate < enoughToNotice ? strength : undefined
}

/** The mean of a Poisson count that is at least `events` with the usual power. */
function expectedFor(events: number): number {
  return bisect((mean) => chanceOfAtLeast(events, mean) < power, 0, events * 4)
}

function chanceOfAtLeast(events: number, mean: number): number {
  let term = Math.exp(-mean)
  let fewer = 0
  for (let count = 0; count < events; count += 1) {
    fewer += term
    term *= mean / (count + 1)
  }
  return 1 - fewer
}
