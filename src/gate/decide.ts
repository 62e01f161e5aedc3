import type { CaseStats } from '../schema/case-stats.ts'
import { byStanding } from '../schema/deciding-cases.ts'
import type { GateConfig } from '../schema/gate-config.ts'
import { asJson } from '../schema/json.ts'
import type { Fact, IdleCase, MetricVerdict, Verdict, VerdictStatus } from '../schema/verdict.ts'
import { hashOf } from '../text/hash.ts'
import type { Arm } from './arm.ts'
import { chooseUnit } from './choose-unit.ts'
import { withExposure } from './exposure.ts'
import { findFacts } from './facts.ts'
import { firstRunMetrics } from './first-run.ts'
import { inputsChanged } from './inputs-changed.ts'
import { judgeMetrics } from './judge-metrics.ts'
import { missingEvidence } from './missing-evidence.ts'
import { movedCases } from './moved-cases.ts'
import { type PairedCases, pairCases } from './pair-cases.ts'
import { sealVerdict } from './seal-holdout.ts'

/** What a decision is made from. */
export interface GateInput {
  readonly candidate: Arm
  /** Absent on a first run: then only facts and absolute limits are judged. */
  readonly baseline?: { readonly arm: Arm; readonly from: string }
  readonly gate: GateConfig
  /** Cases of the set that the run was not asked for: absent without being removed. */
  readonly notSelected?: ReadonlySet<string>
  /** An ISO date, for waivers that expire. */
  readonly today: string
}

/**
 * The one function that decides. What is printed, written and turned into the exit code is its
 * answer, made from the trials themselves and never from running counters.
 *
 * It decides on the active cases of one split. Of a holdout it says what the numbers are and nothing
 * of any case.
 */
export function decide(input: GateInput): Verdict {
  const { gate, today } = input
  const sides = sidesOf(input)
  const { candidate, split } = sides
  const paired = pairSides(sides, input.notSelected)
  const { metrics, warnings } = judge(candidate, paired, gate)
  // Setting a case aside changes what is counted, not what an agent did in it.
  const setAside = sides.idle.filter((one) => paired?.suspended.includes(one.id) === true)
  const facts = findFacts(candidate, { gate, today, setAside })
  const missing = missingEvidence(candidate, paired, sides.idle)
  const status = overall({ facts, metrics, missing, gate })
  const verdict: Verdict = {
    status,
    exitCode: exitCodeOf(status, gate.preset),
    preset: gate.preset,
    alpha: gate.alpha,
    firstRun: paired === undefined,
    ...(split !== undefined && { split }),
    metrics: [...metrics],
    facts: [...facts],
    missingEvidence: [...missing],
    warnings: [...sides.warnings, ...warnings],
    ...caseLists(paired, sides.idle),
    ...origin(input, paired !== undefined),
  }
  if (split !== 'holdout') return verdict
  const all = { candidate: input.candidate.cases, baseline: input.baseline?.arm.cases ?? [] }
  return sealVerdict(verdict, all)
}

/** What is compared, and what only ran. */
interface Sides {
  readonly split: CaseStats['split']
  readonly candidate: readonly CaseStats[]
  readonly idle: readonly CaseStats[]
  /** `undefined`: nothing to compare with. */
  readonly baseline: readonly CaseStats[] | undefined
  readonly warnings: readonly string[]
}

/** A committed baseline holds the cases of the gate: for another split it may hold nothing. */
function sidesOf({ baseline, candidate }: GateInput): Sides {
  const { deciding, idle, split } = byStanding(inOrder(candidate.cases))
  const sides = { split, candidate: deciding, idle, warnings: [], baseline: undefined }
  if (baseline === undefined) return sides
  const same = inOrder(baseline.arm.cases).filter(
    (one) => one.status === undefined && one.split === split,
  )
  if (split === undefined || same.length > 0) return { ...sides, baseline: same }
  return { ...sides, warnings: [`the baseline has no case of the ${split} split`] }
}

/** Sums of floats depend on their order; a verdict does not depend on the order of its input. */
function inOrder(cases: readonly CaseStats[]): readonly CaseStats[] {
  return [...cases].sort((a, b) => (a.id < b.id ? -1 : 1))
}

function pairSides(
  { baseline, candidate, idle }: Sides,
  notSelected: GateInput['notSelected'],
): PairedCases | undefined {
  if (baseline === undefined) return undefined
  const idleIds = new Set(idle.map((one) => one.id))
  return pairCases(baseline, candidate, { notSelected, idle: idleIds })
}

function judge(
  candidate: readonly CaseStats[],
  paired: PairedCases | undefined,
  gate: GateConfig,
): { readonly metrics: readonly MetricVerdict[]; readonly warnings: readonly string[] } {
  if (paired === undefined) return { metrics: firstRunMetrics(candidate, gate), warnings: [] }
  const { notAsked, pairs, unpaired } = paired
  const unit = chooseUnit(pairs, gate.unit)
  const judged = withExposure(judgeMetrics({ pairs, unpaired, unit, gate }), pairs)
  const small = judged.metrics.filter((metric) => metric.smallRealDrop === true)
  return {
    metrics: judged.metrics,
    warnings: [
      ...(notAsked === 0 ? [] : [`${notAsked} cases of the baseline were not asked for`]),
      ...judged.warnings,
      ...small.map((metric) => `${metric.id} got worse: small, real, and within the margin`),
    ],
  }
}

function caseLists(
  paired: PairedCases | undefined,
  notGating: readonly CaseStats[],
): Pick<Verdict, 'pairedCases' | 'cases'> {
  const { pairs, added, removed, changed, suspended } = paired ?? pairCases([], [])
  const idle = notGating.filter((one) => one.twinOf === undefined).map(idleCase)
  return {
    pairedCases: pairs.length,
    cases: {
      moved: [...movedCases(pairs)],
      added: [...added],
      removed: [...removed],
      changed: [...changed],
      ...(suspended.length > 0 && { suspended: [...suspended] }),
      ...(idle.length > 0 && { idle: [...idle] }),
    },
  }
}

function idleCase({ id, passed, scored, status }: CaseStats): IdleCase {
  return { id, why: status ?? 'dev', passed, scored }
}

function origin(
  { baseline, candidate }: GateInput,
  isCompared: boolean,
): Pick<Verdict, 'inputsChanged'> & Partial<Pick<Verdict, 'baseline'>> {
  if (baseline === undefined || !isCompared) return { inputsChanged: [] }
  const { provenance } = baseline.arm
  return {
    inputsChanged: [...inputsChanged(provenance, candidate.provenance)],
    baseline: {
      name: provenance.candidate.name,
      from: baseline.from,
      hash: hashOf(asJson(provenance)),
    },
  }
}

interface Findings {
  readonly facts: readonly Fact[]
  readonly metrics: readonly MetricVerdict[]
  readonly missing: readonly string[]
  readonly gate: GateConfig
}

/** Any regression; else missing evidence; else anything undecided; else a pass. */
function overall({ facts, metrics, missing, gate }: Findings): VerdictStatus {
  const is = (status: MetricVerdict['status']): boolean =>
    metrics.some((metric) => metric.status === status)
  if (facts.some((fact) => fact.waivedBy === undefined) || is('regression')) return 'regression'
  if (missing.length > 0) return 'error'
  if (is('inconclusive') || (gate.require_proof && is('unproven'))) return 'inconclusive'
  return 'pass'
}

/** What the process says to CI. Under `pr` an inconclusive run warns and lets pass. */
function exitCodeOf(status: VerdictStatus, preset: GateConfig['preset']): Verdict['exitCode'] {
  if (status === 'regression') return 1
  if (status === 'error') return 4
  return status === 'inconclusive' && preset === 'release' ? 3 : 0
}
