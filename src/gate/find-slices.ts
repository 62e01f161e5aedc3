import { benjaminiHochberg } from '../metrics/benjamini-hochberg.ts'
import { caseSwap } from '../metrics/case-swap.ts'
import { labelShuffle } from '../metrics/label-shuffle.ts'
import type { MetricVerdict } from '../schema/verdict.ts'
import type { SliceFinding } from '../schema/verdict-findings.ts'
import { type Comparison, type Finding, rounded } from './finding.ts'
import { type RateMetricDefinition, rateMetrics } from './gated-metrics.ts'
import type { CasePair } from './pair-cases.ts'
import { countsOf, meanShare, rateFinding } from './rate-finding.ts'

/** Share of a watch list that may be there by chance. */
const falseShare = 0.1

/** Slices of a comparison: those that gate, as findings, and how the list comes out. */
export interface Slices {
  /** Slices that the eval set lets gate, one finding per metric. */
  readonly declared: readonly DeclaredSlice[]
  /** Slices that should gate, of which no case was compared: a typo, or its cases are gone. */
  readonly empty: readonly string[]
  /**
   * The list for the report, worst first: what is worth a look, and every declared slice.
   *
   * @param settled - verdicts of the declared ones, in their order
   */
  readonly watch: (settled: readonly MetricVerdict[]) => readonly SliceFinding[]
}

interface DeclaredSlice extends SliceTest {
  readonly finding: Finding
}

interface SliceTest {
  readonly slice: string
  readonly metric: RateMetricDefinition
  readonly cases: number
  readonly baseline: number
  readonly candidate: number
  readonly p: number
}

/**
 * Looks for parts of the set that got worse: tags, tiers, layers, strata. An exact test each, and
 * Benjamini-Hochberg at 10 % over all of them; a list to look at, except for the slices that the
 * eval set declares, which gate like a metric.
 */
export function findSlices(comparison: Comparison): Slices {
  const { gate } = comparison
  const metrics = rateMetrics.filter((metric) => gate.metrics.includes(metric.id))
  const parts = [...partsOf(comparison.pairs)].filter(
    ([slice, pairs]) =>
      gate.slices.includes(slice) || (pairs.length > 1 && pairs.length < comparison.pairs.length),
  )
  const tests = parts.flatMap(([slice, pairs]) =>
    metrics.flatMap((metric) => testOf({ slice, metric, pairs }, comparison)),
  )
  const declared = parts
    .filter(([slice]) => gate.slices.includes(slice))
    .flatMap(([slice, pairs]) =>
      metrics.flatMap((metric) =>
        testOf({ slice, metric, pairs }, comparison).map((test) => ({
          ...test,
          finding: rateFinding(metric, { ...comparison, pairs, unpaired: [] }),
        })),
      ),
    )
  const found = new Set(declared.map((one) => one.slice))
  const empty = gate.slices.filter((slice) => !found.has(slice))
  return { declared, empty, watch: (settled) => watchList(tests, declared, settled) }
}

function partsOf(pairs: readonly CasePair[]): ReadonlyMap<string, readonly CasePair[]> {
  const parts = new Map<string, CasePair[]>()
  for (const pair of pairs) {
    for (const slice of pair.candidate.slices ?? []) {
      const part = parts.get(slice) ?? []
      part.push(pair)
      parts.set(slice, part)
    }
  }
  return new Map([...parts].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Nothing, where no case of the slice has trials in both arms. */
function testOf(
  part: Pick<SliceTest, 'slice' | 'metric'> & { readonly pairs: readonly CasePair[] },
  { unit }: Pick<Comparison, 'unit'>,
): readonly SliceTest[] {
  const { metric, pairs, slice } = part
  const covered = pairs.filter((pair) => metric.covers(pair.candidate))
  const counts = covered.flatMap((pair) => countsOf(pair, metric))
  if (counts.length === 0) return []
  const baseline = meanShare(counts, 'baseline')
  const candidate = meanShare(counts, 'candidate')
  const isWorse = metric.worse === 'lower' ? candidate < baseline : candidate > baseline
  const worse = metric.worse === 'lower' ? 'fewer' : 'more'
  const test = unit === 'case' ? caseSwap : labelShuffle
  // A slice that did not get worse is of no interest, and its p is large; 1 is on the safe side.
  const p = isWorse && unit !== 'deterministic' ? test(counts, worse).p : 1
  return [{ slice, metric, cases: counts.length, baseline, candidate, p }]
}

function watchList(
  tests: readonly SliceTest[],
  declared: readonly DeclaredSlice[],
  settled: readonly MetricVerdict[],
): readonly SliceFinding[] {
  const adjusted = benjaminiHochberg(tests.map((test) => test.p))
  const blocking = new Set(
    declared.filter((_, index) => settled[index]?.status === 'regression').map(keyOf),
  )
  const gating = new Set(declared.map(keyOf))
  return tests
    .map((test, index) => {
      const pAdjusted = adjusted[index] ?? 1
      const isWatched = pAdjusted <= falseShare
      const status = blocking.has(keyOf(test)) ? 'regression' : isWatched ? 'watch' : 'quiet'
      return { test, pAdjusted, status } as const
    })
    .filter(({ status, test }) => status !== 'quiet' || gating.has(keyOf(test)))
    .sort(
      (a, b) =>
        Number(b.status === 'regression') - Number(a.status === 'regression') ||
        a.pAdjusted - b.pAdjusted ||
        a.test.p - b.test.p,
    )
    .map(({ pAdjusted, status, test }) => ({
      slice: test.slice,
      metric: test.metric.id,
      cases: test.cases,
      baseline: test.baseline,
      candidate: test.candidate,
      change: rounded(test.candidate - test.baseline),
      p: rounded(test.p),
      pAdjusted: rounded(pAdjusted),
      status,
    }))
}

function keyOf({ metric, slice }: Pick<SliceTest, 'slice' | 'metric'>): string {
  return `${metric.id} ${slice}`
}
