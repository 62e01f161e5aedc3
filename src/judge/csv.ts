/** One record of a CSV file and the line, from 1, on which it begins. */
export interface CsvRecord {
  readonly cells: readonly string[]
  readonly line: number
}

/** A place at which a text is no CSV. */
interface CsvFault {
  readonly line: number
  readonly message: string
}

export type ParsedCsv =
  | { readonly ok: true; readonly records: readonly CsvRecord[] }
  | { readonly ok: false; readonly fault: CsvFault }

/** What a spreadsheet takes for the beginning of a formula, with the marks that we put before it. */
const formula = /^'*[=+\-@\t\r]/
const marked = /^'+[=+\-@\t\r]/

/**
 * Reads a CSV file as spreadsheets write it: a byte order mark, either line end, commas, or semicolons
 * where the first line has no comma. Empty lines are no records.
 *
 * Undoes what `formatCsv` does to cells that look like formulas.
 *
 * @see RFC 4180
 */
export function parseCsv(text: string): ParsedCsv {
  const source = text.replace(/^\ufeff/, '')
  const records: CsvRecord[] = []
  const cursor: Cursor = { source, at: 0, line: 1, separator: separatorOf(source) }
  while (cursor.at < source.length) {
    const { line } = cursor
    const cells = readRecord(cursor)
    if ('message' in cells) return { ok: false, fault: cells }
    if (cells.length > 1 || cells[0] !== '') records.push({ cells, line })
  }
  return { ok: true, records }
}

/** Writes a record with its line end; what a spreadsheet would compute is written as text. */
export function formatCsv(cells: readonly string[]): string {
  return `${cells.map((cell) => quoted(formula.test(cell) ? `'${cell}` : cell)).join(',')}\n`
}

function quoted(cell: string): string {
  const isPlain = !/[",;\r\n]/.test(cell) && cell.trim() === cell
  return isPlain ? cell : `"${cell.replaceAll('"', '""')}"`
}

interface Cursor {
  readonly source: string
  readonly separator: ',' | ';'
  at: number
  line: number
}

function separatorOf(source: string): ',' | ';' {
  const [first = ''] = source.split('\n', 1)
  return first.includes(';') && !first.includes(',') ? ';' : ','
}

function readRecord(cursor: Cursor): readonly string[] | CsvFault {
  const cells: string[] = []
  for (;;) {
    const cell = cursor.source[cursor.at] === '"' ? readQuoted(cursor) : readPlain(cursor)
    if (typeof cell !== 'string') return cell
    cells.push(marked.test(cell) ? cell.slice(1) : cell)
    if (cursor.source[cursor.at] === cursor.separator) cursor.at += 1
    else break
  }
  skipLineEnd(cursor)
  return cells
}

function readPlain(cursor: Cursor): string {
  const { separator, source } = cursor
  const start = cursor.at
  while (cursor.at < source.length && !isEnd(source, cursor.at, separator)) cursor.at += 1
  return source.slice(start, cursor.at)
}

function isEnd(source: string, at: number, separator: string): boolean {
  const character = source[at]
  if (character === separator || character === '\n') return true
  return character === '\r' && (at + 1 === source.length || source[at + 1] === '\n')
}

function readQuoted(cursor: Cursor): string | CsvFault {
  const { separator, source } = cursor
  const begin = cursor.line
  let value = ''
  cursor.at += 1
  for (;;) {
    const end = source.indexOf('"', cursor.at)
    if (end === -1) return { line: begin, message: 'a cell opens with " and never closes' }
    const piece = source.slice(cursor.at, end)
    value += piece
    cursor.line += piece.split('\n').length - 1
    cursor.at = end + 1
    if (source[cursor.at] !== '"') break
    value += '"'
    cursor.at += 1
  }
  const isWhole = cursor.at === source.length || isEnd(source, cursor.at, separator)
  return isWhole
    ? value
    : { line: cursor.line, message: 'something follows the " that closes a cell' }
}

function skipLineEnd(cursor: Cursor): void {
  if (cursor.source[cursor.at] === '\r') cursor.at += 1
  if (cursor.source[cursor.at] === '\n') cursor.at += 1
  cursor.line += 1
}
