/** A GitHub table; cells are safe already. `align` has one of `l`, `c`, `r` per column. */
export function table(
  head: readonly string[],
  align: string,
  rows: readonly (readonly string[])[],
): string {
  const rules = Array.from(align, (letter) => ({ l: ':--', c: ':-:', r: '--:' })[letter] ?? ':--')
  return [head, rules, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** A part that is closed at first; `summary` is safe HTML. Empty where there is no text. */
export function details(summary: string, text: string): string {
  if (text === '') return ''
  return `<details>\n<summary>${summary}</summary>\n\n${text}\n\n</details>`
}

/** Items that are safe already; empty ones are left out. */
export function list(items: readonly string[]): string {
  return items
    .filter((item) => item !== '')
    .map((item) => `- ${item}`)
    .join('\n')
}

/** Parts with an empty line between them; empty ones are left out. */
export function paragraphs(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n')
}
