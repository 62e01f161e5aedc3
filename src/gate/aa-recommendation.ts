import { casesNeeded } from '../metrics/planning.ts'
import { caseUnitInterval, trialUnitInterval } from '../metrics/stratified-tango.ts'
import type { GateAa, MetricNeed } from '../schema/gate-check.ts'
import type { GateConfig } from '../schema/gate-config.ts'
import type { MetricVerdict } from '../schema/verdict.ts'
import { rateMetrics } from './gated-metrics.ts'
import { countsOf } from './rate-finding.ts'
import type { TwoArms } from './split-arms.ts'
import { trialsForMargin } from './trials-for-margin.ts'

/** From here on halves differ by more than their trials explain. */
const suspiciousRatio = 1.5
/** A check for false alarms must not raise many itself. */
const luck = 0.01

interface UnitEvidence {
  readonly unit: GateAa['unit']
  readonly changeRatio: GateAa['changeRatio']
  readonly sharedSeeds: number
}

/**
 * The unit that this set needs: whole cases where trials share seeds, or where the halves of single
 * cases differ by more than trials dealt at random would. A large ratio of a few noisy cases alone
 * is not enough: it comes about by chance.
 *
 * @returns `undefined` where nothing was left to chance, so that no unit is needed
 */
export function recommendUnit({
  changeRatio,
  sharedSeeds,
  unit,
}: UnitEvidence): 'trial' | 'case' | undefined {
  if (unit === undefined || unit === 'deterministic') return undefined
  if (sharedSeeds > 0) return 'case'
  if (changeRatio === undefined) return 'trial'
  const { p, value } = changeRatio
  return value > suspiciousRatio && p <= luck ? 'case' : 'trial'
}

interface NeedEvidence {
  readonly arms: TwoArms
  readonly gate: GateConfig
  readonly metrics: readonly MetricVerdict[]
  readonly unit: 'trial' | 'case' | undefined
}

/**
 * How many trials of each case would let an unchanged agent pass by every gated metric, against a
 * baseline with as many more as the set asks for.
 */
export function trialNeeds(evidence: NeedEvidence): Omit<GateAa['recommended'], 'unit'> {
  const needs = evidence.metrics.flatMap((metric) => needOf(metric, evidence) ?? [])
  const trials = Math.max(0, ...needs.map((need) => need.trials ?? 0))
  const factor = evidence.gate.baseline.trials_factor
  return { ...(trials > 0 && { trials }), baselineFactor: factor, needs: [...needs] }
}

function needOf(metric: MetricVerdict, evidence: NeedEvidence): MetricNeed | undefined {
  if (evidence.unit === undefined || metric.status === 'n/a') return undefined
  if (metric.kind === 'rate') return rateNeed(metric, evidence)
  const trials = metric.kind === 'amount' ? amountTrials(metric, evidence) : undefined
  return trials === undefined ? undefined : { id: metric.id, trials }
}

function rateNeed(
  { id, margin }: MetricVerdict,
  { arms, gate, unit }: NeedEvidence,
): MetricNeed | undefined {
  const metric = rateMetrics.find((one) => one.id === id)
  if (metric === undefined) return undefined
  const goal = { margin, alpha: gate.alpha }
  const counts = arms.first.flatMap((baseline, index) => {
    const candidate = arms.second[index]
    const isCovered = candidate !== undefined && [baseline, candidate].some(metric.covers)
    return isCovered ? countsOf({ baseline, candidate }, metric) : []
  })
  if (unit === 'case') {
    const change = caseUnitInterval(counts, gate.alpha)
    const cases = change === undefined ? undefined : casesNeeded(change, goal)
    return Number.isSafeInteger(cases) ? { id, ...(cases !== undefined && { cases }) } : undefined
  }
  const change = trialUnitInterval(counts, gate.alpha)
  if (change === undefined) return undefined
  const suite = { cases: counts.length, sigma2: change.sigma2 }
  const trials = trialsForMargin(suite, goal, gate.baseline.trials_factor)
  return trials === undefined ? undefined : { id, trials }
}

/**
 * The noise of a ratio shrinks with the root of the trials, so the trials grow with the square of
 * (smallest detectable ratio / margin), both as logarithms.
 */
function amountTrials(
  { margin, mde }: MetricVerdict,
  { arms, gate }: NeedEvidence,
): number | undefined {
  if (mde === undefined || margin <= 1) return undefined
  const measured = Math.max(1, ...arms.second.map((one) => one.scored))
  const bothArms = measured * (Math.log(mde) / Math.log(margin)) ** 2
  const needed = Math.ceil((bothArms * (1 + 1 / gate.baseline.trials_factor)) / 2 - 1e-9)
  return Number.isSafeInteger(needed) ? Math.max(1, needed) : undefined
}
