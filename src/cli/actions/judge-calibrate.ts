import { AgentEvalError } from '../../errors.ts'
import { chooseCanaries } from '../../judge/choose-canaries.ts'
import { isStoredJudge } from '../../judge/stored-votes.ts'
import { judgeReporters } from '../../report/judge/registry.ts'
import { asJson } from '../../schema/json.ts'
import { type JudgeCalibration, judgeCalibration } from '../../schema/judge.ts'
import { type JudgeAgreement, judgeAgreement } from '../../schema/judge-agreement.ts'
import { prettyCanonicalJson } from '../../text/canonical-json.ts'
import type { Io } from '../io.ts'
import { type AskedNow, askLabelled } from '../judge/ask-labelled.ts'
import {
  type CalibrationGround,
  type GroundOptions,
  openCalibration,
} from '../judge/calibration-ground.ts'
import { ownFile } from '../judge/judge-files.ts'
import { labelsOfGround } from '../judge/labels-of-ground.ts'
import {
  type LabelledCriteria,
  labelledCriteria,
  type MeasuredCriterion,
  measureJudge,
  openItems,
} from '../judge/measure-judge.ts'
import { writeWhole } from '../judge/write-whole.ts'
import type { OutputOptions } from '../options.ts'
import { chooseAmong, printChosen } from '../print/print-result.ts'

export interface CalibrateOptions extends GroundOptions, OutputOptions {
  readonly require?: boolean
  /** US dollars. */
  readonly budget?: number
  readonly jobs?: number
}

interface Shell {
  readonly options: CalibrateOptions
  readonly io: Io
}

/** How well does the judge agree with people, and what may it decide? */
export async function judgeCalibrateAction(
  named: string | undefined,
  options: CalibrateOptions,
  io: Io,
): Promise<void> {
  const chosen = chooseAmong(judgeReporters, options)
  const ground = await openCalibration(named, options, io)
  const labelled = labelledCriteria(await labelsOfGround(ground), ground)
  const asked = await askWhereAsked(ground, labelled, { options, io })
  const votes = [...ground.votes, ...(asked?.votes ?? [])]
  const measured = measureJudge(labelled, votes, ground)
  const isCut = asked?.ended !== undefined
  const written =
    options.write === true && !isCut ? await writeCalibration(ground, measured) : undefined
  const document = documentOf(ground, labelled, {
    measured,
    askable: openItems(labelled, votes, ground).length,
    ...(asked !== undefined && { asked: asked.asked }),
    ...(written !== undefined && { written }),
  })
  await printChosen(chosen, { io, options }, (reporter, style) => reporter.render(document, style))
  io.setExitCode(exitCodeOf(document, asked?.ended, options))
}

async function askWhereAsked(
  ground: CalibrationGround,
  labelled: LabelledCriteria,
  shell: Shell,
): Promise<AskedNow | undefined> {
  const { evalSet } = ground
  if (shell.options.ask !== true || evalSet === undefined) return undefined
  const open = openItems(labelled, ground.votes, ground)
  return askLabelled(open, { ...ground, evalSet }, shell)
}

/**
 * Writes down what the judge has earned.
 *
 * @throws AgentEvalError (usage) for a judge that the eval set does not have: it would count for nothing
 */
async function writeCalibration(
  ground: CalibrationGround,
  measured: readonly MeasuredCriterion[],
): Promise<JudgeAgreement['written']> {
  const { evalSet } = ground
  if (evalSet === undefined) {
    throw new AgentEvalError('--write needs an eval set to write to', 'usage', {
      hint: 'name it: npx agent-eval judge calibrate EVALSET --write',
    })
  }
  const { calibration, model } = evalSet.judge.settings
  if (ground.judge !== model) {
    throw new AgentEvalError(`the judge of ${evalSet.shown} is "${model}"`, 'usage', {
      hint: 'leave --judge or --write out',
    })
  }
  const document = calibrationOf(ground, measured)
  const file = await ownFile(evalSet, calibration)
  await writeWhole(file.file, prettyCanonicalJson(asJson(document)), file.shown)
  return { file: file.shown, canaries: document.canaries.length }
}

function calibrationOf(
  { judge, transcripts, votesEach }: CalibrationGround,
  measured: readonly MeasuredCriterion[],
): JudgeCalibration {
  const items = measured.flatMap(({ agreement: { criterionHash }, items: answered }) =>
    criterionHash === undefined ? [] : answered.map((item) => ({ ...item, criterionHash })),
  )
  return judgeCalibration.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'JudgeCalibration',
    judge,
    votes: votesEach,
    criteria: measured.flatMap(({ agreement: { criterion, criterionHash, singleVotes, table } }) =>
      criterionHash === undefined
        ? []
        : [{ criterion, criterionHash, table, ...(singleVotes !== undefined && { singleVotes }) }],
    ),
    // Votes that are stored cannot drift.
    canaries: isStoredJudge(judge) ? [] : chooseCanaries({ items, transcripts }),
  })
}

function documentOf(
  { judge, votesEach }: CalibrationGround,
  { unlabelled }: LabelledCriteria,
  {
    measured,
    ...facts
  }: Pick<JudgeAgreement, 'askable' | 'asked' | 'written'> & {
    readonly measured: readonly MeasuredCriterion[]
  },
): JudgeAgreement {
  const criteria = measured.map(({ agreement }) => agreement)
  const mayGate =
    criteria.length > 0 && unlabelled.length === 0 && criteria.every((one) => one.mayGate)
  return judgeAgreement.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'JudgeAgreement',
    judge,
    votes: votesEach,
    mayGate,
    criteria,
    unlabelled,
    ...facts,
  })
}

/** Telling how well a judge agrees is no verdict, unless somebody asks for one. */
function exitCodeOf(
  { mayGate }: JudgeAgreement,
  ended: AskedNow['ended'],
  { require }: CalibrateOptions,
): number {
  if (ended === 'SIGINT') return 130
  if (ended === 'SIGTERM') return 143
  return require === true && !mayGate ? 1 : 0
}
