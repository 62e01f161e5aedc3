import type { Arm } from '../gate/arm.ts'
import { decide } from '../gate/decide.ts'
import { visibleFrom } from '../gate/visible-from.ts'
import type { CaseRows } from '../metrics/trial-rows.ts'
import type { CaseStats } from '../schema/case-stats.ts'
import type { GateSelfTest, SelfTestRow } from '../schema/gate-check.ts'
import type { GateConfig } from '../schema/gate-config.ts'
import type { Verdict } from '../schema/verdict.ts'
import type { LoadedEvalSet } from '../suites/load-evalset.ts'
import type { SelfTestArms, SelfTestPlan } from './self-test-arms.ts'
import { summariseRun } from './summarise-run.ts'

/** The trials of a self-test, in the order in which they were planned. */
export interface SelfTestTrials {
  readonly baseline: readonly CaseRows[]
  readonly arms: readonly (readonly CaseRows[])[]
}

interface Terms {
  readonly evalSet: LoadedEvalSet
  /** Of each case. */
  readonly trials: number
  readonly today: string
}

/**
 * Puts every agent of a self-test before the eval set's own gate: each fault must be stopped and the
 * clean one must pass.
 */
export function judgeSelfTest(
  planned: SelfTestArms,
  played: SelfTestTrials,
  terms: Terms,
): GateSelfTest {
  const { file, hash } = terms.evalSet
  const baseline = armOf(planned.baseline, played.baseline)
  const rows = planned.arms.map((arm, index) =>
    rowOf(arm, { baseline, candidate: armOf(arm, played.arms[index] ?? []) }, terms),
  )
  const status = statusOf(rows)
  return {
    apiVersion: 'agent-eval/v1',
    kind: 'GateSelfTest',
    evalSet: { id: file.id, version: file.version, hash },
    status,
    exitCode: status === 'sound' ? 0 : 1,
    preset: file.gate.preset,
    cases: planned.cases,
    attacks: planned.attacks,
    trials: { candidate: terms.trials, baseline: baselineTrials(terms) },
    notSolved: baseline.cases.filter((one) => one.passed < one.scored || one.scored === 0).length,
    rows,
    notTried: planned.notTried,
  }
}

interface TwoArms {
  readonly baseline: Arm
  readonly candidate: Arm
}

function rowOf({ fault, plan }: SelfTestPlan, arms: TwoArms, terms: Terms): SelfTestRow {
  const { id, model, shownBy, strength } = fault
  const known = fault.isCertain ? repeated(arms, terms) : independent(arms, terms)
  const verdict = judge(known, plan, terms)
  const { exitCode, facts, metrics, missingEvidence, status } = verdict
  const isClean = id === 'clean'
  const asExpected = isClean ? status === 'pass' : exitCode !== 0
  const visible =
    asExpected || strength === undefined
      ? undefined
      : visibleFrom(metrics, {
          metric: shownBy,
          strength,
          trials: terms.trials,
          baselineFactor: baselineTrials(terms) / terms.trials,
          alpha: verdict.alpha,
        })
  return {
    id,
    model,
    ...(strength !== undefined && { strength }),
    shownBy,
    expected: isClean ? 'pass' : 'regression',
    status,
    exitCode,
    asExpected,
    metrics,
    facts,
    missingEvidence,
    ...(visible !== undefined && { visibleFrom: visible }),
  }
}

function judge(
  { baseline, candidate }: TwoArms,
  { manifest }: SelfTestPlan['plan'],
  { evalSet, today }: Terms,
): Verdict {
  return decide({
    candidate,
    baseline: { arm: baseline, from: 'the clean reference' },
    gate: gateForReference(evalSet.file.gate),
    today,
    notSelected: new Set(manifest.notSelected),
  })
}

function armOf({ plan: { manifest } }: SelfTestPlan, rows: readonly CaseRows[]): Arm {
  const { cases, provenance } = summariseRun(manifest, rows)
  return { cases, provenance }
}

function statusOf(rows: readonly SelfTestRow[]): GateSelfTest['status'] {
  const wrong = rows.filter(({ asExpected }) => !asExpected)
  if (wrong.length === 0) return 'sound'
  return wrong.some(({ id }) => id === 'clean') ? 'broken' : 'leaky'
}

/** As many as the gate asks a baseline to have. */
function baselineTrials({ evalSet, trials }: Terms): number {
  return Math.ceil(trials * evalSet.file.gate.baseline.trials_factor)
}

/**
 * The user's rules, but for what the reference provider cannot speak of: its price is no money, and
 * it takes no time of its own.
 */
function gateForReference(gate: GateConfig): GateConfig {
  const { autonomy, limits } = gate
  return {
    ...gate,
    limits: { ...limits, costPerTask: undefined },
    autonomy: { ...autonomy, required_tier: undefined },
  }
}

/**
 * What the gate cannot know and we do: nothing is drawn in either arm, so that all trials would do what
 * those did that were played. How many there are is what the gate calls luck or proof.
 */
function repeated({ baseline, candidate }: TwoArms, terms: Terms): TwoArms {
  const wanted = baselineTrials(terms)
  return {
    baseline: { ...baseline, cases: baseline.cases.map((one) => continued(one, wanted)) },
    candidate: { ...candidate, cases: candidate.cases.map((one) => continued(one, terms.trials)) },
  }
}

/**
 * What the gate cannot know and we do: the faults of every trial were drawn for it alone, so trials
 * are independent also where they came out alike; and the clean reference would do in all further
 * trials what it did in those that were played.
 */
function independent({ baseline, candidate }: TwoArms, terms: Terms): TwoArms {
  const wanted = baselineTrials(terms)
  return {
    baseline: { ...baseline, cases: baseline.cases.map((one) => unlike(continued(one, wanted))) },
    candidate: { ...candidate, cases: candidate.cases.map(unlike) },
  }
}

/** A case that was the same in every trial, as if it had been tried more often; any other as it is. */
function continued(stats: CaseStats, trials: number): CaseStats {
  if (stats.trajectories !== 1 || stats.scored === 0 || trials <= stats.scored) return stats
  const factor = trials / stats.scored
  const times = (count: number): number => Math.round(count * factor)
  const { costUsd, exposed, lnCalls, lnCost, lnTokens } = stats
  return {
    ...stats,
    scored: times(stats.scored),
    seeds: times(stats.seeds),
    passed: times(stats.passed),
    attacked: times(stats.attacked),
    ...(exposed !== undefined && { exposed: times(exposed) }),
    attackSuccesses: times(stats.attackSuccesses),
    judged: times(stats.judged),
    violationTrials: times(stats.violationTrials),
    ...(lnCost !== undefined && { lnCost: { ...lnCost, n: times(lnCost.n) } }),
    ...(lnTokens !== undefined && { lnTokens: { ...lnTokens, n: times(lnTokens.n) } }),
    ...(lnCalls !== undefined && { lnCalls: { ...lnCalls, n: times(lnCalls.n) } }),
    ...(costUsd !== undefined && { costUsd: { n: times(costUsd.n), sum: costUsd.sum * factor } }),
  }
}

function unlike(stats: CaseStats): CaseStats {
  return { ...stats, trajectories: stats.scored, seeds: stats.scored }
}
