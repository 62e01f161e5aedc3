import { describe, expect, it } from 'vitest'
import { type AskedHow, agreementOn, answerItems } from '../../src/judge/agreement.ts'
import type { LabelledItem } from '../../src/judge/settle-labels.ts'
import { type CriterionAgreement, criterionAgreement } from '../../src/schema/judge-agreement.ts'

type Answer = 'yes' | 'no' | 'abstain'

interface Row {
  readonly label: LabelledItem['label']
  readonly votes: readonly Answer[]
  readonly times?: number
  readonly group?: string
}

const how: AskedHow = { passes: 'yes', votes: 1, otherWording: 0, byJudge: 0 }

function measured(rows: readonly Row[], asked: Partial<AskedHow> = {}): CriterionAgreement {
  const votes = new Map<string, readonly Answer[]>()
  const items = rows.flatMap(({ group, label, times = 1, votes: cast }, row) =>
    Array.from({ length: times }, (_, index): LabelledItem => {
      const transcriptHash = `t${row}-${index}`
      votes.set(transcriptHash, cast)
      return { criterion: 'polite', transcriptHash, label, ...(group !== undefined && { group }) }
    }),
  )
  const settled = { criterion: 'polite', items, authors: 1, shared: 0 }
  const asking = { ...how, ...asked }
  const answered = answerItems(settled, asking, (item) => votes.get(item.transcriptHash) ?? [])
  return criterionAgreement.parse(agreementOn(settled, asking, answered))
}

/** [people pass: judge passes, fails], [people fail: judge passes, fails]. */
function tableOf([tp, fn]: readonly number[], [fp, tn]: readonly number[]): readonly Row[] {
  return [
    { label: 'pass', votes: ['yes'], times: tp ?? 0 },
    { label: 'pass', votes: ['no'], times: fn ?? 0 },
    { label: 'fail', votes: ['yes'], times: fp ?? 0 },
    { label: 'fail', votes: ['no'], times: tn ?? 0 },
  ]
}

describe('agreementOn', () => {
  it('gives the published figures of a skewed table', () => {
    // vcd::Kappa and irrCAC: 93 % raw agreement, and kappa falls where AC1 does not.
    const one = measured(tableOf([90, 4], [3, 3]))
    expect(one.accuracy).toBeCloseTo(0.93, 12)
    expect(one.kappa?.value).toBeCloseTo(0.424_342_105_263, 9)
    expect(one.ac1?.value).toBeCloseTo(0.920_314_189_766, 9)
    expect(one.constant).toEqual({ says: 'pass', accuracy: 0.94 })
    expect(one.mayGate).toBe(false)
    expect(one.missing).toEqual(['6 of 50 labels of fails', 'J is 0.46 and has to be 0.50'])
  })

  it('computes what can be computed by hand', () => {
    // The example of many textbooks: 0.6 observed, 0.54 by chance.
    const one = measured(tableOf([45, 15], [25, 15]))
    expect(one.kappa?.value).toBeCloseTo(0.06 / 0.46, 12)
    expect(one.sensitivity).toMatchObject({ value: 0.75, of: 60 })
    expect(one.specificity).toMatchObject({ value: 0.375, of: 40 })
    expect(one.youden).toBeCloseTo(0.125, 12)
    expect(one.table).toEqual({
      truePositive: 45,
      falseNegative: 15,
      falsePositive: 25,
      trueNegative: 15,
      unanswered: 0,
    })
  })

  it('lets a judge gate with 50 labels of either kind and J of one half', () => {
    expect(measured(tableOf([40, 10], [15, 35]))).toMatchObject({ mayGate: true, missing: [] })
    expect(measured(tableOf([39, 11], [15, 35])).mayGate).toBe(false)
    expect(measured(tableOf([49, 0], [0, 50])).missing).toEqual(['49 of 50 labels of passes'])
  })

  it('never lets a judge gate that always says the same', () => {
    const one = measured(tableOf([500, 0], [50, 0]))
    expect(one).toMatchObject({ mayGate: false, youden: 0, accuracy: 500 / 550 })
    expect(one.constant).toEqual({ says: 'pass', accuracy: 500 / 550 })
    expect(one.kappa?.value).toBe(0)
  })

  it('counts labels without an answer for nothing but the accuracy', () => {
    const rows: readonly Row[] = [
      ...tableOf([50, 0], [0, 49]),
      { label: 'fail', votes: ['abstain'] },
      { label: 'fail', votes: [] },
    ]
    const one = measured(rows)
    expect(one.table.unanswered).toBe(2)
    expect(one.missing).toEqual(['49 of 50 labels of fails'])
    expect(one.labels).toMatchObject({ pass: 50, fail: 51 })
    expect(one.accuracy).toBe(99 / 101)
  })

  it('leaves out what people are divided on', () => {
    const one = measured([{ label: 'undecided', votes: ['yes'] }, ...tableOf([1, 0], [0, 1])])
    expect(one.labels).toMatchObject({ pass: 1, fail: 1, undecided: 1 })
    expect(one.accuracy).toBe(1)
  })

  it('turns answers round where no is the good one, and takes the majority', () => {
    const rows: readonly Row[] = [
      { label: 'pass', votes: ['no', 'yes', 'no'] },
      { label: 'fail', votes: ['yes', 'yes'] },
      { label: 'fail', votes: ['yes', 'no', 'abstain'] },
      { label: 'fail', votes: ['yes'] },
    ]
    const one = measured(rows, { passes: 'no', votes: 3 })
    expect(one.table).toMatchObject({ truePositive: 1, trueNegative: 1, unanswered: 2 })
    expect(one.singleVotes).toEqual({ cast: 5, againstMajority: 1 })
  })

  it('says nothing of rates that it has no label for', () => {
    const one = measured(tableOf([3, 0], [0, 0]))
    expect(one).not.toHaveProperty('specificity')
    expect(one).not.toHaveProperty('youden')
    expect(one).not.toHaveProperty('kappa')
    expect(measured([])).not.toHaveProperty('accuracy')
  })

  it('averages groups of a family, each of which weighs the same', () => {
    const one = measured([
      { label: 'pass', votes: ['yes'], times: 3, group: 'Hard/a' },
      { label: 'fail', votes: ['yes'], times: 1, group: 'Hard/a' },
      { label: 'fail', votes: ['yes'], times: 10, group: 'Hard/b' },
      { label: 'pass', votes: ['yes'], times: 2, group: 'Easy' },
    ])
    expect(one.groups).toEqual([
      { group: 'Easy', labels: 2, accuracy: 1 },
      { group: 'Hard/a', labels: 4, accuracy: 0.75 },
      { group: 'Hard/b', labels: 10, accuracy: 0 },
    ])
    expect(one.macro).toEqual([{ of: 'Hard', groups: 2, accuracy: 0.375 }])
  })
})
