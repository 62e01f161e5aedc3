import { swapByScore } from '../metrics/case-swap.ts'
import { type PassHatKChange, passHatKChange } from '../metrics/pass-hat-k-change.ts'
import { casesNeeded, smallestDetectableDrop } from '../metrics/planning.ts'
import type { MetricVerdict } from '../schema/verdict.ts'
import { factualFinding } from './factual-finding.ts'
import { atMost, type Comparison, casesOfBothArms, type Finding, rounded } from './finding.ts'
import type { PassHatKMetricDefinition } from './gated-metrics.ts'

/**
 * What pass^k shows. An estimate per case is no count of trials, so whole cases are the unit; it
 * repeats the task success rate with more noise and decides only where the eval set asks for it.
 */
export function passHatKFinding(metric: PassHatKMetricDefinition, comparison: Comparison): Finding {
  const { alpha, gate, lastAlpha, unit } = comparison
  const pairs = comparison.pairs.filter(
    ({ baseline, candidate }) =>
      metric.covers(candidate) && baseline.scored > 0 && candidate.scored > 0,
  )
  const start = {
    id: metric.id,
    kind: 'rate',
    worse: metric.worse,
    unit: unit === 'deterministic' ? unit : 'case',
    nBaseline: pairs.reduce((sum, pair) => sum + pair.baseline.scored, 0),
    nCandidate: pairs.reduce((sum, pair) => sum + pair.candidate.scored, 0),
    margin: gate.margins[metric.id],
  } as const
  const cases = pairs.map(({ baseline, candidate }) => ({
    baseline: { passed: baseline.passed, total: baseline.scored },
    candidate: { passed: candidate.passed, total: candidate.scored },
    cluster: baseline.cluster,
  }))
  const change = passHatKChange(cases, { k: gate.pass_hat_k, alpha })
  if (change === undefined) return nothing(start, casesOfBothArms(comparison).some(metric.covers))
  const levels = {
    baseline: rounded(change.baseline),
    candidate: rounded(change.candidate),
    change: rounded(change.change),
    k: change.k,
    ...(change.k < gate.pass_hat_k && { note: lowered(change.k, gate.pass_hat_k) }),
  }
  if (unit === 'deterministic') {
    const metric = { worse: 'lower', safety: false } as const
    return withNote(
      factualFinding({ ...start, ...levels }, { alpha, covered: pairs, metric }),
      levels,
    )
  }
  return statistical({ ...start, ...levels }, change, { alpha, lastAlpha })
}

type Start = Omit<MetricVerdict, 'status'>

/** A case with fewer trials makes it another number, and an easier one. */
function lowered(k: number, wanted: number): string {
  return `pass^${k}, not pass^${wanted}: some case has fewer trials`
}

function nothing(start: Start, isKnown: boolean): Finding {
  const note = isKnown ? 'no case has scored trials in both arms' : 'no opportunity in either arm'
  return {
    verdict: { ...start, note },
    preliminary: isKnown ? 'open' : 'n/a',
    live: false,
    otherwise: 'inconclusive',
  }
}

/** What the arms show, and what was done to their k. */
function withNote(finding: Finding, { note }: { readonly note?: string }): Finding {
  return {
    ...finding,
    verdict: { ...finding.verdict, note: joined(note, finding.verdict.note) },
  }
}

function joined(...notes: readonly (string | undefined)[]): string {
  return notes.filter((note) => note !== undefined).join('; ')
}

function statistical(
  start: Start,
  change: PassHatKChange,
  { alpha, lastAlpha }: Pick<Comparison, 'alpha' | 'lastAlpha'>,
): Finding {
  const inside = change.lower > -start.margin
  const { p, smallestP } = swapByScore(change.differences, 1)
  const cases = casesNeeded(change, { margin: start.margin, alpha: lastAlpha })
  return {
    verdict: {
      ...start,
      ciLower: rounded(change.lower),
      ciUpper: rounded(change.upper),
      p: rounded(p),
      mde: rounded(smallestDetectableDrop(change, { alpha })),
      ...(inside && atMost(p, alpha) && { smallRealDrop: true }),
    },
    preliminary: inside ? 'pass' : 'open',
    live: atMost(smallestP, alpha),
    otherwise: 'inconclusive',
    remedy: joined(
      start.note,
      Number.isSafeInteger(cases)
        ? `whole cases are the unit: about ${cases} cases would settle it`
        : `no sample proves a margin of ${start.margin}`,
    ),
  }
}
