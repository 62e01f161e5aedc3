import { quote } from './describe.ts'
import type { Problem } from './problem.ts'

/** More rows than this are counted, not named. */
const mostNamed = 3

/**
 * Names the rows of a template in the messages of their problems. A problem that several rows have
 * in the same place is told once: a slip in a template is one slip, however many cases it makes.
 */
export function nameRows(problems: readonly Problem[]): readonly Problem[] {
  const groups = new Map<string, { readonly problem: Problem; readonly rows: string[] }>()
  for (const [index, problem] of problems.entries()) {
    const { row, ...rest } = problem
    const { file, line, column, path, message } = rest
    const key = row === undefined ? String(index) : [file, line, column, path, message].join('\n')
    const group = groups.get(key)
    if (group === undefined)
      groups.set(key, { problem: rest, rows: row === undefined ? [] : [row] })
    else if (row !== undefined && !group.rows.includes(row)) group.rows.push(row)
  }
  return [...groups.values()].map(({ problem, rows }) =>
    rows.length === 0
      ? problem
      : { ...problem, message: `${problem.message} ${rowsInWords(rows)}` },
  )
}

/** `(row "mugs")`, or `(rows "a", "b", "c" and 5 more)`. */
function rowsInWords(rows: readonly string[]): string {
  const named = rows.slice(0, mostNamed).map(quote).join(', ')
  const more = rows.length > mostNamed ? ` and ${rows.length - mostNamed} more` : ''
  return `(${rows.length === 1 ? 'row' : 'rows'} ${named}${more})`
}
