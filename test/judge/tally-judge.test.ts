import { describe, expect, it } from 'vitest'
import { judgeTally, uncalibratedCriteria } from '../../src/judge/tally-judge.ts'
import { judgeNote } from '../../src/report/notes/judge-note.ts'
import type { Grade } from '../../src/schema/grade.ts'
import { judgeSummary } from '../../src/schema/judge.ts'
import type { TrialLine } from '../../src/schema/trial.ts'
import { aCriterion, aYardstick } from '../builders/judge.ts'
import { aTrialLine } from '../builders/trial-line.ts'

const grader = 'judge:polite'
const changes: Grade = { grader: 'changes', status: 'pass' }
const fail: Grade = { grader, status: 'fail', reason: 'no', events: [] }
const unscored: Grade = { grader, status: 'unscored', reason: 'no votes' }

function line(facts: Partial<TrialLine>): TrialLine {
  return aTrialLine({ ...facts, grades: [changes, ...(facts.grades ?? [])] })
}

const why = '12 of 50 labels that people passed'
const yardstick = aYardstick([
  aCriterion({ why }),
  aCriterion({ id: 'kind', question: 'Is it kind?', standing: 'calibrated' }),
])
const by = { model: yardstick.model, uncalibrated: uncalibratedCriteria(yardstick) }

describe('judgeTally', () => {
  it('counts trials by what the judge did in them', () => {
    const tally = judgeTally()
    const says: Grade = { grader: 'says', status: 'fail', reason: 'x', events: [] }
    tally.add(line({ case: 'a', trial: 1, grades: [{ grader, status: 'pass' }] }))
    tally.add(line({ case: 'a', trial: 2, grades: [fail] }))
    tally.add(line({ case: 'b', trial: 1, grades: [{ ...fail, advisory: true }] }))
    tally.add(line({ case: 'b', trial: 2, grades: [{ ...unscored, advisory: true }] }))
    tally.add(line({ case: 'b', trial: 3, grades: [says, fail] }))
    tally.add(line({ case: 'c', trial: 1, grades: [says] }))
    const summary = tally.finish(by)
    expect(judgeSummary.parse(summary)).toEqual({
      model: 'openai:judge',
      trials: 5,
      cases: 2,
      failed: 1,
      advised: 1,
      unscored: 1,
      uncalibrated: [{ criterion: 'polite', why }],
    })
  })

  it('counts of several attempts the latest, in any order', () => {
    const tally = judgeTally()
    tally.add(line({ attempt: 2, grades: [fail] }))
    tally.add(line({ attempt: 1, grades: [unscored] }))
    expect(tally.finish(by)).toMatchObject({ trials: 1, failed: 1, unscored: 0 })
  })

  it('knows from the grades alone why the judge was stopped', () => {
    const tally = judgeTally()
    const reason = 'the judge was stopped: it has drifted'
    tally.add(line({ grades: [{ grader, status: 'unscored', reason, advisory: true }] }))
    tally.add(line({ trial: 2, grades: [unscored] }))
    expect(tally.finish(by)).toMatchObject({ trials: 2, unscored: 2, stopped: 'it has drifted' })
  })

  it('has nothing to say where no case asks a judge', () => {
    const tally = judgeTally()
    tally.add(line({}))
    expect(tally.finish(by)).toBeUndefined()
    expect(judgeNote(undefined)).toEqual([])
  })
})
