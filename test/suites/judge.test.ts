import { describe, expect, it } from 'vitest'
import { criterionHash } from '../../src/graders/judge/criterion-hash.ts'
import { criterion } from '../../src/schema/judge.ts'
import { judgeYardstick } from '../../src/suites/judge-yardstick.ts'
import type { LoadedEvalSet } from '../../src/suites/load-evalset.ts'
import { loadedFrom, problemsOf, refundDesk, refundDeskWith } from './memory-folder.ts'

const refund = 'cases/outcome/refund.yaml'
const judged = {
  'evalset.yaml': `${refundDesk['evalset.yaml']}judge: { model: "stored:demo" }\n`,
  'rubric.yaml': `apiVersion: agent-eval/v1
criteria:
  - { id: polite, question: Is the agent polite? }
  - { id: blunt, question: Is the agent blunt?, passes: no }
`,
  [refund]: refundDesk[refund].replace('expect:\n', 'expect:\n  judge: [polite]\n'),
}
const polite = criterion.parse({ id: 'polite', question: 'Is the agent polite?' })

function definition(set: LoadedEvalSet, id = 'refund.full'): string | undefined {
  return set.definitions.get(id)?.definitionHash
}

function calibration(passes: number, fails: number, facts: object = {}): string {
  const table = {
    truePositive: passes,
    falsePositive: 0,
    trueNegative: fails,
    falseNegative: 0,
    unanswered: 0,
  }
  const criteria = [{ criterion: 'polite', criterionHash: criterionHash(polite), table }]
  const head = { apiVersion: 'agent-eval/v1', kind: 'JudgeCalibration', judge: 'stored:demo' }
  return JSON.stringify({ ...head, votes: 3, criteria, ...facts })
}

function standing(set: LoadedEvalSet): unknown {
  const { standing: is, why } = set.judge?.yardstick.criteria.get('polite') ?? {}
  return [is, why]
}

const vote = JSON.stringify({
  criterion: 'polite',
  criterionHash: criterionHash(polite),
  transcriptHash: 'sha256:0',
  judge: 'demo',
  ordinal: 0,
  vote: 'yes',
})

describe('an eval set with a judge', () => {
  it('is loaded with its criteria, its votes and its calibration', async () => {
    const files = {
      'judge/votes.jsonl': `${vote}\n\n`,
      'judge/calibration.json': calibration(50, 50),
    }
    const { judge } = await loadedFrom(refundDeskWith({ ...judged, ...files }))
    expect([...(judge?.yardstick.criteria.keys() ?? [])]).toEqual(['polite', 'blunt'])
    expect(judge?.votes).toEqual([JSON.parse(vote)])
    expect(judge?.yardstick.criteria.get('polite')).toEqual({
      ...polite,
      hash: criterionHash(polite),
      standing: 'calibrated',
    })
    expect(judge?.yardstick.criteria.get('blunt')).toMatchObject({
      standing: 'uncalibrated',
      why: 'the calibration is of another wording',
    })
  })

  it.each<[string, string | undefined, string]>([
    ['nobody calibrated', undefined, 'it was never calibrated'],
    [
      'of another judge',
      calibration(60, 60, { judge: 'openai:x' }),
      'the calibration is of another judge',
    ],
    [
      'of other votes',
      calibration(60, 60, { votes: 5 }),
      'the calibration is of another number of votes',
    ],
    [
      'of no such criterion',
      calibration(60, 60, { criteria: [] }),
      'the calibration is of another wording',
    ],
    ['few passes', calibration(49, 60), '49 of 50 labels that people passed'],
    ['few fails', calibration(50, 12), '12 of 50 labels that people failed'],
  ])('is uncalibrated: %s', async (_, text, why) => {
    const files = text === undefined ? {} : { 'judge/calibration.json': text }
    expect(standing(await loadedFrom(refundDeskWith({ ...judged, ...files })))).toEqual([
      'uncalibrated',
      why,
    ])
  })

  it('has earned nothing by agreeing half of the time', () => {
    const table = {
      truePositive: 50,
      falseNegative: 10,
      trueNegative: 39,
      falsePositive: 21,
      unanswered: 0,
    }
    const hash = criterionHash(polite)
    const earned = judgeYardstick(
      { model: 'stored:demo', votes: 3 },
      { apiVersion: 'agent-eval/v1', criteria: [polite] },
      {
        apiVersion: 'agent-eval/v1',
        kind: 'JudgeCalibration',
        judge: 'stored:demo',
        votes: 3,
        criteria: [{ criterion: 'polite', criterionHash: hash, table }],
        canaries: [],
      },
    )
    expect(earned.criteria.get('polite')).toMatchObject({
      standing: 'uncalibrated',
      why: 'it agrees too little with people: J 0.48, it takes 0.50',
    })
  })
})

describe('hashes', () => {
  it('of a set without a judge are what they were, also with files of one lying about', async () => {
    const plain = await loadedFrom(refundDeskWith({}))
    const lying = await loadedFrom(refundDeskWith({ 'rubric.yaml': 'nonsense' }))
    expect(plain.judge).toBeUndefined()
    expect(lying.hash).toBe(plain.hash)
    // Baselines name such hashes: where these change, every baseline has to be measured again.
    expect(plain.hash).toMatchInlineSnapshot(`"sha256:6e406ce3b3c51079"`)
    expect(definition(plain)).toMatchInlineSnapshot(`"sha256:85425a173f6a5ec1"`)
  })

  it('of a case change with who judges it, by what, and with what standing', async () => {
    const variants = await Promise.all(
      [
        {},
        { 'evalset.yaml': judged['evalset.yaml'].replace('demo', 'other') },
        { 'evalset.yaml': judged['evalset.yaml'].replace('" }', '", votes: 5 }') },
        { 'rubric.yaml': judged['rubric.yaml'].replace('polite?', 'kind?') },
        { 'judge/calibration.json': calibration(50, 50) },
      ].map((files) => loadedFrom(refundDeskWith({ ...judged, ...files }))),
    )
    expect(new Set(variants.map((set) => definition(set))).size).toBe(variants.length)
    expect(new Set(variants.map((set) => set.hash)).size).toBe(variants.length)
    expect(new Set(variants.map((set) => definition(set, 'note.refund-all'))).size).toBe(1)
  })

  it('of a case stay with new votes, another criterion and more labels; the set’s does not', async () => {
    const calibrated = { ...judged, 'judge/calibration.json': calibration(50, 50) }
    const variants = await Promise.all(
      [
        {},
        { 'judge/votes.jsonl': `${vote}\n` },
        { 'rubric.yaml': judged['rubric.yaml'].replace('blunt?', 'curt?') },
        { 'judge/calibration.json': calibration(60, 70) },
      ].map((files) => loadedFrom(refundDeskWith({ ...calibrated, ...files }))),
    )
    expect(new Set(variants.map((set) => definition(set))).size).toBe(1)
    expect(new Set(variants.map((set) => set.hash)).size).toBe(variants.length)
  })
})

describe('what does not fit together', () => {
  it('a criterion that the rubric does not have', async () => {
    const files = { ...judged, [refund]: judged[refund].replace('[polite]', '[blunt, polit]') }
    expect(await problemsOf(refundDeskWith(files))).toMatchInlineSnapshot(`
      "cases/outcome/refund.yaml:4:18 expect.judge.1: unknown criterion "polit"; did you mean "polite"?
        3 | expect:
      > 4 |   judge: [blunt, polit]
          |                  ^
      "
    `)
  })

  it('a case that asks a judge which is not there', async () => {
    const files = { [refund]: judged[refund] }
    expect(await problemsOf(refundDeskWith(files))).toMatchInlineSnapshot(`
      "cases/outcome/refund.yaml:4:10 expect.judge: the eval set has no judge; add \`judge: { model: … }\` to evalset.yaml and the criteria to rubric.yaml
        3 | expect:
      > 4 |   judge: [polite]
          |          ^
      "
    `)
  })

  it('a case that a judge would decide alone', async () => {
    const text = 'id: x\nask: x\nexpect:\n  judge: [polite]\noracle: [{ say: ok }]\n'
    const files = { ...judged, 'cases/outcome/x.yaml': text }
    const permitted = text.replace('oracle', '  fallback: true\noracle')
    expect(
      await problemsOf(refundDeskWith({ ...judged, 'cases/outcome/x.yaml': permitted })),
    ).toContain('a judge never decides alone')
    expect(await problemsOf(refundDeskWith(files))).toMatchInlineSnapshot(`
      "cases/outcome/x.yaml:4:3 expect.judge: a judge never decides alone, and this case has nothing else to be judged by; add what can be computed: an effect, evidence of looking, words that must be said
        3 | expect:
      > 4 |   judge: [polite]
          |   ^
      "
    `)
  })

  it.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'no rubric',
      { 'rubric.yaml': undefined as unknown as string },
      'judge.rubric: there is no file "rubric.yaml"',
    ],
    [
      'a criterion twice',
      { 'rubric.yaml': judged['rubric.yaml'].replace('blunt,', 'polite,') },
      'criteria.1.id: there is a criterion "polite" above already',
    ],
    [
      'a vote that is none',
      { 'judge/votes.jsonl': `${vote}\n${vote.replace('yes', 'perhaps')}\n` },
      'judge/votes.jsonl:2',
    ],
    [
      'a path that leads out',
      { 'evalset.yaml': judged['evalset.yaml'].replace('" }', '", labels: ../x.csv }') },
      'judge.labels: "../x.csv" leads out of the eval set\'s folder',
    ],
    [
      'votes that were named and are not there',
      { 'evalset.yaml': judged['evalset.yaml'].replace('" }', '", votes_file: v.jsonl }') },
      'judge.votes_file: there is no file "v.jsonl"',
    ],
    [
      'an even number of votes',
      { 'evalset.yaml': judged['evalset.yaml'].replace('" }', '", votes: 2 }') },
      'an odd number of votes, so that there is a majority',
    ],
    [
      'a criterion asked twice',
      { [refund]: judged[refund].replace('[polite]', '[polite, polite]') },
      'expect.judge.1: "polite" stands twice',
    ],
  ])('%s', async (_, files, told) => {
    expect(await problemsOf(refundDeskWith({ ...judged, ...files }))).toContain(told)
  })
})
