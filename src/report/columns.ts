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

/** Breaks a text between words so that lines fit 80 columns; a longer word stays whole. */
export function wrapped(text: string, indent: string, firstIndent = indent): readonly string[] {
  const lines: string[] = []
  let line = firstIndent
  let isEmpty = true
  for (const word of text.split(' ')) {
    if (!isEmpty && widthOf(line) + 1 + widthOf(word) > 80) {
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
