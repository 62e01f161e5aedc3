/**
 * How many columns a text takes at most. What is not ASCII counts as two: whether a terminal draws it in
 * one or in two only the terminal knows.
 */
export function mostColumns(text: string): number {
  let columns = 0
  for (const character of text) columns += isAscii(character) ? 1 : 2
  return columns
}

const cut = '...'

/** The text, or what of its beginning fits, and dots. Never wider than `columns`. */
export function fitLine(text: string, columns: number): string {
  if (mostColumns(text) <= columns) return text
  if (columns <= cut.length) return cut.slice(0, Math.max(0, columns))
  let kept = ''
  let width = cut.length
  for (const character of text) {
    width += isAscii(character) ? 1 : 2
    if (width > columns) break
    kept += character
  }
  return kept + cut
}

function isAscii(character: string): boolean {
  return character <= '~'
}
