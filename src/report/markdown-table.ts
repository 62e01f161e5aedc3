/** A GitHub table; cells are safe already. `align` has one of `l`, `c`, `r` per column. */
export function table(
  head: readonly string[],
  align: string,
  rows: readonly (readonly string[])[],
): string {
  const rules = Array.from(align, (letter) => ({ l: ':--', c: ':-:', r: '--:' })[letter] ?? ':--')
  return [head, rules, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** A part that is closed at first; `summary` is ours, never an agent's. */
export function details(summary: string, text: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${text}\n\n</details>`
}
