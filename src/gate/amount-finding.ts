import { normalQuantile } from '../metrics/distributions.ts'
import { type LogRatio, logRatio } from '../metrics/log-ratio.ts'
import { meanRatio } from '../metrics/mean-ratio.ts'
import type { MetricVerdict } from '../schema/verdict.ts'
import { atMost, type Comparison, casesOfBothArms, type Finding, rounded } from './finding.ts'
import type { AmountMetricDefinition } from './gated-metrics.ts'

/** Chance with which a smallest detectable change is found. */
const usualPower = 0.8

/** Share of an arm's scored trials whose amount may be unknown. */
const toleratedUnknown = 0.1

/** What an amount shows: the typical ratio candidate / baseline over the cases, with its interval. */
export function amountFinding(metric: AmountMetricDefinition, comparison: Comparison): Finding {
  const { alpha, gate, pairs, unit } = comparison
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
    alpha,
  )
  if (ratio === undefined) return unknownAmounts(start, isKnownAnywhere(metric, comparison))
  const typical = (arm: 'baseline' | 'candidate'): number =>
    rounded(metric.level(inBoth.reduce((sum, one) => sum + one[arm], 0) / inBoth.length))
  const levels = { baseline: typical('baseline'), candidate: typical('candidate') }
  const measured = { ...start, ...levels, ...wholeBill(metric, comparison) }
  if (metric.isMoney && !comparison.isPricedAlike) return pricedOtherwise(measured)
  const finding = judge(measured, ratio, alpha)
  const gap = knowledgeGap(metric, pairs)
  return gap === undefined ? finding : withoutPass(finding, gap)
}

/** Other prices: what changed is the price list, the agent, or both. */
function pricedOtherwise(start: Start): Finding {
  const note = 'the baseline was paid by other prices: make it anew to compare the cost'
  return {
    ...{ verdict: { ...start, note }, preliminary: 'open', live: false },
    otherwise: 'inconclusive',
  }
}

type Start = Pick<
  MetricVerdict,
  'id' | 'kind' | 'worse' | 'unit' | 'nBaseline' | 'nCandidate' | 'margin' | 'ofMeans'
>

/** Below one percent a rise is real and of no interest. */
const worthSaying = 1.01

/** The bill over all cases: a case that costs a hundred times as much hardly moves a typical ratio. */
function wholeBill(
  metric: AmountMetricDefinition,
  { alpha, pairs }: Pick<Comparison, 'alpha' | 'pairs'>,
): Pick<MetricVerdict, 'ofMeans'> {
  const { mean } = metric
  if (mean === undefined) return {}
  const amounts = pairs.flatMap((pair) => {
    const [baseline, candidate] = [mean(pair.baseline), mean(pair.candidate)]
    return baseline === undefined || candidate === undefined ? [] : [{ baseline, candidate }]
  })
  const bill = meanRatio(amounts, alpha)
  if (bill === undefined) return {}
  const range =
    bill.status === 'measured'
      ? { ciLower: rounded(bill.lower), ciUpper: rounded(bill.upper) }
      : undefined
  return { ofMeans: { ratio: rounded(bill.ratio), ...range } }
}

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
  if (start.unit === 'deterministic') return factual({ ...start, change })
  if (ratio.status === 'no-interval') return withoutSpread({ ...start, change }, ratio, alpha)
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
      ...(inside && atMost(ratio.p, alpha) && change >= worthSaying && { smallRealDrop: true }),
    },
    preliminary: inside ? 'pass' : 'open',
    live: true,
    otherwise: 'inconclusive',
  }
}

/** Nothing was left to chance: a ratio is what it is, that of the typical case and that of the bill. */
function factual(start: Finding['verdict'] & { readonly change: number }): Finding {
  const isOver = Math.max(start.change, start.ofMeans?.ratio ?? 0) > start.margin
  const isSmallRise = !isOver && start.change >= worthSaying
  return {
    verdict: {
      ...start,
      ...(isSmallRise && { smallRealDrop: true }),
      note: 'both arms are deterministic: differences are facts',
    },
    preliminary: isOver ? 'regression' : 'pass',
    live: false,
    otherwise: 'inconclusive',
  }
}

/**
 * Where all cases changed alike there is no spread, but signs: an interval of the typical case from
 * the sign test is that one ratio, as soon as all signs alike are rarer than alpha.
 */
function withoutSpread(
  start: Finding['verdict'],
  { cases, ratio, reason, signP }: Extract<LogRatio, { status: 'no-interval' }>,
  alpha: number,
): Finding {
  const open = { preliminary: 'open', live: false, otherwise: 'inconclusive' } as const
  if (reason === 'few-cases') {
    const note = `${cases} ${cases === 1 ? 'case is' : 'cases are'} too few for an interval; it takes 5`
    return { ...open, verdict: { ...start, note } }
  }
  const note = 'all cases differ alike: judged by their signs'
  if (!atMost(0.5 ** cases, alpha)) return { ...open, verdict: { ...start, note } }
  // Twelve digits: logs of 1.15 miss the margin of 1.15 by their last bits.
  const bound = rounded(ratio)
  const inside = bound < start.margin
  const verdict = {
    ...start,
    ciLower: bound,
    ciUpper: bound,
    p: rounded(signP),
    note,
    ...(inside && atMost(signP, alpha) && bound >= worthSaying && { smallRealDrop: true }),
  }
  return { ...open, verdict, preliminary: inside ? 'pass' : 'open', live: true }
}
