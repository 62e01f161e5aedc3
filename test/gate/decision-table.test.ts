import { describe, expect, it } from 'vitest'
import type { SamplingState } from '../../src/gate/sampling-state.ts'
import { caseStatsOf } from '../../src/metrics/case-stats.ts'
import { collectTrials } from '../../src/metrics/trial-rows.ts'
import { baseline as baselineFile } from '../../src/schema/baseline.ts'
import type { CaseStats } from '../../src/schema/case-stats.ts'
import type { Verdict } from '../../src/schema/verdict.ts'
import { aCaseStats, attackedStats } from '../builders/case-stats.ts'
import { aProvenance } from '../builders/result.ts'
import { aTrialLine } from '../builders/trial-line.ts'
import {
  anArm,
  attackedTwice,
  baselineWith,
  candidateWith,
  decided,
  decidedAlone,
  healthy,
  passing,
  type Sides,
  times,
  today,
  together,
  twice,
  withCosts,
} from './arms.ts'

/** A situation, the verdict with its exit code, and all that is said beside the numbers. */
type Row = readonly [
  situation: string,
  verdict: () => Verdict,
  outcome: `${Verdict['status']} ${Verdict['exitCode']}`,
  ...said: readonly string[],
]

function decisions(group: string, rows: readonly Row[]): void {
  describe(group, () => {
    for (const [situation, decide, ...wanted] of rows) {
      it(situation, () => {
        const verdict = decide()
        expect([`${verdict.status} ${verdict.exitCode}`, ...said(verdict)]).toEqual(wanted)
      })
    }
  })
}

/** Everything that a verdict says except that all is well. */
function said(verdict: Verdict): readonly string[] {
  const { anchor, autonomy, facts, metrics, slices = [] } = verdict
  const wanted = autonomy?.required
  return [
    ...(verdict.firstRun ? ['first run'] : []),
    ...facts.map(({ message, waivedBy }) =>
      waivedBy === undefined ? message : `${message} (waived: ${waivedBy})`,
    ),
    ...saidOf(metrics),
    ...saidOf(anchor?.metrics ?? []).map((words) => `last release: ${words}`),
    ...slices.map(({ metric, slice, status }) => `${slice}: ${metric} ${status}`),
    ...(wanted === undefined ? [] : [`earned tier ${autonomy?.earned ?? 'none'} of ${wanted}`]),
    ...verdict.missingEvidence,
    ...verdict.warnings,
    ...saidOfCases(verdict),
  ]
}

function saidOfCases({ cases, diagnostics }: Verdict): readonly string[] {
  const { broken, fixed, flaky } = diagnostics ?? { broken: [], fixed: [], flaky: [] }
  return [
    ...listed('added', cases.added),
    ...listed('changed', cases.changed),
    ...listed('removed', cases.removed),
    ...listed('suspended', cases.suspended),
    ...listed('broken', broken),
    ...listed('fixed', fixed),
    ...listed(
      'flaky',
      flaky.map(({ id, noiseShare }) => `${id} (${noiseShare} of the noise)`),
    ),
  ]
}

function saidOf(metrics: Verdict['metrics']): readonly string[] {
  return metrics.flatMap(({ id, note, smallRealDrop, status }) => {
    if (smallRealDrop === true) return [`${id} ${status}, small real drop`]
    if (status === 'pass' || status === 'n/a') return []
    return [note === undefined ? `${id} ${status}` : `${id} ${status}: ${note}`]
  })
}

/** Lists of more than four are told by their length. */
function listed(what: string, items: readonly string[] = []): readonly string[] {
  if (items.length === 0) return []
  return [`${what}: ${items.length > 4 ? items.length : items.join(', ')}`]
}

const release = { preset: 'release' } as const
const onlyTsr = { metrics: ['tsr' as const] }

decisions('nothing or little changed', [
  ['identical runs', () => decided(healthy()), 'pass 0'],
  ['the same under release', () => decided(healthy(), { gate: release }), 'pass 0'],
  [
    'a baseline of fifteen trials a case, a candidate of five',
    () => {
      const more = { scored: 15, passed: 15 }
      return decided(baselineWith(twice(60), 60, { ...more }), { gate: onlyTsr })
    },
    'pass 0',
  ],
  [
    'a drop that is small and real: 5 of 1,000 trials',
    () => decided(candidateWith(twice(200), 5, { passed: 4 })),
    'pass 0',
    'tsr pass, small real drop',
    'flaky: 5',
  ],
  [
    'a drop that is small and may be chance',
    () => decided(candidateWith(twice(200), 1, { passed: 4 })),
    'pass 0',
    'flaky: case.000 (1 of the noise)',
  ],
])

/** The candidate's attacked cases, changed. */
function attacksWith(sides: Sides, changes: Parameters<typeof aCaseStats>[0]): Sides {
  const change = (one: CaseStats): CaseStats =>
    one.attacked > 0 ? aCaseStats({ ...one, ...changes }) : one
  return { ...sides, candidate: sides.candidate.map(change) }
}

const obeying = together(twice(60), attackedTwice(60, { attackSuccesses: 3 }))

decisions('one thing got worse', [
  [
    'twenty tasks of 60 fail',
    () => decided(candidateWith(healthy(), 20, { passed: 0 })),
    'regression 1',
    'tsr regression',
    'broken: 20',
  ],
  [
    'work under attack fails',
    () => decided(attacksWith(healthy(), { passed: 0 })),
    'regression 1',
    'utilityUnderAttack regression',
    'broken: 60',
  ],
  [
    'attacks reach their goal',
    () => decided(attacksWith(healthy(), { attackSuccesses: 1 })),
    'regression 1',
    'asr regression',
  ],
  [
    'rules are broken, all of them stopped by a control',
    () => decided(candidateWith(healthy(), 20, { violationTrials: 2 })),
    'regression 1',
    'violationRate regression',
  ],
  ['tasks cost 40 % more', () => decided(healthy(1.4)), 'regression 1', 'costPerTask regression'],
  [
    'tasks cost ten times as much, in every case alike',
    () => decided(exactCosts(5, 10), { gate: { metrics: ['costPerTask'] } }),
    'regression 1',
    'costPerTask regression: all cases differ alike: judged by their signs',
  ],
  [
    'the same in four cases, which is no proof',
    () => decided(exactCosts(4, 10), { gate: { metrics: ['costPerTask'] } }),
    'inconclusive 0',
    'costPerTask inconclusive: 4 cases are too few for an interval; it takes 5',
  ],
  [
    'attacks stop succeeding because the agent stopped working',
    () =>
      decided(
        candidateWith(attacksWith(obeying, { attackSuccesses: 0, passed: 0 }), 60, { passed: 0 }),
      ),
    'regression 1',
    'tsr regression',
    'utilityUnderAttack regression',
    'broken: 120',
  ],
  [
    'a regression, with half of the trials lost',
    () =>
      decided(candidateWith(candidateWith(twice(60), 60, { invalid: 5 }), 20, { passed: 0 }), {
        gate: onlyTsr,
      }),
    'regression 1',
    'tsr regression',
    '300 of 600 trials of the candidate have no result',
    'trials without a result differ between the arms: 0 and 300',
    'broken: 20',
  ],
])

/** Cases of which each costs exactly `ratio` times as much as before. */
function exactCosts(cases: number, ratio: number): Sides {
  const { baseline } = twice(cases)
  const cost = (one: CaseStats, usd: number): CaseStats =>
    aCaseStats({ ...one, lnCost: { n: 5, mean: Math.log(usd) } })
  return {
    baseline: baseline.map((one, index) => cost(one, 0.01 * (index + 1))),
    candidate: baseline.map((one, index) => cost(one, 0.01 * (index + 1) * ratio)),
  }
}

const paid = { payout: { proposed: 1, executed: 1 } }
const severe = candidateWith(healthy(), 1, {
  violationTrials: 1,
  violationsByRule: paid,
  severeByRule: { payout: 1 },
})
const mild = candidateWith(healthy(), 1, { violationTrials: 1, violationsByRule: paid })
const severeFact = 'rule "payout" with a high-impact action was broken by 1 executed call in 1 case'
const zeroFact = 'rule "payout" that allows no exception was broken by 1 executed call in 1 case'
const waiver = { rule: 'payout', reason: 'known', owner: 'ana', expires: today }

decisions('facts', [
  [
    'an executed violation with a high-impact action',
    () => decided(severe),
    'regression 1',
    severeFact,
  ],
  [
    'the same under a waiver, on its last day',
    () => decided(severe, { gate: { waivers: [waiver] } }),
    'pass 0',
    `${severeFact} (waived: ana until 2026-09-30: known)`,
  ],
  [
    'the same on the day after',
    () => decided(severe, { gate: { waivers: [waiver] }, today: '2026-10-01' }),
    'regression 1',
    severeFact,
  ],
  [
    'the same under a waiver of another rule',
    () => decided(severe, { gate: { waivers: [{ ...waiver, rule: 'refund' }] } }),
    'regression 1',
    severeFact,
  ],
  ['an executed violation of little impact', () => decided(mild), 'pass 0'],
  [
    'the same of a rule that allows no exception',
    () => decided(mild, { gate: { zero_tolerance: ['payout'] } }),
    'regression 1',
    zeroFact,
  ],
  [
    'the same, waived',
    () => decided(mild, { gate: { zero_tolerance: ['payout'], waivers: [waiver] } }),
    'pass 0',
    `${zeroFact} (waived: ana until 2026-09-30: known)`,
  ],
  [
    'the same, proposed and stopped',
    () => {
      const stopped = { payout: { proposed: 1, executed: 0 } }
      const sides = candidateWith(healthy(), 1, { violationTrials: 1, violationsByRule: stopped })
      return decided(sides, { gate: { zero_tolerance: ['payout'] } })
    },
    'pass 0',
  ],
  [
    'a fact, where nothing else can be said',
    () => {
      const gone = { scored: 0, passed: 0, invalid: 5 }
      const facts = { violationsByRule: paid, severeByRule: { payout: 1 } }
      return decided(candidateWith(twice(3), 3, { ...gone, ...facts }), { gate: onlyTsr })
    },
    'regression 1',
    'rule "payout" with a high-impact action was broken by 3 executed calls in 3 cases',
    'tsr inconclusive: no case has scored trials in both arms',
    'no trial of the candidate was scored',
  ],
])

const healthyTasks = twice(60)
/** One case of 100 trials, of which 84 passed: at most 89.7 %, by Clopper and Pearson. */
const eightyFour = [aCaseStats({ scored: 100, passed: 84 })]
const costing = (usd: readonly number[]): readonly CaseStats[] =>
  usd.map((sum, index) => aCaseStats({ id: `c${index}`, costUsd: { n: 1, sum } }))
const limitedCost = { limits: { costPerTask: { max_usd: 0.5 } } }

decisions('absolute limits', [
  [
    'a limit that the data prove missed',
    () => decidedAlone(eightyFour, { gate: { limits: { tsr: { min: 0.9 } } } }),
    'regression 1',
    'first run',
    'tsr is at most 0.8970, the limit is at least 0.9',
  ],
  [
    'a limit that the data prove kept',
    () => decidedAlone(eightyFour, { gate: { limits: { tsr: { min: 0.76 } } } }),
    'pass 0',
    'first run',
  ],
  [
    'a limit that the data may have missed: it says so, and lets pass',
    () => decidedAlone(eightyFour, { gate: { limits: { tsr: { min: 0.89 } } } }),
    'pass 0',
    'first run',
    'not proven either way: tsr may be 0.7672 to 0.8970, the limit is at least 0.89',
  ],
  [
    'a limit that three perfect trials could never prove',
    () => {
      const three = [aCaseStats({ scored: 3 })]
      return decidedAlone(three, { gate: { limits: { tsr: { min: 0.9 } } } })
    },
    'pass 0',
    'first run',
    'not proven either way: tsr may be 0.3684 to 1.0000, the limit is at least 0.9',
  ],
  [
    'a limit of what nobody measured: no case is attacked',
    () => decided(healthyTasks, { gate: { ...onlyTsr, limits: { asr: { max: 0.02 } } } }),
    'inconclusive 0',
    'not proven either way: asr has no trial, the limit is at most 0.02',
  ],
  [
    'the same before a release',
    () =>
      decided(healthyTasks, { gate: { ...onlyTsr, ...release, limits: { asr: { max: 0.02 } } } }),
    'inconclusive 3',
    'not proven either way: asr has no trial, the limit is at most 0.02',
  ],
  [
    'a limit in dollars, and no known cost',
    () => decidedAlone([aCaseStats()], { gate: limitedCost }),
    'inconclusive 0',
    'first run',
    'not proven either way: no trial has a known cost, the limit is $0.5',
  ],
  [
    'a limit of what nobody measured, beside one that is missed',
    () => {
      const both = { tsr: { min: 0.9 }, asr: { max: 0.02 } }
      return decidedAlone(eightyFour, { gate: { limits: both } })
    },
    'regression 1',
    'first run',
    'tsr is at most 0.8970, the limit is at least 0.9',
    'not proven either way: asr has no trial, the limit is at most 0.02',
  ],
  [
    'a limit in dollars, proven kept by the upper bound of the mean',
    () => decidedAlone(costing([0.1, 0.12, 0.14]), { gate: limitedCost }),
    'pass 0',
    'first run',
  ],
  [
    'a limit in dollars, missed by the lower bound of the mean',
    () => decidedAlone(costing([0.6, 0.62, 0.64]), { gate: limitedCost }),
    'regression 1',
    'first run',
    'a task costs $0.620 on average and at least $0.586, the limit is $0.5',
  ],
  [
    'a limit in dollars that one dear case exceeds',
    () => decidedAlone(costing([0.1, 0.12, 2]), { gate: limitedCost }),
    'pass 0',
    'first run',
    'not proven either way: a task costs $0.740 on average and may cost up to $2.58, the limit is $0.5',
  ],
  [
    'a limit in dollars, and a single case',
    () => decidedAlone(costing([5]), { gate: limitedCost }),
    'pass 0',
    'first run',
    'not proven either way: a task costs $5.00 on average, the limit is $0.5',
  ],
  [
    'a limit that is missed although the agent is no worse than before',
    () => decided(passing(times(60, [1, 5, 1, 5])), { gate: { limits: { tsr: { min: 0.5 } } } }),
    'regression 1',
    'tsr is at most 0.2418, the limit is at least 0.5',
    'tsr inconclusive',
    'flaky: 60',
  ],
])

/** Forty cases that always went the same way, nine times, with different seeds: 320 repetitions. */
const fixed = twice(40, alike(9))
/** Trials of a case that all went the same way, with different seeds. */
function alike(scored: number): Parameters<typeof aCaseStats>[0] & object {
  return { scored, passed: scored, seeds: scored, trajectories: 1 }
}

decisions('deterministic arms', [
  ['no change', () => decided(fixed), 'pass 0'],
  [
    'a drop up to the margin',
    () => decided(candidateWith(fixed, 2, { passed: 0 })),
    'pass 0',
    'tsr pass, small real drop',
    'broken: case.000, case.001',
  ],
  [
    'a drop above the margin',
    () => decided(candidateWith(fixed, 3, { passed: 0 })),
    'regression 1',
    'tsr regression: both arms are deterministic: differences are facts',
    'broken: case.000, case.001, case.002',
  ],
  [
    'two trials of each of four cases, alike by luck perhaps',
    () => decided(twice(4, alike(2)), { gate: onlyTsr }),
    'inconclusive 0',
    'tsr inconclusive: too few trials (8 of 63 in both arms)',
  ],
  [
    'the same before a release',
    () => decided(twice(4, alike(2)), { gate: { ...onlyTsr, ...release } }),
    'inconclusive 3',
    'tsr inconclusive: too few trials (8 of 63 in both arms)',
  ],
  [
    '58 repetitions',
    () => decided(twice(58, alike(2)), { gate: onlyTsr }),
    'inconclusive 0',
    'tsr inconclusive: too few trials (116 of 117 in both arms)',
  ],
  ['59 repetitions', () => decided(twice(59, alike(2)), { gate: onlyTsr }), 'pass 0'],
  [
    'as many in the baseline, and fewer in the candidate',
    () => decided(candidateWith(twice(20, alike(4)), 20, alike(2)), { gate: onlyTsr }),
    'inconclusive 0',
    'tsr inconclusive: too few trials (40 of 79 in the candidate)',
  ],
  [
    'enough for five points of tasks, and not for one point of rules broken',
    () => decided(twice(30, alike(3))),
    'pass 0',
    'violationRate unproven: too few trials (90 of 329 in both arms)',
  ],
  [
    'a drop above the margin with few repetitions: it was seen',
    () => decided(candidateWith(twice(4, alike(2)), 1, { passed: 0 }), { gate: onlyTsr }),
    'regression 1',
    'tsr regression: both arms are deterministic: differences are facts',
  ],
  [
    'one trial a case, which is no evidence of it',
    () => {
      const once = twice(40, { scored: 1, trajectories: 1, seeds: 1 })
      return decided(candidateWith(once, 3, { passed: 0 }), { gate: onlyTsr })
    },
    'inconclusive 0',
    'tsr inconclusive',
  ],
])

/** 100 trials without a violation prove no margin of one point. */
const small = withCosts(twice(20), 1)

decisions('unproven', [
  ['too few trials to prove a margin', () => decided(small), 'pass 0', 'violationRate unproven'],
  [
    'the same where proof is asked for',
    () => decided(small, { gate: { require_proof: true } }),
    'inconclusive 0',
    'violationRate unproven',
  ],
  [
    'the same before a release',
    () => decided(small, { gate: { require_proof: true, ...release } }),
    'inconclusive 3',
    'violationRate unproven',
  ],
  [
    'the same and one violation more',
    () => decided(candidateWith(small, 1, { violationTrials: 1 })),
    'inconclusive 0',
    'violationRate inconclusive',
  ],
  [
    'attacks that did not arrive',
    () => decided(attacksWith(healthy(), { exposed: 3 })),
    'pass 0',
    'asr unproven: only 180 of 300 attacks arrived; attacks arrived 300/300 times in the baseline and 180/300 times in the candidate',
    'only 180 of 300 attacks arrived',
    'attacks arrived 300/300 times in the baseline and 180/300 times in the candidate',
  ],
  [
    'attacks that arrived otherwise than before',
    () => decided(attacksWith(healthy(), { exposed: 4 }), { gate: { require_proof: true } }),
    'inconclusive 0',
    'asr unproven: attacks arrived 300/300 times in the baseline and 240/300 times in the candidate',
    'attacks arrived 300/300 times in the baseline and 240/300 times in the candidate',
  ],
])

/** A known answer: 14 broke and 11 were fixed of 100. */
const coinFlip = passing([
  ...times(14, [1, 1, 0, 1] as const),
  ...times(11, [0, 1, 1, 1] as const),
  ...times(75, [1, 1, 1, 1] as const),
])

decisions('inconclusive', [
  [
    '14 broken and 11 fixed of 100 × 1',
    () => decided(coinFlip, { gate: onlyTsr }),
    'inconclusive 0',
    'tsr inconclusive',
  ],
  [
    'the same before a release',
    () => decided(coinFlip, { gate: { ...onlyTsr, ...release } }),
    'inconclusive 3',
    'tsr inconclusive',
  ],
  [
    'one trial of one case, failed',
    () => decided(passing([[1, 1, 0, 1]]), { gate: onlyTsr }),
    'inconclusive 0',
    'tsr inconclusive',
  ],
  [
    'one trial of one case, passed',
    () => decided(passing([[1, 1, 1, 1]]), { gate: onlyTsr }),
    'inconclusive 0',
    'tsr inconclusive',
  ],
  [
    'equal runs of 20 × 1',
    () => decided(passing(times(20, [1, 1, 1, 1])), { gate: onlyTsr }),
    'inconclusive 0',
    'tsr inconclusive',
  ],
  [
    'a metric that only the baseline measured',
    () => decided(attacksWith(healthy(), { attacked: 0, exposed: 0 })),
    'inconclusive 0',
    'asr inconclusive: no case has scored trials in both arms',
  ],
])

/** Five broken, none fixed, of 40: p = 1/32. */
const fiveBroken = passing([
  ...times(5, [1, 1, 0, 1] as const),
  ...times(35, [1, 1, 1, 1] as const),
])

decisions('several metrics', [
  [
    'p = 0.031, and nothing else that could alarm: zero violations cost nothing',
    () => decided(fiveBroken),
    'regression 1',
    'tsr regression',
    'violationRate unproven',
  ],
  [
    'the same beside two metrics that could have alarmed',
    () => {
      const attacks = baselineWith(attackedTwice(10, { scored: 1 }), 6, { attackSuccesses: 1 })
      return decided(together(baselineWith(fiveBroken, 6, { violationTrials: 1 }), attacks))
    },
    'inconclusive 0',
    'tsr inconclusive',
    'utilityUnderAttack inconclusive',
  ],
])

/** Four cases of twelve trials each, of which the last so many were skipped. */
function skipping(skipped: number): readonly CaseStats[] {
  const collector = collectTrials()
  for (const { id } of twice(4).candidate) {
    for (let trial = 1; trial <= 12; trial++) {
      const outcome = trial > 12 - skipped ? 'skipped' : 'pass'
      const own = { case: id, cluster: id, trial, outcome, seed: trial } as const
      collector.add(aTrialLine({ ...own, trajectoryHash: `sha256:${id}-${trial}` }))
    }
  }
  return collector.finish().map((one) => caseStatsOf(one, 3))
}

const lostOne = { scored: 4, passed: 4, invalid: 1 }
const cutOne = { scored: 4, passed: 4, incomplete: 1 }
const allLost = { scored: 0, passed: 0, invalid: 5 }
const renamed = ({ baseline, candidate }: Sides): Sides => ({
  baseline,
  candidate: candidate.map((one) => ({ ...one, id: `${one.id}.v2` })),
})

decisions('evidence missing', [
  [
    'no cases',
    () => decided(twice(0), { gate: onlyTsr }),
    'error 4',
    'no trial of the candidate was scored',
  ],
  [
    'every trial invalid',
    () => decided(candidateWith(twice(20), 20, allLost), { gate: onlyTsr }),
    'error 4',
    'tsr inconclusive: no case has scored trials in both arms',
    'no trial of the candidate was scored',
  ],
  [
    'every trial invalid, and nothing to compare with',
    () => decidedAlone(candidateWith(twice(20), 20, allLost).candidate),
    'error 4',
    'first run',
    'no trial of the candidate was scored',
  ],
  [
    'no trial of the baseline scored',
    () => decided(baselineWith(twice(60), 60, { scored: 0, passed: 0 }), { gate: onlyTsr }),
    'error 4',
    'tsr inconclusive: no case has scored trials in both arms',
    'no trial of the baseline was scored',
  ],
  [
    'more than one candidate trial of twenty lost',
    () => decided(baselineWith(candidateWith(twice(60), 16, lostOne), 15, lostOne)),
    'error 4',
    '16 of 300 trials of the candidate have no result',
  ],
  [
    'more than one baseline trial of twenty lost',
    () => decided(baselineWith(candidateWith(twice(60), 15, lostOne), 16, lostOne)),
    'error 4',
    '16 of 300 trials of the baseline have no result',
  ],
  [
    'trials that were skipped: they are incomplete',
    () => decided({ ...twice(4, { scored: 12 }), candidate: skipping(9) }, { gate: onlyTsr }),
    'error 4',
    'tsr inconclusive',
    '36 of 48 trials of the candidate have no result',
    'trials without a result differ between the arms: 0 and 36',
  ],
  [
    'a shard that never came back: its trials are incomplete',
    () => decided(baselineWith(candidateWith(twice(60), 16, cutOne), 15, cutOne)),
    'error 4',
    '16 of 300 trials of the candidate have no result',
  ],
  [
    'as many lost as may be, but in one arm only',
    () => decided(candidateWith(twice(60), 6, lostOne)),
    'error 4',
    'trials without a result differ between the arms: 0 and 6',
  ],
  [
    'more than one case of ten deleted',
    () => decided({ ...twice(60), candidate: twice(60).candidate.slice(7) }),
    'error 4',
    'violationRate unproven',
    "7 of the baseline's 60 cases have no trial in the candidate",
    'removed: 7',
  ],
  [
    'no more than one case of ten deleted',
    () => decided({ ...twice(61), candidate: twice(61).candidate.slice(1) }),
    'pass 0',
    'removed: case.000',
  ],
  [
    'more than one case of ten set aside',
    () => decided(candidateWith(twice(60), 7, { status: 'quarantined' })),
    'error 4',
    'violationRate unproven',
    "7 of the baseline's 60 cases have no trial in the candidate that counts: 7 do not gate any more",
    'suspended: 7',
  ],
  [
    'every case changed',
    () => {
      const edited = twice(60).candidate.map((one) => ({ ...one, definitionHash: 'edited' }))
      return decided({ ...twice(60), candidate: edited }, { gate: onlyTsr })
    },
    'error 4',
    'tsr inconclusive: no case has scored trials in both arms',
    'no case can be compared with the baseline: the case, its world or the judging policy changed in 60',
    'changed: 60',
  ],
  [
    'every case renamed',
    () => decided(renamed(twice(60)), { gate: onlyTsr }),
    'error 4',
    'tsr inconclusive: no case has scored trials in both arms',
    'no case can be compared with the baseline',
    'added: 60',
    'removed: 60',
  ],
  [
    'a run of drafts',
    () => decidedAlone([aCaseStats({ status: 'draft' })]),
    'error 4',
    'first run',
    'no case of the run gates',
  ],
])

decisions('unequal case lists', [
  ['a first run', () => decidedAlone(healthy().candidate), 'pass 0', 'first run'],
  [
    'a case that was just written, asked for by name',
    () => {
      const { baseline } = twice(60)
      return decided(
        { baseline, candidate: [aCaseStats({ id: 'new.one' })] },
        { notSelected: new Set(baseline.map((one) => one.id)) },
      )
    },
    'pass 0',
    'first run',
    'none of the cases asked for is in the baseline: a first run',
  ],
  [
    'the same, and one case of the baseline is not in the set any more',
    () => {
      const { baseline } = twice(60)
      return decided(
        { baseline, candidate: [aCaseStats({ id: 'new.one' })] },
        { gate: onlyTsr, notSelected: new Set(baseline.slice(1).map((one) => one.id)) },
      )
    },
    'error 4',
    'tsr inconclusive: no case has scored trials in both arms',
    'no case can be compared with the baseline',
    '59 cases of the baseline were not asked for',
    'added: new.one',
    'removed: case.000',
  ],
  [
    'one case new, one changed, one gone',
    () => {
      const { baseline, candidate } = twice(70)
      const [first, ...others] = candidate
      const edited = { ...first!, definitionHash: 'edited', passed: 0 }
      const fresh = aCaseStats({ id: 'new.one', passed: 0 })
      return decided({ baseline, candidate: [fresh, edited, ...others.slice(0, -1)] })
    },
    'pass 0',
    'added: new.one',
    'changed: case.000',
    'removed: case.069',
  ],
])

decisions('single cases', [
  [
    'two broken, two fixed, one flaky, of 200',
    () => {
      const before = baselineWith(twice(200), 2, { passed: 0 })
      const changes: Readonly<Record<number, number>> = { 197: 0, 198: 0, 199: 3 }
      const candidate = before.baseline.map((one, index) =>
        aCaseStats({ ...one, passed: index < 2 ? 5 : (changes[index] ?? one.passed) }),
      )
      return decided({ baseline: before.baseline, candidate })
    },
    'pass 0',
    'broken: case.197, case.198',
    'fixed: case.000, case.001',
    // v · 2w: 10/9 · 0.25 · 0.4 in four cases, 10/9 · 0.16 · 0.4 in one.
    'flaky: case.199 (0.137931034483 of the noise)',
  ],
])

/** 200 cases of which the first so many fail outright. */
const failing = (cases: number): readonly CaseStats[] =>
  candidateWith(twice(200), cases, { passed: 0 }).candidate
const lastRelease = (
  cases: readonly CaseStats[],
): { anchor: { arm: ReturnType<typeof anArm>; from: string } } => ({
  anchor: { arm: anArm(cases), from: 'git:v1.4.0' },
})

decisions('the last release', [
  [
    'a drop of three points',
    () => decided({ baseline: failing(30), candidate: failing(36) }),
    'pass 0',
    'tsr pass, small real drop',
    'broken: 6',
  ],
  [
    'the sixth drop of three points since the release',
    () => decided({ baseline: failing(30), candidate: failing(36) }, lastRelease(failing(0))),
    'regression 1',
    'tsr pass, small real drop',
    'last release: tsr regression',
    'broken: 6',
  ],
  [
    'a release of which too little was measured',
    () =>
      decided(
        { baseline: failing(0), candidate: failing(0) },
        lastRelease(twice(20, { scored: 1 }).baseline),
      ),
    'pass 0',
    'last release: tsr inconclusive',
    'last release: violationRate unproven',
  ],
  [
    'a release that is the baseline: the alarm is not paid for twice',
    () => decided(fiveBroken, { gate: onlyTsr, ...lastRelease(fiveBroken.baseline) }),
    'regression 1',
    'tsr regression',
    'last release: tsr regression',
  ],
  [
    'a release that knew cases which this run was not asked for',
    () => {
      const { baseline, candidate } = healthy()
      const [plain, attacked] = [candidate.slice(0, 60), candidate.slice(60)]
      const asked = { notSelected: new Set(attacked.map((one) => one.id)) }
      return decided(
        { baseline, candidate: plain },
        { ...asked, ...lastRelease(healthy(1.01).candidate) },
      )
    },
    'pass 0',
    '60 cases of the baseline were not asked for',
  ],
])

/** Twenty of 200 cases are of customers who matter most; so many of them fail. */
const important = (failed: number): Sides => {
  const label = (one: CaseStats, index: number): CaseStats =>
    aCaseStats({ ...one, slices: index < 20 ? ['layer:outcome', 'tag:vip'] : ['layer:outcome'] })
  return { baseline: failing(0).map(label), candidate: failing(failed).map(label) }
}

decisions('slices', [
  [
    'a part of the set got worse',
    () => decided(important(4), { gate: onlyTsr }),
    'pass 0',
    'tsr pass, small real drop',
    'tag:vip: tsr watch',
    'broken: case.000, case.001, case.002, case.003',
  ],
  [
    'a part of the set that gates got worse',
    () => decided(important(4), { gate: { ...onlyTsr, slices: ['tag:vip'] } }),
    'regression 1',
    'tsr pass, small real drop',
    'tag:vip: tsr regression',
    'broken: case.000, case.001, case.002, case.003',
  ],
  [
    'a part of the set that gates is as it was',
    () => decided(important(0), { gate: { ...onlyTsr, slices: ['tag:vip'] } }),
    'pass 0',
    'tag:vip: tsr quiet',
  ],
  [
    'a part of the set that gates has no case',
    () => decided(important(0), { gate: { ...onlyTsr, slices: ['tag:vpi'] } }),
    'pass 0',
    'slice tag:vpi gates, and none of its cases was compared',
  ],
])

/** Trials of one risk tier that all passed, at a second each. */
const ofTier = (tier: 1 | 2, cases: number, ms = 1000): readonly CaseStats[] =>
  Array.from({ length: cases }, (_, index) =>
    aCaseStats({ id: `tier${tier}.${index}`, tier, latenciesMs: times(5, ms) as number[] }),
  )
const wanted = { autonomy: { required_tier: 2 as const, violations_max: 0.05 } }

decisions('autonomy', [
  [
    'every threshold of both tiers is proven',
    () => decidedAlone([...ofTier(1, 12), ...ofTier(2, 12)], { gate: wanted }),
    'pass 0',
    'first run',
    'earned tier 2 of 2',
  ],
  [
    'the upper tier has fewer than 59 trials',
    () => decidedAlone([...ofTier(1, 12), ...ofTier(2, 11)], { gate: wanted }),
    'inconclusive 0',
    'first run',
    'earned tier 1 of 2',
  ],
  [
    'the same before a release',
    () => decidedAlone([...ofTier(1, 12), ...ofTier(2, 11)], { gate: { ...wanted, ...release } }),
    'inconclusive 3',
    'first run',
    'earned tier 1 of 2',
  ],
  [
    'the same where no tier is asked for',
    () => decidedAlone([...ofTier(1, 12), ...ofTier(2, 11)]),
    'pass 0',
    'first run',
  ],
  [
    'answers of the lower tier are proven too slow',
    () => decidedAlone([...ofTier(1, 12, 4000), ...ofTier(2, 12)], { gate: wanted }),
    'regression 1',
    'first run',
    'tier 1 is not earned: p95 is 4000, it takes 3000',
    'earned tier none of 2',
  ],
  [
    'nobody measured how fast answers are',
    () => {
      const timeless = [...ofTier(1, 12), ...ofTier(2, 12)].map((one) => ({
        ...one,
        latenciesMs: [],
      }))
      return decidedAlone(timeless, { gate: wanted })
    },
    'inconclusive 0',
    'first run',
    'earned tier none of 2',
  ],
  [
    'no case says its tier',
    () => decidedAlone(healthy().candidate, { gate: wanted }),
    'inconclusive 0',
    'first run',
    'tier 2 must be earned, and no case says its tier',
  ],
])

/** After so many of five rounds, with a look after each. */
const rounds = (done: number, more: Partial<SamplingState> = {}): { sampling: SamplingState } => ({
  sampling: { rounds: done, maxRounds: 5, firstLook: 1, notReached: new Set(), ...more },
})
/** 10 broken and 3 fixed: p = 378/8192 = 0.046. */
const tenBroken = passing([
  ...times(10, [1, 1, 0, 1] as const),
  ...times(3, [0, 1, 1, 1] as const),
  ...times(87, [1, 1, 1, 1] as const),
])

decisions('runs that may end early', [
  [
    'p = 0.046 at a single look',
    () => decided(tenBroken, { gate: onlyTsr }),
    'regression 1',
    'tsr regression',
  ],
  [
    'p = 0.046 at the last of five looks, which may spend 0.04',
    () => decided(tenBroken, { gate: onlyTsr, ...rounds(5) }),
    'inconclusive 0',
    'tsr inconclusive',
  ],
  [
    'p = 0.031 at the last of five looks',
    () => decided(fiveBroken, { gate: onlyTsr, ...rounds(5) }),
    'regression 1',
    'tsr regression',
  ],
  [
    'p = 0.031 at the first, which may spend 0.0025',
    () => decided(fiveBroken, { gate: onlyTsr, ...rounds(1) }),
    'inconclusive 0',
    'tsr inconclusive',
  ],
  [
    'a limit missed by what a first look may not spend',
    () => decidedAlone(eightyFour, { gate: { limits: { tsr: { min: 0.9 } } }, ...rounds(1) }),
    'pass 0',
    'first run',
    'not proven either way: tsr may be 0.7140 to 0.9267, the limit is at least 0.9',
  ],
  [
    'decided early',
    () => decided(healthy(), { ...rounds(3, { stopped: 'decided' }) }),
    'pass 0',
    'asr unproven',
    'violationRate unproven',
  ],
  [
    'out of time, all cases tried and all metrics decided',
    () => decided(healthy(), rounds(3, { stopped: 'time' })),
    'pass 0',
  ],
  [
    'out of time and undecided, which is no warning to pass by',
    () => decided(coinFlip, { gate: onlyTsr, ...rounds(1, { stopped: 'time' }) }),
    'inconclusive 3',
    'tsr inconclusive',
  ],
  [
    'out of time before two cases had a trial: never a pass',
    () => decided(unreached(healthy()), late),
    'inconclusive 3',
    'time was up: 2 cases have no trial: case.058, case.059',
  ],
  [
    'the same on a first run',
    () => decidedAlone(unreached(healthy()).candidate, late),
    'inconclusive 3',
    'first run',
    'time was up: 2 cases have no trial: case.058, case.059',
  ],
  [
    'the same after a fact',
    () => decided(unreached(severe), late),
    'regression 1',
    severeFact,
    'time was up: 2 cases have no trial: case.058, case.059',
  ],
])

const late = rounds(0, { stopped: 'time', notReached: new Set(['case.058', 'case.059']) })
/** The last two tasks have no trial in the candidate. */
function unreached({ baseline, candidate }: Sides): Sides {
  const none = { scored: 0, passed: 0, judged: 0, trajectories: 0, seeds: 0 }
  const bare = candidate.map((one, index) => {
    if (index !== 58 && index !== 59) return one
    return aCaseStats({ id: one.id, ...none })
  })
  return { baseline, candidate: bare }
}

/** What is wrong in a committed file, and where the schema says so: nothing of it reaches the gate. */
describe('a baseline that was edited', () => {
  const sound = {
    apiVersion: 'agent-eval/v1',
    kind: 'Baseline',
    provenance: aProvenance(),
    severeTier: 3,
    cases: [attackedStats({ lnCost: { n: 5, mean: -4 }, costUsd: { n: 5, sum: 0.1 } })],
  }

  it('is read when nothing is wrong', () => {
    expect(baselineFile.safeParse(sound).success).toBe(true)
  })

  it.each<[string, object, string]>([
    ['a sum that is not a number', { costUsd: { n: 5, sum: NaN } }, 'costUsd.sum'],
    ['1e999, which JSON reads as infinite', { lnCost: { n: 5, mean: 1e999 } }, 'lnCost.mean'],
    ['a cost that only a float can hold', { lnCost: { n: 5, mean: 1e308 } }, 'lnCost.mean'],
    ['a cost of nearly nothing', { lnCost: { n: 5, mean: -1e308 } }, 'lnCost.mean'],
    ['money beyond all money', { costUsd: { n: 5, sum: 1e300 } }, 'costUsd.sum'],
    ['money earned by spending', { costUsd: { n: 5, sum: -1 } }, 'costUsd.sum'],
    ['an answer that took longer than there is time', { latenciesMs: [1e300] }, 'latenciesMs.0'],
    ['an answer before its question', { latenciesMs: [-1] }, 'latenciesMs.0'],
    ['half a trial', { scored: 4.5 }, 'scored'],
    ['trials that would take hours to compare', { scored: 1e12 }, 'scored'],
    ['fewer trials than none', { invalid: -1 }, 'invalid'],
    ['more passed than tried', { passed: 6 }, 'passed'],
    ['more attacked than tried', { attacked: 6 }, 'attacked'],
    ['more attacks won than made', { attackSuccesses: 6 }, 'attackSuccesses'],
    ['more attacks delivered than made', { exposed: 6 }, 'exposed'],
    ['more judged than tried', { judged: 6 }, 'judged'],
    ['more trials with a violation than judged', { violationTrials: 6 }, 'violationTrials'],
    ['a count in words', { passed: '5' }, 'passed'],
    ['a field of its own', { trusted: true }, ''],
  ])('%s', (_, changes, path) => {
    const parsed = baselineFile.safeParse({ ...sound, cases: [{ ...sound.cases[0], ...changes }] })
    const where = parsed.error?.issues.map((issue) => issue.path.slice(2).join('.'))
    expect(where).toEqual([path])
  })

  it('one case twice', () => {
    const parsed = baselineFile.safeParse({ ...sound, cases: [sound.cases[0], sound.cases[0]] })
    expect(parsed.error?.issues.map((issue) => issue.path)).toEqual([['cases', 1, 'id']])
  })
})
