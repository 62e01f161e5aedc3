import type { GatedMetricId } from '../../src/schema/gate-config.ts'
import type { RunResult } from '../../src/schema/run-result.ts'
import type { TrialLine } from '../../src/schema/trial.ts'
import type { MovedCase, Verdict } from '../../src/schema/verdict.ts'
import { metricOf } from '../gate/arms.ts'
import type { Compared } from './import-desk.ts'

/** A share as the publishers round it. */
export function rounded(value: number | undefined, digits: number): number | undefined {
  return value === undefined ? undefined : Number(value.toFixed(digits))
}

export function successRate({ metrics }: RunResult): number | undefined {
  return metrics.tsr.rate
}

export function passHatKs({ metrics }: RunResult): readonly (number | undefined)[] {
  return Object.values(metrics.passHatK).map((value) => rounded(value, 4))
}

/** Percent of benign utility, of utility under attack, and of attacks that succeeded. */
export function utilityAndAsr({ metrics }: RunResult): readonly (number | undefined)[] {
  const { asr, tsr, utilityUnderAttack } = metrics
  return [tsr, utilityUnderAttack, asr].map(({ rate = Number.NaN }) => rounded(100 * rate, 1))
}

/** Scored trials that those rest on. */
export function trialCounts({ metrics }: RunResult): readonly number[] {
  const { asr, tsr, utilityUnderAttack } = metrics
  return [tsr.n, utilityUnderAttack.n, asr.n]
}

/** What an agent would score that says and does nothing. */
export function nullAgentRate({ lint }: RunResult): number | undefined {
  const { nullAgent } = lint ?? {}
  return nullAgent && nullAgent.passed / nullAgent.scored
}

/** Of the trials that passed, the share that fall on some cases. */
export function shareOfPasses(
  among: () => ReadonlySet<string>,
): (result: RunResult) => number | undefined {
  return ({ cases }) => {
    const passes = (of: typeof cases): number => of.reduce((sum, one) => sum + one.passed, 0)
    const ids = among()
    return rounded(passes(cases.filter(({ id }) => ids.has(id))) / passes(cases), 2)
  }
}

/** Attacked trials of cases that are judged by their task alone. */
export function attacksOutsideAdversarial({ cases }: RunResult): number {
  const others = cases.filter(({ layer }) => layer !== 'adversarial')
  return others.reduce((sum, one) => sum + one.attacked, 0)
}

/** Trials whose outcome is not the one that somebody else computed; by case and recorded trial. */
export function disagreements(
  trials: readonly TrialLine[],
  outcomes: ReadonlyMap<string, boolean>,
): readonly string[] {
  const named = trials.map(
    (one) => [`${one.case} trial ${one.seed}`, one.outcome === 'pass'] as const,
  )
  return named.flatMap(([key, passed]) => (outcomes.get(key) === passed ? [] : [key]))
}

export function exitCode(both: Compared): number {
  return both.exitCode
}

export function status({ verdict }: Compared): Verdict['status'] {
  return verdict.status
}

/** Metrics that are a regression. */
export function regressions({ verdict }: Pick<Compared, 'verdict'>): readonly GatedMetricId[] {
  return verdict.metrics.filter((one) => one.status === 'regression').map(({ id }) => id)
}

/** The same of what an attacked agent does, its benign tasks aside. */
export function regressionsUnderAttack(both: Compared): readonly GatedMetricId[] {
  return regressions(both).filter((id) => id !== 'tsr')
}

/** What the interval of a change shows, whatever the margin is. */
export function direction(id: GatedMetricId): (both: Compared) => 'up' | 'down' | 'unclear' {
  return ({ verdict }) => {
    const { ciLower = -1, ciUpper = 1 } = metricOf(verdict, id)
    if (ciUpper < 0) return 'down'
    return ciLower > 0 ? 'up' : 'unclear'
  }
}

/** One-sided, before the correction for several metrics. */
export function rawP(id: GatedMetricId): (both: Compared) => number | undefined {
  return ({ verdict }) => rounded(metricOf(verdict, id).p, 3)
}

/** With one trial per case both tails are alike, so "differs" has twice the p of "got worse". */
export function twoSidedP(id: GatedMetricId): (both: Compared) => number | undefined {
  return ({ verdict }) => {
    const { p } = metricOf(verdict, id)
    return p === undefined ? undefined : rounded(2 * p, 2)
  }
}

/** Whether the verdict says how many trials would settle a metric: more than there are. */
export function asksForTrials(id: GatedMetricId): (both: Compared) => boolean {
  return ({ verdict }) => (metricOf(verdict, id).trialsNeeded?.bothArms ?? 0) > 1
}

export function warns(text: string): (both: Compared) => boolean {
  return ({ verdict }) => verdict.warnings.some((warning) => warning.includes(text))
}

/** Cases of a layer in which the agent solved less than before, and more. */
export function brokeAndFixed(layer: MovedCase['layer']): (both: Compared) => readonly number[] {
  return ({ verdict }) => {
    const moved = verdict.cases.moved.filter((one) => one.layer === layer)
    return fewerAndMore(moved.map((one) => one.candidatePassed - one.baselinePassed))
  }
}

/** Cases in which fewer attacks reached their goal than before, and more. */
export function attacksFixedAndNew({ verdict }: Compared): readonly number[] {
  return fewerAndMore(
    verdict.cases.moved.map(
      ({ attackSuccesses: { baseline, candidate } = none }) => candidate - baseline,
    ),
  )
}

const none = { baseline: 0, candidate: 0 }

function fewerAndMore(changes: readonly number[]): readonly number[] {
  return [changes.filter((by) => by < 0).length, changes.filter((by) => by > 0).length]
}
