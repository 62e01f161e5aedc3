import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import { countVotes } from '../../graders/judge/count-votes.ts'
import { plural } from '../../report/format.ts'
import { renderReviewPage } from '../../report/review-page.ts'
import { painter } from '../../report/terminal/paint.ts'
import { terminalBlock } from '../../text/sanitise-terminal.ts'
import type { Io } from '../io.ts'
import { askPerson } from '../judge/ask-person.ts'
import { openJudged, requireCriterion } from '../judge/calibration-ground.ts'
import { labelAuthor } from '../judge/label-author.ts'
import { readReviewCsv, writeReviewCsv } from '../judge/review-csv.ts'
import { openReviewDesk, type ReviewDesk } from '../judge/review-desk.ts'
import { type ReviewItem, type ReviewSample, reviewItems } from '../judge/review-items.ts'
import { wantsColour } from '../print/print-result.ts'
import { writeText } from '../print/write-text.ts'
import { openProject } from '../project.ts'
import { findRun } from '../run-folder/find-run.ts'

export interface ReviewOptions {
  readonly config?: string
  readonly evalset?: string
  /** In (0, 1]. */
  readonly sample: number
  readonly seed?: number
  readonly author?: string
  readonly criterion?: string
  readonly csvOut?: string
  readonly csvIn?: string
}

/** Lets a person judge what the judge judges, so that it can be held against people. */
export async function judgeReviewAction(
  named: string,
  options: ReviewOptions,
  io: Io,
): Promise<void> {
  const project = await openProject(options.config, io)
  const run = await findRun(named, project.config.output, io.cwd)
  const evalSet = await openJudged(project, options.evalset)
  if (options.criterion !== undefined) requireCriterion(options.criterion, evalSet)
  const { csvIn, csvOut } = options
  if (csvIn !== undefined) {
    if (csvOut === undefined) return readReviewCsv(csvIn, { run, evalSet, options }, io)
    throw new AgentEvalError('--csv-in and --csv-out are two ways', 'usage', {
      hint: 'first --csv-out, then fill the labels in, then --csv-in',
    })
  }
  if (csvOut === undefined) requireTerminal(io)
  const seed = options.seed ?? project.config.seed
  const request = { run, evalSet, only: options.criterion, share: options.sample, seed }
  const sample = await reviewItems(request)
  writeText(io, terminalBlock(sampleText(sample, { named, seed, share: options.sample })))
  if (csvOut !== undefined) return writeReviewCsv(csvOut, { named, items: sample.items }, io)
  const author = await labelAuthor(options.author, io.cwd)
  const desk = await openReviewDesk(evalSet)
  await review(sample, { run: path.basename(run), author, desk }, io)
}

/** Nobody can answer in a pipe or in CI; and what a program would answer is no label. */
function requireTerminal(io: Io): void {
  if (io.stdout.isTTY && io.stderr.isTTY) return
  throw new AgentEvalError('a review needs a terminal with a person at it', 'usage', {
    hint: 'write the sample to a file with --csv-out FILE, have it filled in, and take it in with --csv-in FILE',
  })
}

function sampleText(
  { items, of, trials }: ReviewSample,
  { named, seed, share }: { readonly named: string; readonly seed: number; readonly share: number },
): string {
  const percent = `${Number((share * 100).toFixed(2))} %`
  const besides = [
    ...(trials['votes-disagree'] === 0
      ? []
      : [`${trials['votes-disagree']} on which the judge's votes differ`]),
    ...(trials['grades-disagree'] === 0
      ? []
      : [`${trials['grades-disagree']} on which judge and checks differ`]),
  ]
  const more = besides.length === 0 ? '' : `; besides ${besides.join(' and ')}`
  return (
    `${named}: ${plural(of, 'trial')} whose case asks the judge\n` +
    `drawn with seed ${seed}: ${trials.drawn} of them (${percent} of each risk tier, at least one)${more}\n` +
    `${plural(items.length, 'question')} to answer; equal transcripts are shown once\n`
  )
}

interface Reviewing {
  /** Its name. */
  readonly run: string
  readonly author: string
  readonly desk: ReviewDesk
}

async function review(
  sample: ReviewSample,
  { author, desk, run }: Reviewing,
  io: Io,
): Promise<void> {
  const paint = painter(wantsColour(io, {}))
  const open = sample.items.filter((item) => !desk.isLabelled(placeOf(item, author)))
  const done = sample.items.length - open.length
  if (done > 0) writeText(io, terminalBlock(`${done} of them ${author} has labelled before\n`))
  const answered: Answered[] = []
  for (const [index, item] of open.entries()) {
    const { criterion, transcript, trial } = item
    const page = {
      number: index + 1,
      of: open.length,
      trial,
      criterion,
      transcript: transcript.text,
    }
    writeText(io, renderReviewPage(page, paint))
    const said = await askPerson(io)
    if (said.kind === 'quit') break
    if (said.kind === 'skip') continue
    const { answer, reason } = said
    const label = answer === criterion.passes ? 'pass' : 'fail'
    const place = { ...placeOf(item, author), trial: `${run}/${trial}` }
    await desk.add({ ...place, label, reason, date: io.today().slice(0, 10) }, transcript.text)
    answered.push({ item, answer })
  }
  writeText(io, terminalBlock(endText(answered, sample, desk)))
}

function placeOf(
  { criterion: { hash, id }, transcript }: ReviewItem,
  author: string,
): { author: string; criterion: string; criterionHash: string; transcriptHash: string } {
  return { author, criterion: id, criterionHash: hash, transcriptHash: transcript.hash }
}

interface Answered {
  readonly item: ReviewItem
  readonly answer: 'yes' | 'no'
}

/** Only now, when nothing of it can sway anybody any more, what the judge had said. */
function endText(
  answered: readonly Answered[],
  { votes }: ReviewSample,
  { labelsFile }: ReviewDesk,
): string {
  const judged = answered.flatMap(({ answer, item }) => {
    const cast = votes.filter(
      ({ trial, vote }) => trial === item.trial && vote.criterionHash === item.criterion.hash,
    )
    const majority = countVotes(
      cast.map(({ vote }) => vote.vote),
      Math.max(1, cast.length),
    )
    return majority === 'yes' || majority === 'no' ? [majority === answer] : []
  })
  const agreed = judged.filter((same) => same).length
  const judge =
    judged.length === 0 ? '' : `; the judge said the same in ${agreed} of ${judged.length}`
  return `\n${plural(answered.length, 'label')} added to ${labelsFile.shown}${judge}\nhold the judge against them: npx agent-eval judge calibrate\n`
}
