import { describe, expect, it } from 'vitest'
import { criterionHash } from '../../../src/graders/judge/criterion-hash.ts'
import { formatLabels } from '../../../src/judge/label-rows.ts'
import { formatVotes } from '../../../src/judge/votes-to-store.ts'
import {
  criterion,
  type JudgeLabel,
  judgeCalibration,
  type StoredVote,
} from '../../../src/schema/judge.ts'
import { type JudgeAgreement, judgeAgreement } from '../../../src/schema/judge-agreement.ts'
import { folderWith, runCli, writeFiles } from '../run-cli.ts'
import { smallProject } from '../small-set.ts'
import { judgedProject, labelsFile, projectWithRun, read, runSmall } from './judged-set.ts'

const plain = criterion.parse({
  id: 'plain',
  question: 'Is the answer plain?',
  guidance: 'Short is plain.',
})
const rude = criterion.parse({ id: 'rude', question: 'Is the agent rude?', passes: 'no' })
const of = { plain: criterionHash(plain), rude: criterionHash(rude) } as const

function label(id: keyof typeof of, item: number, said: 'pass' | 'fail'): JudgeLabel {
  const facts = { author: 'Ada', reason: '', date: '2026-11-22' }
  return { criterion: id, criterionHash: of[id], transcriptHash: `t${item}`, label: said, ...facts }
}

function votes(id: keyof typeof of, item: number, vote: 'yes' | 'no'): readonly StoredVote[] {
  return [0, 1].map((ordinal) => ({
    criterion: id,
    criterionHash: of[id],
    transcriptHash: `t${item}`,
    judge: 'demo',
    ordinal,
    vote,
  }))
}

/** 60 that people passed and 60 that they failed, of which the judge gets so many right. */
function evidence(right: number, id: keyof typeof of = 'plain'): Readonly<Record<string, string>> {
  const items = Array.from({ length: 120 }, (_, item) => item)
  const [good, bad] = id === 'plain' ? (['yes', 'no'] as const) : (['no', 'yes'] as const)
  const labels = items.map((item) => label(id, item, item < 60 ? 'pass' : 'fail'))
  const cast = items.flatMap((item) => {
    const isRight = item % 60 < right
    return votes(id, item, item < 60 === isRight ? good : bad)
  })
  return { [labelsFile]: formatLabels(labels), 'set/judge/votes.jsonl': formatVotes(cast) }
}

async function calibrate(
  files: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): Promise<{
  readonly exitCode: number
  readonly cwd: string
  readonly agreement: JudgeAgreement
}> {
  const cwd = folderWith({ ...judgedProject, ...files })
  const { exitCode, stderr, stdout } = await runCli(['judge', 'calibrate', '--json', ...more], {
    cwd,
  })
  if (stdout === '') throw new Error(stderr)
  return { exitCode, cwd, agreement: judgeAgreement.parse(JSON.parse(stdout)) }
}

async function refused(
  files: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): Promise<string> {
  const cwd = folderWith({ ...judgedProject, ...files })
  const { exitCode, stderr } = await runCli(['judge', 'calibrate', ...more], { cwd })
  expect(exitCode).toBe(2)
  return stderr
}

describe('judge calibrate', () => {
  it('measures the committed votes by the committed labels', async () => {
    const { agreement, exitCode } = await calibrate(evidence(54))
    expect(exitCode).toBe(0)
    expect(agreement.criteria[0]).toMatchObject({
      criterion: 'plain',
      mayGate: true,
      table: { truePositive: 54, falseNegative: 6, falsePositive: 6, trueNegative: 54 },
      accuracy: 0.9,
      constant: { says: 'pass', accuracy: 0.5 },
      singleVotes: { cast: 240, againstMajority: 0 },
    })
    expect(agreement.criteria[0]?.kappa?.value).toBeCloseTo(0.8, 12)
    // Nobody has labelled the other criterion, so that the judge as a whole has not earned it.
    expect(agreement).toMatchObject({
      judge: 'stored:demo',
      votes: 3,
      mayGate: false,
      unlabelled: ['rude'],
    })
  })

  it('informs, and exits by what it found only where that is required', async () => {
    const files = evidence(40)
    expect((await calibrate(files)).exitCode).toBe(0)
    const { agreement, exitCode } = await calibrate(files, ['--require'])
    expect(agreement.criteria[0]?.missing).toEqual(['J is 0.33 and has to be 0.50'])
    expect(exitCode).toBe(1)
    const earned = evidence(54)
    const both = {
      [labelsFile]:
        (earned[labelsFile] ?? '') + (evidence(54, 'rude')[labelsFile] ?? '').replace(/^.*\n/, ''),
      'set/judge/votes.jsonl':
        (earned['set/judge/votes.jsonl'] ?? '') +
        (evidence(54, 'rude')['set/judge/votes.jsonl'] ?? ''),
    }
    const met = await calibrate(both, ['--require'])
    expect([met.exitCode, met.agreement.mayGate]).toEqual([0, true])
  })

  it('says the verdict first, then the numbers', async () => {
    const cwd = folderWith({ ...judgedProject, ...evidence(40) })
    const { stdout } = await runCli(['judge', 'calibrate'], { cwd })
    expect(stdout).toMatchInlineSnapshot(`
      "Advisory only: J is 0.33 and has to be 0.50.
        judge stored:demo, 3 votes each, against 120 labels by people

        plain: advisory only: J is 0.33 and has to be 0.50
                       judge passes  judge fails
          people pass            40           20
          people fail            20           40

          sensitivity  66.7 %  53.3 % to 78.3 %  of 60 passed by people
          specificity  66.7 %  53.3 % to 78.3 %  of 60 failed by people
          J              0.33                    0 for whoever always says the same
          accuracy     66.7 %                    always "pass" would be right 50.0 % of the time
          kappa          0.33  0.16 to 0.50      standard error 0.086
          AC1            0.33  0.16 to 0.50      standard error 0.086
          labels by 1 author
          0 of 240 single votes stood against their own majority

        nobody has labelled: rude
        As it stands it may fail cases of tier 0 and 1 only, marked as uncalibrated,
          and never decides alone.
        More labels: npx agent-eval judge review RUN
      "
    `)
  })

  it('writes what was earned, and the next run is judged by it', async () => {
    const { agreement, cwd } = await calibrate(evidence(54), ['--write'])
    expect(agreement.written).toEqual({ file: 'set/judge/calibration.json', canaries: 0 })
    const written = judgeCalibration.parse(JSON.parse(read(cwd, 'set/judge/calibration.json')))
    expect(written).toMatchObject({
      judge: 'stored:demo',
      votes: 3,
      criteria: [{ criterion: 'plain', criterionHash: of.plain, singleVotes: { cast: 240 } }],
    })
    const again = await runCli(['judge', 'calibrate', '--json', '--write'], { cwd })
    expect(again.exitCode).toBe(0)
    expect(judgeCalibration.parse(JSON.parse(read(cwd, 'set/judge/calibration.json')))).toEqual(
      written,
    )
    const run = await runSmall(cwd)
    const result = JSON.parse(read(cwd, `agent-eval-results/${run}/result.json`)) as {
      judge: unknown
    }
    expect(result.judge).toEqual({
      model: 'stored:demo',
      trials: 8,
      cases: 2,
      failed: 0,
      advised: 0,
      unscored: 8,
      uncalibrated: [{ criterion: 'rude', why: 'the calibration is of another wording' }],
    })
  })

  it('leaves out labels of another wording, and says so', async () => {
    const files = evidence(54)
    const rubric = judgedProject['set/rubric.yaml'] ?? ''
    const { agreement } = await calibrate({
      ...files,
      'set/rubric.yaml': rubric.replace('the answer plain', 'each answer plain'),
    })
    expect(agreement.criteria[0]).toMatchObject({ labels: { otherWording: 120, pass: 0, fail: 0 } })
  })

  it('marks labels by whoever cast the votes', async () => {
    const own = formatLabels([
      { ...label('plain', 1, 'pass'), author: 'Demo' },
      label('plain', 2, 'fail'),
    ])
    const { agreement } = await calibrate({ [labelsFile]: own })
    expect(agreement.criteria[0]?.labels).toMatchObject({
      byJudge: 1,
      authors: 2,
      pass: 1,
      fail: 1,
    })
    expect(agreement.criteria[0]?.table.unanswered).toBe(2)
  })

  it('finds by its run what a label names only by its trial', async () => {
    const { cwd, run } = await projectWithRun()
    const rows =
      'criterion,trial,label,author\nplain,status.paid#1,pass,Ada\nplain,x/status.note#2,fail,Ada\n'
    writeFiles(cwd, { [labelsFile]: rows })
    const bare = await runCli(['judge', 'calibrate', '--json'], { cwd })
    expect(bare.stderr).toContain(
      'set/judge/labels.csv:2: no transcript is known of trial "status.paid#1"',
    )
    const { stdout } = await runCli(['judge', 'calibrate', '--json', '--run', run], { cwd })
    const { askable, criteria } = judgeAgreement.parse(JSON.parse(stdout))
    expect([askable, criteria[0]?.labels.pass, criteria[0]?.labels.fail]).toEqual([2, 1, 1])
  })

  it.each<[string, Readonly<Record<string, string>>, readonly string[], string]>([
    ['no labels', {}, [], 'judge review RUN'],
    [
      'an unknown criterion',
      { [labelsFile]: formatLabels([{ ...label('plain', 1, 'pass'), criterion: 'plane' }]) },
      [],
      'set/judge/labels.csv:2: unknown criterion "plane"',
    ],
    ['asking stored votes', evidence(1), ['--ask'], '"stored:demo" cannot be asked'],
    [
      'keeping what another judge earned',
      evidence(1),
      ['--write', '--judge', 'other'],
      'is "stored:demo"',
    ],
    ['an unknown reporter', evidence(1), ['-r', 'jsn'], 'did you mean "json"?'],
    [
      'no judge',
      {
        'set/evalset.yaml': smallProject['set/evalset.yaml'] ?? '',
        'set/cases/behavioral/status.yaml': smallProject['set/cases/behavioral/status.yaml'] ?? '',
      },
      [],
      'no eval set here has a judge',
    ],
    ['votes that are none', evidence(1), ['--votes', 'set/evalset.yaml'], 'set/evalset.yaml:'],
  ])('refuses %s and says where', async (_, files, more, told) => {
    expect(await refused(files, more)).toContain(told)
  })

  it('tells judges in one file apart', async () => {
    const files = evidence(54)
    const other = (files['set/judge/votes.jsonl'] ?? '').replaceAll('"demo"', '"other"')
    const all = { ...files, 'v.jsonl': (files['set/judge/votes.jsonl'] ?? '') + other }
    const named = ['--labels', labelsFile, '--votes', 'v.jsonl']
    expect(await refused(all, named)).toContain('name one: --judge demo or other')
    const { agreement } = await calibrate(all, [...named, '--judge', 'other'])
    expect(agreement).toMatchObject({ judge: 'other', votes: 2 })
    expect(agreement.criteria[0]?.table.truePositive).toBe(54)
  })
})
