import type { CaseStats } from '../schema/case-stats.ts'
import type { GateAa, SplitTally } from '../schema/gate-check.ts'
import type { GateConfig } from '../schema/gate-config.ts'
import type { Provenance } from '../schema/run-manifest.ts'
import type { Verdict } from '../schema/verdict.ts'
import { recommendUnit, trialNeeds } from './aa-recommendation.ts'
import { changeRatioOf } from './change-ratio.ts'
import { decide } from './decide.ts'
import { type Deck, dealTrials, exchangeHalves, splitByNumber, type TwoArms } from './split-arms.ts'

/** One agent's trials and the rules that they are split and judged by. */
export interface AaInput {
  readonly deck: Deck
  readonly provenance: Provenance
  readonly gate: GateConfig
  readonly today: string
  /** A seeded source of numbers in [0, 1). */
  readonly random: () => number
  /** Random splits of each kind. */
  readonly splits: number
  /** Of a holdout no case is named. */
  readonly isHoldout: boolean
}

type AaFindings = Pick<
  GateAa,
  | 'status'
  | 'exitCode'
  | 'trials'
  | 'cases'
  | 'leftOut'
  | 'verdict'
  | 'unit'
  | 'changeRatio'
  | 'splits'
  | 'copies'
> & { readonly recommended: GateAa['recommended'] }

/**
 * Judges an agent against itself: its earlier trials against its later ones, and then random splits
 * of the same trials. A gate that is worth trusting has nothing to say to any of them.
 *
 * Dealing single trials is what the test by trials supposes, so it must stay at or below alpha
 * there; exchanging halves keeps together whatever the trials of a half have in common, and shows
 * what that would do to each test.
 */
export function aaFindings(input: AaInput): AaFindings {
  const { deck, gate } = input
  const arms = slimmed(splitByNumber(deck), gate)
  const main = judge(arms, input)
  const unit = main.metrics.find(({ status }) => status !== 'n/a')?.unit
  const isLeftToChance = main.status !== 'error' && unit !== 'deterministic'
  const changeRatio = isLeftToChance ? changeRatioOf(arms, input.random) : undefined
  const copies = copiesIn(deck, input.isHoldout)
  const recommended = recommendUnit({ unit, changeRatio, sharedSeeds: copies.sharedSeeds })
  const status = statusOf(main, unit === 'trial' && recommended === 'case')
  return {
    status,
    exitCode: exitCodes[status],
    trials: { first: most(arms.first), second: most(arms.second) },
    cases: arms.first.length,
    leftOut: deck.leftOut,
    verdict: verdictPart(main, input.isHoldout),
    ...(unit !== undefined && { unit }),
    ...(changeRatio !== undefined && { changeRatio }),
    splits: isLeftToChance ? splitAtRandom(input, arms) : [],
    copies,
    recommended: {
      ...(recommended !== undefined && { unit: recommended }),
      ...trialNeeds({ arms, gate, metrics: main.metrics, unit: recommended }),
    },
  }
}

const exitCodes = { calm: 0, alarm: 1, fact: 1, error: 4 } as const

function statusOf(main: Verdict, isMiscalibrated: boolean): GateAa['status'] {
  if (isAlarm(main)) return 'alarm'
  if (main.status === 'error') return 'error'
  if (isMiscalibrated) return 'alarm'
  return main.status === 'regression' ? 'fact' : 'calm'
}

/** What a comparison says; facts and limits are of one arm and no false alarm. */
function isAlarm({ metrics, slices = [] }: Verdict): boolean {
  return [...metrics, ...slices].some(({ status }) => status === 'regression')
}

function judge({ first, second }: TwoArms, { gate, provenance, today }: AaInput): Verdict {
  return decide({
    baseline: { arm: { provenance, cases: first }, from: 'the first half' },
    candidate: { provenance, cases: second },
    gate,
    today,
  })
}

function splitAtRandom(input: AaInput, arms: TwoArms): GateAa['splits'] {
  const { deck, gate, random } = input
  const byTrial = { ...input, gate: { ...gate, unit: 'trial' as const } }
  const byCase = { ...input, gate: { ...gate, unit: 'case' as const } }
  const dealt: Verdict[] = []
  const exchanged: Verdict[] = []
  const exchangedByCase: Verdict[] = []
  for (let round = 0; round < input.splits; round += 1) {
    dealt.push(judge(independent(slimmed(dealTrials(deck, random), gate)), byTrial))
    const halves = exchangeHalves(arms, random)
    exchanged.push(judge(independent(halves), byTrial))
    exchangedByCase.push(judge(halves, byCase))
  }
  return [
    tally(dealt, 'trials-dealt', 'trial'),
    tally(exchanged, 'halves-exchanged', 'trial'),
    tally(exchangedByCase, 'halves-exchanged', 'case'),
  ]
}

/** As if every trial were known to be no copy: what would the test by trials say then? */
function independent({ first, second }: TwoArms): TwoArms {
  const unlike = (stats: CaseStats): CaseStats => ({
    ...stats,
    seeds: stats.scored,
    trajectories: stats.scored,
  })
  return { first: first.map(unlike), second: second.map(unlike) }
}

function tally(
  verdicts: readonly Verdict[],
  how: SplitTally['how'],
  judgedBy: SplitTally['judgedBy'],
): SplitTally {
  return { how, judgedBy, splits: verdicts.length, alarms: verdicts.filter(isAlarm).length }
}

const mostExamples = 5

function copiesIn({ cases }: Deck, isHoldout: boolean): GateAa['copies'] {
  const scored = cases.map(({ planned, rows }) => {
    const kept = rows.rows.filter(({ outcome }) => outcome === 'pass' || outcome === 'fail')
    const trials = new Set(kept.map((row) => row.trial)).size
    return {
      id: planned.id,
      isSame: trials > 1 && new Set(kept.map((row) => row.trajectory)).size === 1,
      isShared: new Set(kept.map((row) => row.seed)).size < trials,
    }
  })
  const shared = scored.filter(({ isShared }) => isShared)
  const same = scored.filter(({ isSame }) => isSame)
  const named = (shared.length > 0 ? shared : same).slice(0, mostExamples).map(({ id }) => id)
  return {
    sameTrajectory: same.length,
    sharedSeeds: shared.length,
    examples: isHoldout ? [] : named.sort(),
  }
}

function verdictPart(
  { alpha, facts, metrics, missingEvidence, status }: Verdict,
  isHoldout: boolean,
): GateAa['verdict'] {
  const told = isHoldout ? facts.map((fact) => ({ ...fact, cases: [] })) : facts
  return { status, alpha, metrics, facts: told, missingEvidence }
}

function most(cases: readonly CaseStats[]): number {
  const tried = cases.map((one) => one.scored + one.invalid + one.incomplete)
  return tried.reduce((largest, count) => Math.max(largest, count), 0)
}

/** Only what a verdict is made from: it is made some hundred times. */
function slimmed({ first, second }: TwoArms, gate: GateConfig): TwoArms {
  const slim = (stats: CaseStats): CaseStats => {
    const bare: CaseStats = { ...stats, paths: [], failures: [] }
    delete bare.split
    if (gate.slices.length === 0) delete bare.slices
    return bare
  }
  return { first: first.map(slim), second: second.map(slim) }
}
