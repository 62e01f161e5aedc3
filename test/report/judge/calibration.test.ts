import { expect, it } from 'vitest'
import { judgeReporters } from '../../../src/report/judge/registry.ts'
import { type JudgeAgreement, judgeAgreement } from '../../../src/schema/judge-agreement.ts'

function anAgreement(facts: Partial<JudgeAgreement> = {}): JudgeAgreement {
  return judgeAgreement.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'JudgeAgreement',
    judge: 'openai:judge',
    votes: 3,
    mayGate: false,
    criteria: [],
    unlabelled: [],
    askable: 0,
    ...facts,
  })
}

const criterion: JudgeAgreement['criteria'][number] = {
  criterion: 'polite',
  mayGate: false,
  missing: ['3 of 50 labels of passes', '0 of 50 labels of fails'],
  labels: {
    pass: 4,
    fail: 0,
    undecided: 1,
    otherWording: 2,
    byJudge: 3,
    authors: 2,
    shared: 2,
    alpha: 0.5,
  },
  table: { truePositive: 3, falsePositive: 0, trueNegative: 0, falseNegative: 0, unanswered: 1 },
  sensitivity: { value: 1, of: 3, ciLower: 0.2924, ciUpper: 1 },
  accuracy: 0.75,
  ac1: { value: 1, standardError: 0 },
  constant: { says: 'pass', accuracy: 1 },
}

function text(document: JudgeAgreement): string {
  return judgeReporters.get('terminal')?.render(document) ?? ''
}

it('says what is missing first, and what numbers cannot be had', () => {
  const document = anAgreement({
    criteria: [criterion],
    unlabelled: ['brief'],
    askable: 2,
    asked: { votes: 5, failed: 1, costUsd: 0.02 },
  })
  expect(text(document)).toMatchInlineSnapshot(`
    "Advisory only: 3 of 50 labels of passes; 0 of 50 labels of fails.
      judge openai:judge, 3 votes each, against 4 labels by people

      polite: advisory only: 3 of 50 labels of passes; 0 of 50 labels of fails
                     judge passes  judge fails
        people pass             3            0
        people fail             0            0
        1 label without its answer

        sensitivity  100.0 %  29.2 % to 100.0 %  of 3 passed by people
        specificity      n/a                     no label failed by people
        J                n/a                     0 for whoever always says the same
        accuracy      75.0 %                     always "pass" would be right 100.0 % of the time
        kappa            n/a                     one answer only: nothing tells it from chance
        AC1             1.00                     they never differ, which is no certainty
        labels by 2 authors, 2 labelled by more than one, Krippendorff's alpha
          between them 0.50
        1 transcript on which people are divided, left out
        3 labels by whoever cast the votes: to agree with oneself shows nothing
        2 labels of another wording, left out

      nobody has labelled: brief
      asked now: 5 votes, 1 failed, $0.02
      2 labelled transcripts without a vote: ask for it with --ask
      As it stands it may fail cases of tier 0 and 1 only, marked as uncalibrated,
        and never decides alone.
      More labels: npx agent-eval judge review RUN
    "
  `)
})

it('says which of several criteria have not earned it', () => {
  const good = { ...criterion, criterion: 'brief', mayGate: true, missing: [] }
  expect(text(anAgreement({ criteria: [good, criterion] }))).toMatch(
    /^Advisory only on 1 of 2 criteria: polite\.$/m,
  )
  expect(text(anAgreement({ criteria: [good, good], mayGate: true }))).toMatch(
    /^May gate: it tells good from bad as people do, on all 2 criteria\.$/m,
  )
  expect(text(anAgreement({ criteria: [good], unlabelled: ['x'] }))).toMatch(
    /^Advisory only: nobody has labelled x\.$/m,
  )
  expect(text(anAgreement())).toMatch(/^Advisory only: nobody has labelled anything\.$/m)
})

it('prints no name as anything but text', () => {
  const hostile = '\u001b[2Jx\u202e'
  const groups = [{ group: hostile, labels: 1, accuracy: 1 }]
  const document = anAgreement({
    judge: hostile,
    criteria: [{ ...criterion, criterion: hostile, groups }],
    unlabelled: [hostile],
    written: { file: hostile, canaries: 1 },
  })
  expect(text(document)).not.toMatch(/[\u001b\u202e]/)
})

it('has a document for programs', () => {
  const document = anAgreement({ criteria: [criterion] })
  const json = judgeReporters.get('json')?.render(document) ?? ''
  expect(judgeAgreement.parse(JSON.parse(json))).toEqual(document)
})
