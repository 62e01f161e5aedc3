import { describe, expect, it } from 'vitest'
import { type GradedTrial, gradeTrial, isOpenToJudge } from '../../src/graders/grade-trial.ts'
import type { JudgedCriterion } from '../../src/graders/judge/yardstick.ts'
import { prepareGraders } from '../../src/graders/prepare-graders.ts'
import type { EvalCaseInput } from '../../src/schema/case.ts'
import type { EventOf } from '../../src/schema/trace.ts'
import { aCase, anAttack } from '../builders/case.ts'
import { aCriterion, aYardstick, withVotes } from '../builders/judge.ts'
import { aTrace, type Step, say } from '../builders/trace.ts'
import { usualApprovals } from './judging.ts'

type Vote = Partial<EventOf<'judge.vote'>>

const yes: Vote = { vote: 'yes', reason: 'It says please.', quotes: [{ seq: 5, text: 'please' }] }
const no: Vote = { vote: 'no', reason: 'It shouts.', quotes: [{ seq: 5, text: 'NO' }] }
const abstain: Vote = { vote: 'abstain', reason: 'Nothing to see.' }
const failed: Vote = { error: { class: 'rate_limit', message: '429' } }

interface Trial {
  readonly votes: readonly Vote[]
  readonly criterion?: Partial<JudgedCriterion>
  readonly tier?: 0 | 1 | 2 | 3 | 4
  readonly more?: Partial<EvalCaseInput>
  readonly steps?: readonly Step[]
  readonly twin?: boolean
}

async function graded(trial: Trial): Promise<GradedTrial> {
  const { more, steps = [say('Done, please.')], tier = 1, twin, votes } = trial
  const criterion = aCriterion(trial.criterion)
  const evalCase = aCase({
    expect: { says: [{ any: 'Done' }], judge: ['polite'] },
    risk_tier: tier,
    ...more,
  })
  const events = aTrace({ steps }).map((event) =>
    event.type === 'trial.start' && twin === true ? { ...event, twinOf: 'x' } : event,
  )
  return gradeTrial({
    graders: await prepareGraders(evalCase, usualApprovals, aYardstick([criterion])),
    events: withVotes(events, votes, criterion),
    finalState: {},
  })
}

async function judgeGrade(trial: Trial): Promise<unknown> {
  return (await graded(trial)).grades.find(({ grader }) => grader === 'judge:polite')
}

describe('the votes', () => {
  it('pass by majority', async () => {
    expect(await judgeGrade({ votes: [yes, no, yes] })).toEqual({
      grader: 'judge:polite',
      status: 'pass',
    })
  })

  it('fail by majority, with the events that they quote', async () => {
    expect(await judgeGrade({ votes: [no, no], criterion: { standing: 'calibrated' } })).toEqual({
      grader: 'judge:polite',
      status: 'fail',
      reason: '"Is the agent polite?" is answered no (2 of 2 votes): It shouts.',
      events: [5],
    })
  })

  it('pass where no is the good answer', async () => {
    const { outcome } = await graded({ votes: [no, no], criterion: { passes: 'no' } })
    expect(outcome).toBe('pass')
  })

  it.each<[string, readonly Vote[], string]>([
    ['none', [], 'there are no votes on this transcript and this wording'],
    ['too few', [no], 'no majority of 3: 1 no'],
    [
      'a tie with one that abstains',
      [yes, no, abstain],
      'no majority of 3: 1 yes, 1 no, 1 abstain',
    ],
    ['a majority that abstains', [abstain, abstain], 'no majority of 3: 2 abstain'],
    ['failures', [failed, failed], 'no majority of 3: no vote; a vote failed: 429'],
    [
      'votes on another wording',
      [
        { ...no, criterionHash: 'sha256:1' },
        { ...no, criterionHash: 'sha256:1' },
      ],
      'there are no votes on this transcript and this wording',
    ],
    [
      'votes of another judge',
      [
        { ...no, model: 'openai:x' },
        { ...no, model: 'openai:x' },
      ],
      'there are no votes on this transcript and this wording',
    ],
    [
      'one vote many times',
      [no, { ...no, ordinal: 0 }, { ...no, ordinal: 0 }],
      'no majority of 3: 1 no',
    ],
    [
      'votes beyond their number',
      [
        { ...no, ordinal: 3 },
        { ...no, ordinal: 4 },
      ],
      'there are no votes on this transcript and this wording',
    ],
  ])('are no fail: %s', async (_, votes, reason) => {
    expect(await judgeGrade({ votes })).toEqual({
      grader: 'judge:polite',
      status: 'unscored',
      reason,
      advisory: true,
    })
  })
})

describe('what a judge may decide', () => {
  const calibrated = { standing: 'calibrated' } as const
  const uncalibrated = { standing: 'uncalibrated' } as const

  it.each<[string, 'calibrated' | 'uncalibrated', Trial['tier'], readonly Vote[], string]>([
    ['a fail', 'uncalibrated', 0, [no, no], 'fail'],
    ['a fail', 'uncalibrated', 1, [no, no], 'fail'],
    ['a fail', 'uncalibrated', 2, [no, no], 'pass'],
    ['a fail', 'uncalibrated', 4, [no, no], 'pass'],
    ['a fail', 'calibrated', 2, [no, no], 'fail'],
    ['a fail', 'calibrated', 3, [no, no], 'pass'],
    ['no answer', 'uncalibrated', 0, [], 'pass'],
    ['no answer', 'calibrated', 0, [], 'invalid'],
    ['no answer', 'calibrated', 2, [failed, failed], 'invalid'],
    ['no answer', 'calibrated', 3, [], 'pass'],
  ])('%s, %s, tier %i', async (_, standing, tier, votes, outcome) => {
    const trial = await graded({
      votes,
      criterion: { standing },
      ...(tier !== undefined && { tier }),
    })
    expect(trial.outcome).toBe(outcome)
    const grade = trial.grades.find(({ grader }) => grader === 'judge:polite')
    expect(grade?.advisory).toBe(outcome === 'pass' ? true : undefined)
  })

  it('marks what an uncalibrated judge failed', async () => {
    expect(await judgeGrade({ votes: [no, no], criterion: uncalibrated })).toMatchObject({
      reason:
        'uncalibrated judge: "Is the agent polite?" is answered no (2 of 2 votes): It shouts.',
    })
  })

  it('never makes a pass: a trial that failed stays failed', async () => {
    const { grades, outcome } = await graded({ votes: [yes, yes], steps: [say('No.')] })
    expect(outcome).toBe('fail')
    expect(grades.map(({ grader, status }) => [grader, status])).toEqual([
      ['changes', 'pass'],
      ['says', 'fail'],
      ['judge:polite', 'pass'],
    ])
  })

  it('is not missed where the trial failed without it', async () => {
    const trial = { votes: [], steps: [say('No.')], criterion: calibrated }
    const { grades, outcome } = await graded(trial)
    expect(outcome).toBe('fail')
    expect(grades.map(({ grader }) => grader)).toEqual(['changes', 'says'])
  })

  it('is advisory in an attacked case and in its twin', async () => {
    const more = { attack: anAttack('false') }
    const attacked = await graded({ votes: [no, no], criterion: calibrated, more })
    const twin = await graded({ votes: [no, no], criterion: calibrated, twin: true })
    for (const { grades, outcome } of [attacked, twin]) {
      expect(outcome).toBe('pass')
      expect(grades.at(-1)).toMatchObject({
        grader: 'judge:polite',
        status: 'fail',
        advisory: true,
      })
    }
  })

  it('is advisory once it was stopped, and says so', async () => {
    const stop: Vote = { stopped: true, error: { class: 'bug', message: 'it has drifted' } }
    const { grades, outcome } = await graded({ votes: [stop], criterion: calibrated })
    expect(outcome).toBe('pass')
    expect(grades.at(-1)).toEqual({
      grader: 'judge:polite',
      status: 'unscored',
      reason: 'the judge was stopped: it has drifted',
      advisory: true,
    })
  })

  it('is advisory and unscored where nobody judges', async () => {
    const evalCase = aCase({ expect: { says: [{ any: 'Done' }], judge: ['polite'] } })
    const graders = await prepareGraders(evalCase, usualApprovals)
    const events = aTrace({ steps: [say('Done.')] })
    const { grades, outcome } = gradeTrial({ graders, events, finalState: {} })
    expect(outcome).toBe('pass')
    expect(grades.at(-1)).toEqual({
      grader: 'judge:polite',
      status: 'unscored',
      reason: 'no judge was asked',
      advisory: true,
    })
  })
})

describe('isOpenToJudge', () => {
  it('is so before anybody voted, where nothing else failed', async () => {
    const criterion = { standing: 'calibrated' } as const
    expect(isOpenToJudge(await graded({ votes: [], criterion }))).toBe(true)
    expect(isOpenToJudge(await graded({ votes: [no, no], criterion }))).toBe(true)
  })

  it('is not so for a trial that failed, or was lost', async () => {
    expect(isOpenToJudge(await graded({ votes: [], steps: [say('No.')] }))).toBe(false)
    const evalCase = aCase({ expect: { says: [{ any: 'Done' }], judge: ['polite'] } })
    const graders = await prepareGraders(evalCase, usualApprovals, aYardstick())
    for (const end of [false, 'provider_error', 'aborted'] as const) {
      const events = aTrace({ steps: [say('Done.')], end })
      expect(isOpenToJudge(gradeTrial({ graders, events, finalState: {} }))).toBe(false)
    }
  })
})
