import { normalQuantile } from '../metrics/distributions.ts'
import { type LogRatio, logRatio } from '../metrics/log-ratio.ts'
import type { MetricVerdict } from '../schema/verdict.ts'
import { atMost, type Comparison, casesOfBothArms, type Finding, rounded } from './finding.ts'
import type { AmountMetricDefinition } from './gated-metrics.ts'

/** Chance with which a smallest detectable change is found. */
const usualPower = 0.8

/** Share of an arm's scored trials whose amount may be unknown. */
const toleratedUnknown = 0.1

/** What an amount shows: the typical ratio candidate / baseline over the cases, with its interval. */
export function amountFinding(metric: AmountMetricDefinition, comparison: Comparison): Finding {
  const { gate, pairs, unit } = comparison
  const logs = pairs.map(({ baseline, candidate }) => ({
    baseline: metric.meanLog(baseline),
    candidate: metric.meanLog(candidate),
  }))
  const inBoth = logs.flatMap(({ baseline, candidate }) =>
    baseline === undefined || candidate === undefined ? [] : [{ baseline, candidate }],
  )
  const known = (arm: 'baseline' | 'candidate'): number =>
    logs.filter((one) => one[arm] !== undefined).length
  const start = {
    id: metric.id,
    kind: 'amount',
    worse: metric.worse,
    unit,
    nBaseline: known('baseline'),
    nCandidate: known('candidate'),
    margin: gate.margins[metric.id],
  } as const
  const ratio = logRatio(
    inBoth.map((one) => one.candidate - one.baseline),
    gate.alpha,
  )
  if (ratio === undefined) return unknownAmounts(start, isKnownAnywhere(metric, comparison))
  const typical = (arm: 'baseline' | 'candidate'): number =>
    rounded(Math.exp(inBoth.reduce((sum, one) => sum + one[arm], 0) / inBoth.length))
  const levels = { baseline: typical('baseline'), candidate: typical('candidate') }
  const finding = judge({ ...start, ...levels }, ratio, gate.alpha)
  const gap = knowledgeGap(metric, pairs)
  return gap === undefined ? finding : withoutPass(finding, gap)
}

type Start = Pick<
  MetricVerdict,
  'id' | 'kind' | 'worse' | 'unit' | 'nBaseline' | 'nCandidate' | 'margin'
>

function isKnownAnywhere(metric: AmountMetricDefinition, comparison: Comparison): boolean {
  return casesOfBothArms(comparison).some((one) => metric.meanLog(one) !== undefined)
}

function unknownAmounts(start: Start, isKnown: boolean): Finding {
  const note = isKnown ? 'no case has a known amount in both arms' : 'not known in either arm'
  const preliminary = isKnown ? 'open' : 'n/a'
  return { verdict: { ...start, note }, preliminary, live: false, otherwise: 'inconclusive' }
}

/** In which arm too many amounts are unknown: the dear ones may be among them. */
function knowledgeGap(
  metric: AmountMetricDefinition,
  pairs: Comparison['pairs'],
): string | undefined {
  const gaps = (['baseline', 'candidate'] as const).flatMap((arm) => {
    const scored = pairs.reduce((sum, pair) => sum + pair[arm].scored, 0)
    const unknown = pairs.reduce((sum, pair) => sum + pair[arm].scored - metric.known(pair[arm]), 0)
    if (unknown <= toleratedUnknown * scored) return []
    return [`${unknown} of ${scored} trials of the ${arm} have no known amount`]
  })
  return gaps.length === 0 ? undefined : gaps.join('; ')
}

function withoutPass(finding: Finding, note: string): Finding {
  if (finding.preliminary !== 'pass') return finding
  return { ...finding, preliminary: 'open', verdict: { ...finding.verdict, note } }
}

function judge(
  start: Start & { readonly baseline: number; readonly candidate: number },
  ratio: LogRatio,
  alpha: number,
): Finding {
  const change = rounded(ratio.ratio)
  if (start.unit === 'deterministic') {
    const preliminary = change > start.margin ? 'regression' : 'pass'
    const note = 'both arms are deterministic: differences are facts'
    return {
      verdict: { ...start, change, note },
      preliminary,
      live: false,
      otherwise: 'inconclusive',
    }
  }
  if (ratio.status === 'no-interval') {
    const note =
      ratio.reason === 'few-cases'
        ? `${ratio.cases} cases are too few for an interval; it takes 5`
        : 'all cases differ alike, so the noise is unknown'
    return {
      verdict: { ...start, change, note },
      preliminary: 'open',
      live: false,
      otherwise: 'inconclusive',
    }
  }
  const inside = ratio.upper < start.margin
  const reach = (normalQuantile(1 - alpha) + normalQuantile(usualPower)) * ratio.standardError
  return {
    verdict: {
      ...start,
      change,
      ciLower: rounded(ratio.lower),
      ciUpper: rounded(ratio.upper),
      p: rounded(ratio.p),
      mde: rounded(Math.exp(reach)),
      ...(inside && atMost(ratio.p, alpha) && { smallRealDrop: true }),
    },
    preliminary: inside ? 'pass' : 'open',
    live: true,
    otherwise: 'inconclusive',
  }
}
