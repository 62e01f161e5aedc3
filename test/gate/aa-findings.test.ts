import { describe, expect, it } from 'vitest'
import { type AaInput, aaFindings } from '../../src/gate/aa-findings.ts'
import { deckOf } from '../../src/gate/split-arms.ts'
import { collectTrials } from '../../src/metrics/trial-rows.ts'
import type { PlannedCase } from '../../src/schema/run-manifest.ts'
import type { TrialLine } from '../../src/schema/trial.ts'
import { aProvenance } from '../builders/result.ts'
import { aTrialLine } from '../builders/trial-line.ts'
import { dice } from '../metrics/random.ts'
import { aGate, today } from './arms.ts'

type Changes = Parameters<typeof aTrialLine>[0]

/** Trials of so many cases, each as `trialOf` makes it. */
function suite(
  cases: number,
  trials: number,
  trialOf: (evalCase: number, trial: number) => Changes,
): { readonly lines: TrialLine[]; readonly planned: PlannedCase[] } {
  const ids = Array.from({ length: cases }, (_, index) => `case.${String(index).padStart(3, '0')}`)
  return {
    lines: ids.flatMap((id, index) =>
      Array.from({ length: trials }, (_, number) =>
        aTrialLine({ case: id, trial: number + 1, ...trialOf(index, number + 1) }),
      ),
    ),
    planned: ids.map((id) => ({
      id,
      layer: 'outcome',
      cluster: id,
      trials,
      definitionHash: 'abc',
    })),
  }
}

function findingsOn(
  { lines, planned }: ReturnType<typeof suite>,
  changes: Partial<AaInput> = {},
): ReturnType<typeof aaFindings> {
  const collector = collectTrials()
  for (const line of lines) collector.add(line)
  const roll = dice(11)
  return aaFindings({
    deck: deckOf({ planned, rows: collector.finish(), severeTier: 3 }),
    provenance: aProvenance(),
    gate: aGate({ metrics: ['tsr'] }),
    today,
    random: () => roll(1_000_000) / 1_000_000,
    splits: 60,
    isHoldout: false,
    ...changes,
  })
}

/** Some cases always pass, some seldom do; every trial is drawn for itself. */
function mixed(seed: number): (evalCase: number) => Changes {
  const roll = dice(seed)
  return (evalCase) => ({ outcome: roll(100) < [97, 70, 30][evalCase % 3]! ? 'pass' : 'fail' })
}

/** One draw for each half of a case, copied to all of its trials. */
function copied(seed: number): (evalCase: number, trial: number) => Changes {
  const roll = dice(seed)
  const drawn = new Map<string, boolean>()
  return (evalCase, trial) => {
    const half = `${evalCase} ${trial <= 5}`
    const passed = drawn.get(half) ?? roll(2) === 0
    drawn.set(half, passed)
    return { outcome: passed ? 'pass' : 'fail' }
  }
}

describe('independent trials', () => {
  const found = findingsOn(suite(60, 10, mixed(4)))

  it('raise no alarm, in whatever unit', () => {
    expect(found).toMatchObject({ status: 'calm', exitCode: 0, unit: 'trial', cases: 60 })
    expect(found.trials).toEqual({ first: 5, second: 5 })
    expect(found.splits.map(({ how, judgedBy }) => `${how} ${judgedBy}`)).toEqual([
      'trials-dealt trial',
      'halves-exchanged trial',
      'halves-exchanged case',
    ])
    for (const { alarms, splits } of found.splits) {
      expect(splits).toBe(60)
      expect(alarms).toBeLessThanOrEqual(6)
    }
  })

  it('need no other unit', () => {
    expect(found.changeRatio?.value).toBeGreaterThan(0.5)
    expect(found.changeRatio?.value).toBeLessThan(1.5)
    expect(found.recommended.unit).toBe('trial')
  })

  it('say how many it takes', () => {
    const [need] = found.recommended.needs
    expect(need?.id).toBe('tsr')
    expect(found.recommended.trials).toBe(need?.trials)
    expect(need?.trials).toBeGreaterThan(2)
    expect(need?.trials).toBeLessThan(15)
  })

  it('give the same findings for the same seed', () => {
    expect(findingsOn(suite(60, 10, mixed(4)))).toEqual(found)
  })
})

describe('trials that are copies within a half', () => {
  const found = findingsOn(suite(60, 10, copied(8)))

  it('are an alarm: the test by trials would cry wolf', () => {
    expect(found).toMatchObject({ status: 'alarm', exitCode: 1, unit: 'trial' })
    const [dealt, exchanged, byCase] = found.splits
    expect(dealt?.alarms).toBeLessThanOrEqual(6)
    expect(exchanged?.alarms).toBeGreaterThan(9)
    expect(byCase?.alarms).toBeLessThanOrEqual(6)
  })

  it('need whole cases as their unit', () => {
    expect(found.changeRatio?.value).toBeGreaterThan(2)
    expect(found.changeRatio?.p).toBe(0.001)
    expect(found.recommended.unit).toBe('case')
    expect(found.recommended.needs).toMatchObject([{ id: 'tsr' }])
    expect(found.recommended.needs[0]?.cases).toBeGreaterThan(60)
    expect(found.recommended.trials).toBeUndefined()
  })

  it('are no alarm where the gate counts cases already', () => {
    const gate = aGate({ metrics: ['tsr'], unit: 'case' })
    const judged = findingsOn(suite(60, 10, copied(8)), { gate })
    expect(judged).toMatchObject({ unit: 'case', recommended: { unit: 'case' } })
    expect(judged.status).not.toBe('alarm')
  })
})

it('finds trials that share seeds, and the gate counts cases there by itself', () => {
  const found = findingsOn(suite(20, 6, () => ({ seed: 7 })))
  expect(found.copies).toEqual({
    sameTrajectory: 0,
    sharedSeeds: 20,
    examples: ['case.000', 'case.001', 'case.002', 'case.003', 'case.004'],
  })
  expect(found).toMatchObject({ status: 'calm', unit: 'case', recommended: { unit: 'case' } })
})

it('splits nothing where nothing was left to chance', () => {
  const found = findingsOn(suite(20, 4, () => ({ trajectoryHash: 'sha256:same' })))
  expect(found).toMatchObject({ status: 'calm', unit: 'deterministic', splits: [] })
  expect(found.copies.sameTrajectory).toBe(20)
  expect(found.recommended).toEqual({ baselineFactor: 3, needs: [] })
  expect(found.changeRatio).toBeUndefined()
})

it('calls a large change between the halves what the gate calls it', () => {
  const found = findingsOn(suite(40, 6, (_, trial) => ({ outcome: trial <= 3 ? 'pass' : 'fail' })))
  expect(found).toMatchObject({ status: 'alarm', exitCode: 1, verdict: { status: 'regression' } })
})

describe('an agent that breaks a rule of high impact', () => {
  const broken = { rule: 'limit', proposed: 1, executed: 1, executedTier: 4 } as const
  const all = suite(20, 4, (evalCase) => ({ violations: evalCase === 0 ? [broken] : [] }))

  it('fails by that fact, which is no false alarm', () => {
    const found = findingsOn(all)
    expect(found).toMatchObject({ status: 'fact', exitCode: 1 })
    expect(found.verdict.facts).toMatchObject([{ rule: 'limit', cases: ['case.000'] }])
    expect(found.splits.map(({ alarms }) => alarms)).toEqual([0, 0, 0])
  })

  it('is not told by the case of a holdout', () => {
    const planned = all.planned.map((one) => ({ ...one, split: 'holdout' as const }))
    const found = findingsOn({ ...all, planned }, { isHoldout: true })
    expect(found.status).toBe('fact')
    expect(JSON.stringify(found)).not.toContain('case.0')
  })
})

it('says nothing where nothing was scored', () => {
  const found = findingsOn(suite(10, 4, () => ({ outcome: 'invalid' })))
  expect(found).toMatchObject({ status: 'error', exitCode: 4, splits: [] })
  expect(found.verdict.missingEvidence).toEqual(['no trial of the candidate was scored'])
})
