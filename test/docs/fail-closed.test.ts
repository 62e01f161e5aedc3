import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { chapters } from '../fail-closed/situations.ts'
import { renderTables } from '../fail-closed/table.ts'

const file = new URL('../../docs/fail-closed.md', import.meta.url)
const marks = [
  '<!-- written by: UPDATE_DOCS=1 npx vitest run test/docs/fail-closed.test.ts -->',
  '<!-- end of what is written -->',
] as const

/** What stands before the tables, the tables, and what stands after them. */
function parts(): readonly [before: string, tables: string, after: string] {
  const text = readFileSync(file, 'utf8')
  const [start, end] = marks.map((mark) => text.indexOf(mark))
  if (start === undefined || end === undefined || start < 0 || end < start) {
    throw new Error(`docs/fail-closed.md has no tables between ${marks.join(' and ')}`)
  }
  const from = start + marks[0].length
  return [text.slice(0, from), text.slice(from, end).trim(), text.slice(end)]
}

describe('docs/fail-closed.md', () => {
  it('shows the situations that are tested, and no others', () => {
    const wanted = renderTables(chapters)
    const [before, tables, after] = parts()
    // UPDATE_DOCS=1 writes them; whoever sets it looks at what git says then.
    if (process.env['UPDATE_DOCS'] === '1')
      writeFileSync(file, `${before}\n\n${wanted}\n\n${after}`)
    else expect(tables).toBe(wanted)
  })
})
