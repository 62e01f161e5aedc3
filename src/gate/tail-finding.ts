import { type JudgedTail, tailTest } from '../metrics/tail-test.ts'
import type { MetricVerdict } from '../schema/verdict.ts'
import { atMost, type Comparison, casesOfBothArms, type Finding, rounded } from './finding.ts'
import type { TailMetricDefinition } from './gated-metrics.ts'

/** Share of a tail that may be unknown. */
const toleratedUnknown = 0.1

/** What the slowest trials show: the ratio candidate / baseline of the tail, with its exact interval. */
export function tailFinding(metric: TailMetricDefinition, comparison: Comparison): Finding {
  const { alpha, gate, pairs } = comparison
  const count = (arm: 'baseline' | 'candidate'): number =>
    pairs.reduce((sum, pair) => sum + metric.values(pair[arm]).length, 0)
  const start = {
    id: metric.id,
    kind: 'tail',
    worse: metric.worse,
    // An agent that always answers alike takes another time for it each time.
    unit: comparison.unit === 'deterministic' ? 'trial' : comparison.unit,
    nBaseline: count('baseline'),
    nCandidate: count('candidate'),
    margin: gate.margins[metric.id],
  } as const
  if (!comparison.isTimed) {
    return without(start, 'open', 'the reference provider declares its latency, it has none')
  }
  if (start.unit === 'case') {
    return without(
      start,
      'open',
      'trials are copies or stand for their cases, and a tail is of trials',
    )
  }
  const cases = pairs.map((pair) => ({
    baseline: metric.values(pair.baseline),
    candidate: metric.values(pair.candidate),
  }))
  const tail = tailTest(cases, { share: metric.share, alpha, margin: start.margin })
  if (tail === undefined) return untimed(start, metric, comparison)
  const levels = { baseline: rounded(tail.baseline), candidate: rounded(tail.candidate) }
  if (tail.status === 'not-judged') {
    const note = `${tail.trials} trials of both arms are too few for this tail; it takes ${tail.trialsNeeded}`
    return without({ ...start, ...levels }, 'open', note)
  }
  const gap = knowledgeGap(metric, pairs)
  const finding = judged({ ...start, ...levels }, tail, alpha)
  return gap === undefined ? finding : withoutPass(finding, gap)
}

/** In which arm so many latencies are unknown that they could be most of the tail. */
function knowledgeGap(
  metric: TailMetricDefinition,
  pairs: Comparison['pairs'],
): string | undefined {
  const gaps = (['baseline', 'candidate'] as const).flatMap((arm) => {
    const scored = pairs.reduce((sum, pair) => sum + pair[arm].scored, 0)
    const unknown = pairs.reduce(
      (sum, pair) => sum + pair[arm].scored - metric.values(pair[arm]).length,
      0,
    )
    if (unknown <= toleratedUnknown * (1 - metric.share) * scored) return []
    return [`${unknown} of ${scored} trials of the ${arm} have no known latency`]
  })
  return gaps.length === 0 ? undefined : gaps.join('; ')
}

function withoutPass(finding: Finding, note: string): Finding {
  if (finding.preliminary !== 'pass') return finding
  return { ...finding, preliminary: 'open', verdict: { ...finding.verdict, note } }
}

type Start = Omit<MetricVerdict, 'status'>

function without(start: Start, preliminary: 'n/a' | 'open', note: string): Finding {
  return { verdict: { ...start, note }, preliminary, live: false, otherwise: 'inconclusive' }
}

function untimed(start: Start, metric: TailMetricDefinition, comparison: Comparison): Finding {
  const isKnown = casesOfBothArms(comparison).some((one) => metric.values(one).length > 0)
  return isKnown
    ? without(start, 'open', 'no case has a known latency in both arms')
    : without(start, 'n/a', 'not known in either arm')
}

function judged(start: Start, tail: JudgedTail, alpha: number): Finding {
  const { lower, p, pBeyondMargin = 1, ratio, smallestP, upper } = tail
  const inside = upper !== undefined && atMost(pBeyondMargin, alpha)
  return {
    verdict: {
      ...start,
      ...(ratio !== undefined && { change: rounded(ratio) }),
      ...(lower !== undefined && { ciLower: rounded(lower) }),
      ...(upper !== undefined && { ciUpper: rounded(upper) }),
      p: rounded(p),
      ...(inside && atMost(p, alpha) && { smallRealDrop: true }),
    },
    preliminary: inside ? 'pass' : 'open',
    live: atMost(smallestP, alpha),
    otherwise: 'inconclusive',
  }
}
