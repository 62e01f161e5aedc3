import { describe, expect, it } from 'vitest'
import { judgeAtBase } from '../../../src/cli/at-base/judge-at-base.ts'
import {
  judgeCalibration,
  judgeSettings,
  rubricFile,
  type StoredVote,
  storedVote,
} from '../../../src/schema/judge.ts'
import { judgeYardstick } from '../../../src/suites/judge-yardstick.ts'
import type { LoadedJudge } from '../../../src/suites/load-evalset.ts'

const apiVersion = 'agent-eval/v1'

function aVote(changes: Partial<StoredVote> = {}): StoredVote {
  return storedVote.parse({
    criterion: 'polite',
    criterionHash: 'c1',
    transcriptHash: 't1',
    judge: 'maintainers',
    ordinal: 0,
    vote: 'no',
    ...changes,
  })
}

interface Parts {
  readonly model?: string
  readonly question?: string
  readonly votes?: readonly StoredVote[]
  readonly isCalibrated?: boolean
}

/** A judge of one criterion; a calibrated one agreed with people on all of 120 labels. */
function aJudge({
  isCalibrated,
  model = 'openai:judge',
  question,
  votes = [],
}: Parts): LoadedJudge {
  const settings = judgeSettings.parse({ model, votes: 1 })
  const criteria = [{ id: 'polite', question: question ?? 'Is it polite?' }]
  const rubric = rubricFile.parse({ apiVersion, criteria })
  const hash = judgeYardstick(settings, rubric, undefined).criteria.get('polite')?.hash ?? ''
  const table = {
    ...{ truePositive: 60, trueNegative: 60 },
    ...{ falsePositive: 0, falseNegative: 0, unanswered: 0 },
  }
  const calibration =
    isCalibrated === true
      ? judgeCalibration.parse({
          ...{ apiVersion, kind: 'JudgeCalibration', judge: model, votes: 1 },
          criteria: [{ criterion: 'polite', criterionHash: hash, table }],
        })
      : undefined
  const yardstick = judgeYardstick(settings, rubric, calibration)
  return { settings, yardstick, votes, ...(calibration !== undefined && { calibration }) }
}

describe('judgeAtBase', () => {
  it('takes no vote that a change brings for its own agent', () => {
    const { changes, judge } = judgeAtBase(aJudge({ votes: [aVote({ vote: 'yes' })] }), aJudge({}))
    expect(judge.votes).toEqual([])
    expect(changes).toMatchObject([{ what: 'committed votes of the judge', holds: 'base' }])
  })

  it('lets votes of a judge that nobody can ask stand behind those of the base', () => {
    const stored = { model: 'stored:maintainers' }
    const [was, is] = [aVote(), aVote({ vote: 'yes' })]
    const { judge } = judgeAtBase(
      aJudge({ ...stored, votes: [is] }),
      aJudge({ ...stored, votes: [was] }),
    )
    // Of several entries for one vote the first counts.
    expect(judge.votes).toEqual([was, is])
  })

  it('believes no calibration before it is merged', () => {
    const { changes, judge } = judgeAtBase(aJudge({ isCalibrated: true }), aJudge({}))
    expect(judge.yardstick.criteria.get('polite')?.standing).toBe('uncalibrated')
    expect(judge.calibration).toBeUndefined()
    expect(changes.map(({ what }) => what)).toEqual(['calibration of the judge'])
  })

  it('keeps what the judge has earned at the base', () => {
    const { changes, judge } = judgeAtBase(aJudge({}), aJudge({ isCalibrated: true }))
    expect(judge.yardstick.criteria.get('polite')).toMatchObject({ standing: 'calibrated' })
    expect(changes).toHaveLength(1)
  })

  it('knows nothing of another wording', () => {
    const here = aJudge({ isCalibrated: true, question: 'Is it rude?' })
    const { judge } = judgeAtBase(here, aJudge({ isCalibrated: true }))
    expect(judge.yardstick.criteria.get('polite')).toMatchObject({
      standing: 'uncalibrated',
      why: 'its calibration is not merged yet',
    })
  })

  it('is silent where nothing differs, and where the base has no judge', () => {
    const here = aJudge({ isCalibrated: true, votes: [aVote()] })
    expect(judgeAtBase(here, here).changes).toEqual([])
    expect(judgeAtBase(here, undefined)).toEqual({ judge: here, changes: [] })
  })
})
