import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const root = path.join(import.meta.dirname, '../..')
const page = readFileSync(path.join(root, 'docs/architecture.md'), 'utf8')
const rules = readFileSync(path.join(root, '.dependency-cruiser.js'), 'utf8')

/** Rows below a table's head, each as its cells. */
function rowsBelow(head: string): readonly (readonly string[])[] {
  const [, rest = ''] = page.split(`${head}\n`)
  const [table = ''] = rest.split('\n\n')
  const rows = table.split('\n').filter((line) => line.startsWith('|') && !line.startsWith('|--'))
  return rows.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.replaceAll('`', '').trim()),
  )
}

/** What the import rules list for a folder, in one of their two tables. */
function listedIn(table: 'mayImport' | 'mayUse', folder: string): readonly string[] {
  const [, rest = ''] = rules.split(`const ${table} = {`)
  const [, row = ''] =
    new RegExp(`\\n {2}${folder}: \\[([^\\]]*)\\]`).exec(rest.split('\n}')[0] ?? '') ?? []
  return [...row.matchAll(/'([^']+)'/g)].map(([, name = '']) => name)
}

describe('docs/architecture.md', () => {
  it('has a row for every folder of src', () => {
    const folders = readdirSync(path.join(root, 'src'), { withFileTypes: true })
    const names = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name)
    const rows = rowsBelow('| folder | from → to | what to know |').map(([name = '']) => name)
    expect([...rows].sort()).toEqual(names.sort())
  })

  it('lists what folders may import as the import rules do', () => {
    const rows = rowsBelow('| folder | may import | packages |')
    expect(rows).toHaveLength(4)
    for (const [folder = '', imports = '', packages = ''] of rows) {
      expect(imports.split(' '), folder).toEqual(listedIn('mayImport', folder))
      const used = packages === '–' ? [] : packages.split(', ')
      expect(used, folder).toEqual(listedIn('mayUse', folder))
    }
  })

  it('names files that are there', () => {
    const named = [...page.matchAll(/`([a-z-]+(?:\/[a-z-]+)+\.(?:ts|js))`/g)].map(
      ([, file = '']) => file,
    )
    const missing = named.filter((file) =>
      [root, path.join(root, 'src')].every((folder) => !existsSync(path.join(folder, file))),
    )
    expect(named.length).toBeGreaterThan(8)
    expect(missing).toEqual([])
  })
})
