import { AgentEvalError } from '../errors.ts'
import type { JudgeLabel } from '../schema/judge.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { truncate } from '../text/truncate.ts'
import { type CsvRecord, formatCsv, parseCsv } from './csv.ts'

/** Columns of a file of labels, in the order in which we write them. */
const labelColumns = [
  'criterion',
  'criterion_hash',
  'transcript_hash',
  'trial',
  'label',
  'author',
  'reason',
  'date',
  'group',
] as const
type LabelColumn = (typeof labelColumns)[number]

/** One row as it stands, before anybody has decided whether it is a label. */
export interface LabelRow {
  readonly cells: Readonly<Record<LabelColumn, string>>
  readonly line: number
}

/** A file with a row for each label. */
export interface LabelTable {
  /** Columns as the file has them; others than ours are passed over. */
  readonly header: readonly string[]
  readonly rows: readonly LabelRow[]
}

/** Without these nobody knows what was labelled how. */
const needed = ['criterion', 'label'] as const

/** More than anybody labels by hand; a hostile file takes no longer. */
const mostCharacters = 50_000_000

/**
 * Reads a CSV file of labels, or one that is still to be filled in.
 *
 * @param file - as messages call it
 * @throws AgentEvalError (input) with file and line for what is no such table
 */
export function parseLabelRows(text: string, file: string): LabelTable {
  if (text.length > mostCharacters)
    throw new AgentEvalError('is too large', 'input', { source: { file } })
  const parsed = parseCsv(text)
  if (!parsed.ok) {
    const { line, message } = parsed.fault
    throw new AgentEvalError(message, 'input', { source: { file, line } })
  }
  const [head, ...records] = parsed.records
  if (head === undefined) return { header: [], rows: [] }
  const header = head.cells.map((cell) => cell.trim().toLowerCase())
  requireColumns(header, { file, line: head.line })
  return { header, rows: records.map((record) => rowOf(record, header, file)) }
}

function requireColumns(
  header: readonly string[],
  source: { readonly file: string; readonly line: number },
): void {
  const missing = needed.find((name) => !header.includes(name))
  if (missing !== undefined) {
    const close = didYouMean(missing, header)
    throw new AgentEvalError(`there is no column "${missing}"`, 'input', {
      source,
      hint:
        close === undefined
          ? `the first line names the columns: ${labelColumns.join(', ')}`
          : `there is "${truncate(close, 40)}"; it has to be called "${missing}"`,
    })
  }
  const twice = labelColumns.find((name) => header.indexOf(name) !== header.lastIndexOf(name))
  if (twice === undefined) return
  throw new AgentEvalError(`there are two columns "${twice}"`, 'input', { source })
}

function rowOf({ cells, line }: CsvRecord, header: readonly string[], file: string): LabelRow {
  if (cells.length !== header.length) {
    throw new AgentEvalError(
      `has ${cells.length} cells, and the first line names ${header.length} columns`,
      'input',
      {
        source: { file, line },
        hint: 'put cells with commas or line ends between quotation marks',
      },
    )
  }
  const cellOf = (name: string): string => {
    const index = header.indexOf(name)
    return (index === -1 ? '' : (cells[index] ?? '')).trim()
  }
  const named = labelColumns.map((name) => [name, cellOf(name)] as const)
  return { cells: Object.fromEntries(named) as Record<LabelColumn, string>, line }
}

/** A label, and where it stands. */
export interface PlacedLabel extends Omit<JudgeLabel, 'transcriptHash'> {
  /** Empty where the row names only a trial. */
  readonly transcriptHash: string
  readonly line: number
}

/**
 * Reads a CSV file of labels: columns `criterion`, `transcript_hash` or `trial`, `label`, `author`,
 * `reason`, `date`.
 *
 * @throws AgentEvalError (input) with file and line for a row that is no label
 */
export function parseLabels(text: string, file: string): readonly PlacedLabel[] {
  return parseLabelRows(text, file).rows.map((row) => labelOf(row, file))
}

/** @throws AgentEvalError (input) with file and line */
export function labelOf({ cells, line }: LabelRow, file: string): PlacedLabel {
  const wrong = (message: string, hint?: string): AgentEvalError =>
    new AgentEvalError(message, 'input', {
      source: { file, line },
      ...(hint !== undefined && { hint }),
    })
  const { author, criterion, criterion_hash, date, group, reason, transcript_hash, trial } = cells
  const label = cells.label.toLowerCase()
  if (criterion === '') throw wrong('no criterion is named')
  if (label !== 'pass' && label !== 'fail') {
    throw wrong(`"${truncate(cells.label, 40)}" is no label`, 'a label is "pass" or "fail"')
  }
  if (transcript_hash === '' && trial === '') {
    throw wrong('neither transcript_hash nor trial says what was labelled')
  }
  if (author === '') throw wrong('nobody is named as its author')
  return {
    criterion,
    ...(criterion_hash !== '' && { criterionHash: criterion_hash }),
    transcriptHash: transcript_hash,
    ...(trial !== '' && { trial }),
    label,
    author,
    reason,
    date,
    ...(group !== '' && { group }),
    line,
  }
}

/** The first line of a file of labels. */
export const labelHeader = formatCsv(labelColumns)

/**
 * A label as a line of CSV.
 *
 * @param header - columns of the file that it is appended to; what it has no column for is left out
 */
export function formatLabel(label: JudgeLabel, header: readonly string[] = labelColumns): string {
  const { author, criterion, criterionHash, date, group, reason, transcriptHash, trial } = label
  const cells: Readonly<Record<LabelColumn, string>> = {
    criterion,
    criterion_hash: criterionHash ?? '',
    transcript_hash: transcriptHash,
    trial: trial ?? '',
    label: label.label,
    author,
    reason,
    date,
    group: group ?? '',
  }
  const known: Readonly<Record<string, string>> = cells
  return formatCsv(header.map((name) => (Object.hasOwn(known, name) ? (known[name] ?? '') : '')))
}

/** A whole file of labels. */
export function formatLabels(labels: readonly JudgeLabel[]): string {
  return labelHeader + labels.map((label) => formatLabel(label)).join('')
}
