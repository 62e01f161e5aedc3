import { asJson } from '../schema/json.ts'
import type { MetricVerdict, Verdict } from '../schema/verdict.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import type { Arm } from './arm.ts'
import { chooseUnit } from './choose-unit.ts'
import { withExposure } from './exposure.ts'
import { findSlices } from './find-slices.ts'
import type { Comparison } from './finding.ts'
import type { GateInput } from './gate-input.ts'
import { findMetrics, settle } from './judge-metrics.ts'
import { type PairedCases, pairCases } from './pair-cases.ts'
import type { GateLook } from './sampling-state.ts'
import { notAsked, type Sides } from './sides.ts'

/** What the comparisons of one decision came to. */
export interface Compared extends Pick<Verdict, 'slices' | 'anchor'> {
  /** Absent where there is no baseline. */
  readonly metrics?: readonly MetricVerdict[]
  readonly warnings: readonly string[]
}

/**
 * Compares the candidate with the baseline and, where there is one, with the last release, and looks
 * into slices. All that may raise an alarm is one family: its p-values are corrected together.
 *
 * @param look - what it may spend
 */
export function compareArms(input: GateInput, sides: Sides, look: GateLook): Compared {
  const { baseline, candidate, gate } = input
  const { paired } = sides
  if (paired === undefined || baseline === undefined) return compareRelease(input, sides, look)
  const { alpha, lastAlpha } = look
  const terms = { gate, alpha, lastAlpha, ...measuring(baseline.arm, candidate) }
  const comparison = comparisonOf(paired, terms)
  const main = findMetrics(comparison)
  const anchored = isTestedAlready(input) ? undefined : anchorComparison(input, sides, look)
  const release = anchored === undefined ? [] : findMetrics(anchored)
  const { declared, empty, watch } = findSlices(comparison)
  const settled = settle([...main, ...release, ...declared.map((one) => one.finding)], alpha)
  const ofAnchor = settled.slice(main.length, main.length + release.length)
  const ofSlices = settled.slice(main.length + release.length)
  const judged = withExposure(settled.slice(0, main.length), paired.pairs)
  const slices = watch(ofSlices)
  const released = anchored && withExposure(ofAnchor, anchored.pairs).metrics
  return {
    metrics: judged.metrics,
    ...(slices.length > 0 && { slices: [...slices] }),
    ...anchorPart(input, released ?? judged.metrics),
    warnings: [
      ...judged.warnings,
      ...empty.map((slice) => `slice ${slice} gates, and none of its cases was compared`),
    ],
  }
}

/** A first run has no baseline, and may have a last release to hold it against all the same. */
function compareRelease(input: GateInput, sides: Sides, look: GateLook): Compared {
  const anchored = anchorComparison(input, sides, look)
  if (anchored === undefined) return { warnings: [] }
  const { metrics, warnings } = withExposure(
    settle(findMetrics(anchored), look.alpha),
    anchored.pairs,
  )
  return { ...anchorPart(input, metrics), warnings }
}

type Terms = Pick<Comparison, 'gate' | 'alpha' | 'lastAlpha' | 'isTimed' | 'isPricedAlike'>

function comparisonOf({ pairs, unpaired }: PairedCases, terms: Terms): Comparison {
  return { pairs, unpaired, unit: chooseUnit(pairs, terms.gate.unit), ...terms }
}

/** The last release is the baseline: to test it twice would halve what either may spend. */
function isTestedAlready({ anchor, baseline }: GateInput): boolean {
  return anchor !== undefined && baseline !== undefined && isSameArm(anchor.arm, baseline.arm)
}

function anchorComparison(
  input: GateInput,
  { candidate: cases, split }: Sides,
  { alpha, lastAlpha }: GateLook,
): Comparison | undefined {
  const { anchor, candidate, gate } = input
  if (anchor === undefined) return undefined
  const released = anchor.arm.cases.filter((one) => one.status === undefined && one.split === split)
  const paired = pairCases(released, cases, { notSelected: notAsked(input) })
  return comparisonOf(paired, { gate, alpha, lastAlpha, ...measuring(anchor.arm, candidate) })
}

function isSameArm(a: Arm, b: Arm): boolean {
  if (isMeasured(a) !== isMeasured(b)) return false
  return a === b || canonicalJson(asJson(a.cases)) === canonicalJson(asJson(b.cases))
}

/** By what the two arms were measured. */
function measuring(before: Arm, now: Arm): Pick<Terms, 'isTimed' | 'isPricedAlike'> {
  const [was, is] = [before.provenance.prices, now.provenance.prices]
  const isPricedAlike = was === undefined || is === undefined || was === is
  return { isTimed: [before, now].every(isMeasured), isPricedAlike }
}

/** The reference provider declares what it would have taken. */
function isMeasured({ provenance }: Arm): boolean {
  return provenance.agentBehind !== 'reference'
}

function anchorPart(
  { anchor }: GateInput,
  metrics: readonly MetricVerdict[],
): Pick<Compared, 'anchor'> {
  if (anchor === undefined) return {}
  const { arm, from } = anchor
  return { anchor: { name: arm.provenance.candidate.name, from, metrics: [...metrics] } }
}
