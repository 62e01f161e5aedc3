import type { Paint, Tone } from './paint.ts'

export interface Cell {
  readonly text: string
  readonly tone?: Tone | undefined
}

export function cell(text: string, tone?: Tone): Cell {
  return { text, tone }
}

/** One letter per column: `l` or `r`. */
export interface ColumnStyle {
  readonly align: string
  readonly paint: Paint
  readonly indent?: number
}

const gap = '  '
const lineWidth = 80

/** Whether a line that is not painted yet fits its place. */
export function fits(line: string): boolean {
  return widthOf(line) <= lineWidth
}

/** Rows as aligned lines, one per row, as wide as they need to be and without trailing space. */
export function alignColumns(
  rows: readonly (readonly Cell[])[],
  { align, paint, indent = 0 }: ColumnStyle,
): readonly string[] {
  const widths = Array.from(align, (_, column) =>
    Math.max(0, ...rows.map((row) => widthOf(row[column]?.text ?? ''))),
  )
  return rows.map((row) => {
    const last = row.findLastIndex(({ text }) => text !== '')
    const cells = row.slice(0, last + 1).map(({ text, tone }, column) => {
      const space = ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(text)))
      if (align[column] === 'r') return space + paint(tone, text)
      return paint(tone, text) + (column === last ? '' : space)
    })
    return ' '.repeat(cells.length === 0 ? 0 : indent) + cells.join(gap)
  })
}

/**
 * Rows as aligned lines under a head, of which the first column holds names: one that the other columns
 * leave no room for stands whole on a line of its own above them.
 */
export function alignBelowNames(
  [head = [], ...rows]: readonly (readonly Cell[])[],
  style: ColumnStyle,
): readonly string[] {
  const unnamed = rows.map((row) => [cell(''), ...row.slice(1)])
  const bare = alignColumns([head, ...unnamed], { ...style, paint: (_, text) => text })
  const room = lineWidth - Math.max(...bare.map(widthOf)) + widthOf(head[0]?.text ?? '')
  const isLong = (row: readonly Cell[]): boolean => widthOf(row[0]?.text ?? '') > room
  const [headLine = '', ...lines] = alignColumns(
    [head, ...rows.map((row, at) => (isLong(row) ? (unnamed[at] ?? []) : row))],
    style,
  )
  const left = ' '.repeat(style.indent ?? 0)
  return [
    headLine,
    ...rows.flatMap((row, at) => {
      const name = row[0]
      const above =
        name === undefined || !isLong(row) ? [] : [left + style.paint(name.tone, name.text)]
      return [...above, lines[at] ?? '']
    }),
  ]
}

/** Least room in which a broken text can still be read. */
const leastRoom = 20

/** Breaks the texts of the last column, so that rows fit a line; the rest of a row is empty there. */
export function wrapLastColumn(
  rows: readonly (readonly Cell[])[],
  { align, indent = 0 }: Pick<ColumnStyle, 'align' | 'indent'>,
): readonly (readonly Cell[])[] {
  const last = align.length - 1
  const before = Array.from({ length: last }, (_, column) =>
    Math.max(0, ...rows.map((row) => widthOf(row[column]?.text ?? ''))),
  )
  const start = before.reduce((sum, width) => sum + width + gap.length, indent)
  if (lineWidth - start < leastRoom) return rows
  const left = ' '.repeat(start)
  return rows.flatMap((row) => {
    const [first = '', ...more] = wrapped(row[last]?.text ?? '', left).map((line) =>
      line.slice(start),
    )
    const tone = row[last]?.tone
    const rest = more.map((text) => [...before.map(() => cell('')), cell(text, tone)])
    return [[...row.slice(0, last), cell(first, tone)], ...rest]
  })
}

/** Breaks a text between words so that lines fit 80 columns; a longer word stays whole. */
export function wrapped(text: string, indent: string, firstIndent = indent): readonly string[] {
  const lines: string[] = []
  let line = firstIndent
  let isEmpty = true
  for (const word of text.split(' ')) {
    if (!isEmpty && widthOf(line) + 1 + widthOf(word) > lineWidth) {
      lines.push(line)
      line = indent
      isEmpty = true
    }
    line += isEmpty ? word : ` ${word}`
    isEmpty = false
  }
  return [...lines, line]
}

function widthOf(text: string): number {
  return Array.from(text).length
}
