import { terminalBlock } from '../text/sanitise-terminal.ts'

/** Longer lines are cut to this much around the place. */
const widest = 100

/**
 * Shows a place in a text: the line before it, the line, and a caret below. The text is foreign,
 * so it goes through the terminal sanitiser, and the caret stands where the clean text has it.
 *
 * @param lines - the line before, if there is one, and the line itself
 * @param place - line and column from 1
 */
export function codeFrame(
  lines: readonly string[],
  place: { readonly line: number; readonly column: number },
): string {
  const index = place.column - 1
  const from = index > widest - 20 ? index - widest / 2 : 0
  const line = lines.at(-1) ?? ''
  const before = clean(line.slice(from, index))
  const lead = from > 0 ? '…' : ''
  const rest = clean(line.slice(index, from + widest))
  const tail = line.length > from + widest ? '…' : ''

  const gutter = String(place.line).length
  // Beside a part from the middle of a line, the line before it would not line up.
  const earlier = (from > 0 ? [] : lines.slice(0, -1)).map((each) =>
    `  ${String(place.line - 1).padStart(gutter)} | ${clean(each.slice(0, widest))}`.trimEnd(),
  )
  return [
    ...earlier,
    `> ${place.line} | ${lead}${before}${rest}${tail}`.trimEnd(),
    `  ${' '.repeat(gutter)} | ${' '.repeat(lead.length + before.length)}^`,
  ].join('\n')
}

function clean(text: string): string {
  return terminalBlock(text).replaceAll(/\s/g, ' ')
}
