import type { CaseStats } from '../schema/case-stats.ts'
import type { ArmFigures, ComparedFigures } from '../schema/compared-figures.ts'
import { byStanding } from '../schema/deciding-cases.ts'
import type { Provenance } from '../schema/run-manifest.ts'
import type { RunMetrics } from '../schema/run-metrics.ts'
import { rounded } from './mean-metric.ts'
import { runMetricsOf } from './run-metrics.ts'

/** One side, as far as it is known: a committed baseline holds cases only. */
export interface FigureArm {
  readonly provenance: Pick<Provenance, 'agentBehind' | 'prices'>
  readonly cases: readonly CaseStats[]
  /** Of a run: what its cases do not hold, such as the mean of its tool calls. */
  readonly metrics?: RunMetrics | undefined
}

interface Pair {
  readonly baseline: CaseStats
  readonly candidate: CaseStats
}

/**
 * The figures of both arms over the cases that both have trials of, measured with one yardstick.
 *
 * They come from the functions that a run's own metrics come from, so that a run and the baseline made
 * of it give the same numbers. Left out is what would compare unlike things: amounts of money under
 * other prices or not known in full, times of which only one was measured, and whatever pools trials
 * where the arms planned them in other proportions.
 *
 * @returns `undefined` where the arms share no case
 */
export function comparedFigures(arms: {
  readonly baseline: FigureArm
  readonly candidate: FigureArm
}): ComparedFigures | undefined {
  const pairs = pairsOf(arms)
  if (pairs.length === 0) return undefined
  const known = (arm: keyof Pair): RunMetrics =>
    runMetricsOf(
      [],
      pairs.map((pair) => pair[arm]),
    )
  const [before, now] = [known('baseline'), known('candidate')]
  const { baseline, candidate } = arms
  const isPooledAlike = isWeighedAlike(pairs)
  const isWhole = isPooledAlike && [baseline, candidate].every((arm) => isCovered(arm, pairs))
  const isPaidAlike = isPooledAlike && isPricedAlike(arms) && [before, now].every(isCostKnown)
  const shown = (arm: keyof Pair, metrics: RunMetrics): ArmFigures => ({
    passHatK: metrics.passHatK,
    ...(isPooledAlike && ratesOf(metrics)),
    ...(isPaidAlike && costsOf(metrics)),
    ...(isPooledAlike && isTimedAlike(arms) && { latencyMs: metrics.latencyMs }),
    ...(isWhole && meansOf(arms, arm)),
    ...typicalOf(pairs, arm),
  })
  return { baseline: shown('baseline', before), candidate: shown('candidate', now) }
}

/** In the order of the candidate, whose sums they are to repeat. */
function pairsOf({ baseline, candidate }: Record<keyof Pair, FigureArm>): readonly Pair[] {
  const { deciding, split } = byStanding(candidate.cases)
  const before = new Map(
    baseline.cases
      .filter((one) => one.status === undefined && one.split === split)
      .map((one) => [one.id, one]),
  )
  return deciding.flatMap((now) => {
    const was = before.get(now.id)
    if (was?.definitionHash !== now.definitionHash) return []
    return was.scored === 0 || now.scored === 0 ? [] : [{ baseline: was, candidate: now }]
  })
}

/** Whether each case has the same share of its arm's trials in both; lost ones were planned like others. */
function isWeighedAlike(pairs: readonly Pair[]): boolean {
  const planned = pairs.map(({ baseline, candidate }) => ({
    before: trialsOf(baseline),
    now: trialsOf(candidate),
  }))
  const [first] = planned
  return planned.every(
    ({ before, now }) => first !== undefined && before * first.now === now * first.before,
  )
}

function trialsOf({ incomplete, invalid, scored }: CaseStats): number {
  return scored + invalid + incomplete
}

/** Whether an arm's own metrics are over these cases and no others. */
function isCovered({ cases }: FigureArm, pairs: readonly Pair[]): boolean {
  const shared = new Set(pairs.map(({ candidate }) => candidate.id))
  return byStanding(cases).deciding.every(({ id, scored }) => scored === 0 || shared.has(id))
}

function isPricedAlike({ baseline, candidate }: Record<keyof Pair, FigureArm>): boolean {
  const [was, is] = [baseline.provenance.prices, candidate.provenance.prices]
  return was === undefined || is === undefined || was === is
}

/** The reference provider declares what it would have taken. */
function isTimedAlike({ baseline, candidate }: Record<keyof Pair, FigureArm>): boolean {
  const isDeclared = ({ provenance }: FigureArm): boolean => provenance.agentBehind === 'reference'
  return isDeclared(baseline) === isDeclared(candidate)
}

function isCostKnown({ costPerTaskUsd }: RunMetrics): boolean {
  return costPerTaskUsd.unknown === 0
}

function ratesOf(metrics: RunMetrics): ArmFigures {
  const { asr, asrExposed, tsr, utilityUnderAttack, utilityWithoutAttack, violationRate } = metrics
  return { asr, asrExposed, tsr, utilityUnderAttack, utilityWithoutAttack, violationRate }
}

function costsOf({ costPerSolvedTaskUsd, costPerTaskUsd }: RunMetrics): ArmFigures {
  return {
    costPerTaskUsd,
    ...(costPerSolvedTaskUsd !== undefined && { costPerSolvedTaskUsd }),
  }
}

/** Of amounts that only a run's own metrics hold; both arms must hold them in full. */
function meansOf(arms: Record<keyof Pair, FigureArm>, arm: keyof Pair): ArmFigures {
  const [before, now, own] = [arms.baseline.metrics, arms.candidate.metrics, arms[arm].metrics]
  if (before === undefined || now === undefined || own === undefined) return {}
  const names = ['tokensPerTask', 'toolCallsPerTask', 'modelCallsPerTask'] as const
  const known = names.filter((name) => before[name].unknown === 0 && now[name].unknown === 0)
  return Object.fromEntries(known.map((name) => [name, own[name]]))
}

/** As the gate makes them: over cases, not trials, and over those whose amount both arms know. */
function typicalOf(pairs: readonly Pair[], arm: keyof Pair): ArmFigures {
  const own = pairs.filter(({ candidate }) => candidate.twinOf === undefined)
  const tokens = meanLogOf(own, arm, 'lnTokens')
  const calls = meanLogOf(own, arm, 'lnCalls')
  return {
    ...(tokens !== undefined && { typicalTokens: rounded(Math.exp(tokens)) }),
    ...(calls !== undefined && { typicalToolCalls: rounded(Math.expm1(calls)) }),
  }
}

function meanLogOf(
  pairs: readonly Pair[],
  arm: keyof Pair,
  amount: 'lnTokens' | 'lnCalls',
): number | undefined {
  const known = pairs.filter(
    ({ baseline, candidate }) => baseline[amount] !== undefined && candidate[amount] !== undefined,
  )
  if (known.length === 0) return undefined
  return known.reduce((sum, pair) => sum + (pair[arm][amount]?.mean ?? 0), 0) / known.length
}
