import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import type { JudgedCriterion } from '../../graders/judge/yardstick.ts'
import { headAndTail } from '../../judge/bounded-text.ts'
import { formatCsv } from '../../judge/csv.ts'
import { type LabelRow, labelOf, type PlacedLabel, parseLabelRows } from '../../judge/label-rows.ts'
import { transcriptOf } from '../../judge/transcript.ts'
import { plural } from '../../report/format.ts'
import { painter } from '../../report/terminal/paint.ts'
import { transcriptLines } from '../../report/trial/transcript-lines.ts'
import type { JudgeLabel } from '../../schema/judge.ts'
import { terminalBlock } from '../../text/sanitise-terminal.ts'
import { shellWord } from '../../text/shell-word.ts'
import type { Io } from '../io.ts'
import { writeText } from '../print/write-text.ts'
import { readEvents } from '../run-folder/read-events.ts'
import { readText } from '../run-folder/run-folder.ts'
import type { JudgedSet } from './calibration-ground.ts'
import { namedFile } from './judge-files.ts'
import { labelAuthor } from './label-author.ts'
import { openReviewDesk } from './review-desk.ts'
import type { ReviewItem } from './review-items.ts'
import { writeWhole } from './write-whole.ts'

/** What a person needs to answer, then what they fill in, then what says where it belongs. */
const columns = [
  'trial',
  'question',
  'guidance',
  'transcript',
  'label',
  'reason',
  'author',
  'date',
  'criterion',
  'criterion_hash',
  'transcript_hash',
]

/** A cell of a spreadsheet holds no more than 32,767 characters. */
const longestCell = 30_000

/** Writes a sample as CSV with an empty column for the labels. Nothing in it tells what the judge said. */
export async function writeReviewCsv(
  named: string,
  { items, named: run }: { readonly items: readonly ReviewItem[]; readonly named: string },
  io: Io,
): Promise<void> {
  const { file, shown } = namedFile(named, io.cwd)
  const rows = items.map((item) => formatCsv(cellsOf(item, run)))
  await writeWhole(file, formatCsv(columns) + rows.join(''), shown)
  const text = `${plural(items.length, 'row')} in ${shown}: fill in label (pass or fail) and reason, then: npx agent-eval judge review ${shellWord(run)} --csv-in ${shellWord(shown)}\n`
  writeText(io, terminalBlock(text))
}

function cellsOf(
  { criterion: { guidance = '', hash, id, passes, question }, transcript, trial }: ReviewItem,
  run: string,
): readonly string[] {
  const text = transcriptLines(transcript.text, painter(false)).join('\n')
  const asked = `${question} (label "pass" if ${passes}, "fail" if ${passes === 'yes' ? 'no' : 'yes'})`
  const place = `${path.basename(run)}/${trial}`
  const empty = ['', '', '', '']
  return [
    place,
    asked,
    guidance,
    headAndTail(text, longestCell),
    ...empty,
    id,
    hash,
    transcript.hash,
  ]
}

interface Taking {
  /** Absolute folder of the run. */
  readonly run: string
  readonly evalSet: JudgedSet
  readonly options: { readonly author?: string }
}

/**
 * Takes labels in that were filled in elsewhere: each is checked against the run before any is added.
 * Rows without a label are passed over, and so are those that are there already.
 *
 * @throws AgentEvalError (input) with file and line; nothing was added then
 */
export async function readReviewCsv(
  named: string,
  { evalSet, options, run }: Taking,
  io: Io,
): Promise<void> {
  const { file, shown } = namedFile(named, io.cwd)
  const { rows } = parseLabelRows(await readText(file, shown), shown)
  const filled = rows.filter(({ cells }) => cells.label !== '')
  const isSigned = filled.every(({ cells }) => cells.author !== '')
  const author = isSigned ? '' : await labelAuthor(options.author, io.cwd)
  const usual = { author, date: io.today().slice(0, 10), run: path.basename(run) }
  const checked: CheckedLabel[] = []
  for (const row of filled) checked.push(await checkRow(row, { evalSet, run, shown, usual }))
  const desk = await openReviewDesk(evalSet)
  const fresh = checked.filter(({ label }) => !desk.isLabelled(label))
  for (const { label, transcript } of fresh) await desk.add(label, transcript)
  const left = [
    ...(checked.length === fresh.length
      ? []
      : [`${checked.length - fresh.length} were there already`]),
    ...(rows.length === filled.length ? [] : [`${rows.length - filled.length} have no label yet`]),
  ]
  const more = left.length === 0 ? '' : `; ${left.join(', ')}`
  const text = `${plural(fresh.length, 'label')} added to ${desk.labelsFile.shown}${more}\n`
  writeText(io, terminalBlock(text))
}

interface CheckedLabel {
  readonly label: JudgeLabel
  readonly transcript: string
}

interface Checking {
  readonly evalSet: JudgedSet
  readonly run: string
  readonly shown: string
  readonly usual: { readonly author: string; readonly date: string; readonly run: string }
}

async function checkRow(
  { cells, line }: LabelRow,
  { evalSet, run, shown, usual }: Checking,
): Promise<CheckedLabel> {
  const wrong = (message: string, hint?: string): AgentEvalError =>
    new AgentEvalError(message, 'input', {
      source: { file: shown, line },
      ...(hint !== undefined && { hint }),
    })
  const signed = { author: cells.author || usual.author, date: cells.date || usual.date }
  const placed = labelOf({ cells: { ...cells, ...signed }, line }, shown)
  const { criterion, criterionHash } = criterionOf(placed, evalSet, wrong)
  const trial = (placed.trial ?? '').replace(/^.*\//s, '')
  const events = trial === '' ? [] : await readEvents(run, trial)
  if (events.length === 0) throw wrong(`${usual.run} has no trial "${trial}"`)
  const { hash, text } = transcriptOf(events)
  if (placed.transcriptHash !== '' && placed.transcriptHash !== hash) {
    throw wrong(`in trial "${trial}" something else was said`, 'is it of another run?')
  }
  const { author, date, label, reason } = placed
  const place = { criterion: criterion.id, criterionHash, transcriptHash: hash }
  return {
    label: { ...place, trial: `${usual.run}/${trial}`, label, author, reason, date },
    transcript: text,
  }
}

function criterionOf(
  { criterion: id, criterionHash }: PlacedLabel,
  { judge }: JudgedSet,
  wrong: (message: string, hint?: string) => AgentEvalError,
): { readonly criterion: JudgedCriterion; readonly criterionHash: string } {
  const criterion = judge.yardstick.criteria.get(id)
  if (criterion === undefined) throw wrong(`the rubric has no criterion "${id}"`)
  if (criterionHash !== undefined && criterionHash !== criterion.hash) {
    throw wrong(`"${id}" is worded otherwise now`, 'label it anew')
  }
  return { criterion, criterionHash: criterion.hash }
}
