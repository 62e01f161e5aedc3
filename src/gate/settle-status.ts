import type { GateConfig } from '../schema/gate-config.ts'
import type { Fact, MetricVerdict, Verdict, VerdictStatus } from '../schema/verdict.ts'
import type { LimitStanding } from './limits.ts'

/** Everything that a verdict is made from. */
export interface Grounds extends Pick<Verdict, 'anchor' | 'slices' | 'autonomy'> {
  readonly facts: readonly Fact[]
  readonly metrics: readonly MetricVerdict[]
  readonly missing: readonly string[]
  readonly gate: Pick<GateConfig, 'require_proof' | 'autonomy'>
  /** Time was up before every case was tried. */
  readonly isCutShort: boolean
  readonly limits: readonly LimitStanding[]
}

/** Any regression; else missing evidence; else anything undecided; else a pass. */
export function settleStatus(grounds: Grounds): VerdictStatus {
  if (hasRegressed(grounds)) return 'regression'
  if (grounds.missing.length > 0) return 'error'
  return isUndecided(grounds) ? 'inconclusive' : 'pass'
}

function hasRegressed({ anchor, facts, metrics, slices = [] }: Grounds): boolean {
  const judged = [...metrics, ...(anchor?.metrics ?? []), ...slices]
  return (
    facts.some((fact) => fact.waivedBy === undefined) ||
    judged.some(({ status }) => status === 'regression')
  )
}

function isUndecided({ autonomy, gate, isCutShort, limits, metrics }: Grounds): boolean {
  const is = (status: MetricVerdict['status']): boolean =>
    metrics.some((metric) => metric.status === status)
  return (
    isCutShort ||
    limits.some((limit) => limit.status === 'unmeasured') ||
    is('inconclusive') ||
    (gate.require_proof && is('unproven')) ||
    isAutonomyOpen(autonomy, gate.autonomy.required_tier)
  )
}

/** A tier that the eval set asks for is not earned by what nobody measured, nor where no case has one. */
function isAutonomyOpen(autonomy: Grounds['autonomy'], required: number | undefined): boolean {
  if (required === undefined) return false
  return autonomy?.earned === undefined || autonomy.earned < required
}

/**
 * What the process says to CI. Under `pr` an inconclusive run warns and lets pass, unless time or
 * money ended it before it could decide: then nobody has looked at what is missing.
 */
export function exitCodeOf(
  status: VerdictStatus,
  preset: GateConfig['preset'],
  stopped?: 'decided' | 'time' | 'budget',
): Verdict['exitCode'] {
  if (status === 'regression') return 1
  if (status === 'error') return 4
  if (status !== 'inconclusive') return 0
  return preset === 'release' || stopped === 'time' || stopped === 'budget' ? 3 : 0
}
