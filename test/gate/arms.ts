import type { z } from 'zod'
import type { Arm } from '../../src/gate/arm.ts'
import { decide } from '../../src/gate/decide.ts'
import type { GateInput } from '../../src/gate/gate-input.ts'
import { type CasePair, pairCases } from '../../src/gate/pair-cases.ts'
import type { CaseStats, caseStats } from '../../src/schema/case-stats.ts'
import { type GateConfig, type GatedMetricId, gateConfig } from '../../src/schema/gate-config.ts'
import { type MetricVerdict, type Verdict, verdict } from '../../src/schema/verdict.ts'
import { aCaseStats, attackedStats } from '../builders/case-stats.ts'
import { aProvenance } from '../builders/result.ts'
import type { CaseRow } from '../metrics/builders.ts'

export const today = '2026-09-30'

/** Both arms' stats of the same cases. */
export interface Sides {
  readonly baseline: readonly CaseStats[]
  readonly candidate: readonly CaseStats[]
}

export function anArm(
  cases: readonly CaseStats[],
  changes: Parameters<typeof aProvenance>[0] = {},
): Arm {
  return { provenance: aProvenance(changes), cases }
}

export function aGate(changes: z.input<typeof gateConfig> = {}): GateConfig {
  return gateConfig.parse(changes)
}

export type Asked = Partial<Omit<GateInput, 'candidate' | 'baseline' | 'gate'>> & {
  readonly gate?: z.input<typeof gateConfig>
}

/** The verdict on two arms, checked against its own schema: no NaN, no infinity, no stray key. */
export function decided({ baseline, candidate }: Sides, asked: Asked = {}): Verdict {
  return decidedOn(
    { candidate: anArm(candidate), baseline: { arm: anArm(baseline), from: 'baseline.json' } },
    asked,
  )
}

/** The verdict where there is nothing to compare with. */
export function decidedAlone(candidate: readonly CaseStats[], asked: Asked = {}): Verdict {
  return decidedOn({ candidate: anArm(candidate) }, asked)
}

function decidedOn(
  arms: Pick<GateInput, 'candidate' | 'baseline'>,
  { gate, ...rest }: Asked,
): Verdict {
  return verdict.parse(decide({ ...arms, gate: aGate(gate), today, ...rest }))
}

export function metricOf(verdict: Verdict, id: GatedMetricId): MetricVerdict {
  const found = verdict.metrics.find((metric) => metric.id === id)
  if (found === undefined) throw new Error(`the verdict has no ${id}`)
  return found
}

/** Two arms of `of` cases, both as `build` makes them; `worsen` changes the candidate's first ones. */
export function twice(of: number, changes: Partial<z.input<typeof caseStats>> = {}): Sides {
  const cases = Array.from({ length: of }, (_, index) =>
    aCaseStats({ id: idOf(index), ...changes }),
  )
  return { baseline: cases, candidate: cases }
}

export function attackedTwice(of: number, changes: Partial<z.input<typeof caseStats>> = {}): Sides {
  const cases = Array.from({ length: of }, (_, index) =>
    attackedStats({ id: `attack.${idOf(index)}`, ...changes }),
  )
  return { baseline: cases, candidate: cases }
}

export function together(...all: readonly Sides[]): Sides {
  return {
    baseline: all.flatMap((one) => one.baseline),
    candidate: all.flatMap((one) => one.candidate),
  }
}

/** The first cases of an arm, changed; what follows from the number of scored trials follows. */
function changed(
  cases: readonly CaseStats[],
  howMany: number,
  changes: Partial<z.input<typeof caseStats>>,
): readonly CaseStats[] {
  const { scored } = changes
  const counts = scored === undefined ? {} : { judged: scored, seeds: scored, trajectories: scored }
  return cases.map((one, index) =>
    index < howMany ? aCaseStats({ ...one, ...counts, ...changes }) : one,
  )
}

/** The candidate's first cases, changed. */
export function candidateWith(
  sides: Sides,
  howMany: number,
  changes: Partial<z.input<typeof caseStats>>,
): Sides {
  return { ...sides, candidate: changed(sides.candidate, howMany, changes) }
}

export function baselineWith(
  sides: Sides,
  howMany: number,
  changes: Partial<z.input<typeof caseStats>>,
): Sides {
  return { ...sides, baseline: changed(sides.baseline, howMany, changes) }
}

/**
 * Per case a known cost, candidate / baseline around `ratio`: the cases spread around it by up to
 * five percent, so that there is noise to measure.
 */
export function withCosts({ baseline, candidate }: Sides, ratio: number): Sides {
  const cost = (one: CaseStats, mean: number): CaseStats =>
    aCaseStats({
      ...one,
      lnCost: { n: one.scored, mean },
      costUsd: { n: one.scored, sum: one.scored * Math.exp(mean) },
    })
  return {
    baseline: baseline.map((one) => cost(one, Math.log(0.02))),
    candidate: candidate.map((one, index) =>
      cost(one, Math.log(0.02) + Math.log(ratio) + ((index % 11) - 5) / 100),
    ),
  }
}

/** A suite on which every metric can pass: 300 trials of tasks, 300 of attacks, known costs. */
export function healthy(costRatio = 1): Sides {
  return withCosts(together(twice(60), attackedTwice(60)), costRatio)
}

/** Cases by their counts, as the vectors give them: what passed. */
export function passing(rows: readonly CaseRow[]): Sides {
  return fromRows(rows, (passed, scored) => ({ passed, scored }))
}

export function violating(rows: readonly CaseRow[]): Sides {
  return fromRows(rows, (violationTrials, scored) => ({ violationTrials, scored }))
}

function fromRows(
  rows: readonly CaseRow[],
  counts: (events: number, trials: number) => Partial<z.input<typeof caseStats>>,
): Sides {
  return {
    baseline: rows.map(([events, trials], index) =>
      aCaseStats({ id: idOf(index), ...counts(events, trials) }),
    ),
    candidate: rows.map(([, , events, trials], index) =>
      aCaseStats({ id: idOf(index), ...counts(events, trials) }),
    ),
  }
}

export function pairsOf({ baseline, candidate }: Sides): readonly CasePair[] {
  return pairCases(baseline, candidate).pairs
}

export function times<T>(count: number, value: T): readonly T[] {
  return Array.from({ length: count }, () => value)
}

function idOf(index: number): string {
  return `case.${String(index).padStart(3, '0')}`
}
