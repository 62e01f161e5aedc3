import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.join(import.meta.dirname, '../..')
const docs = path.join(root, 'docs')

test('every picture of the docs is shown somewhere, with words for who cannot see it', () => {
  const pages = readdirSync(docs).filter((name) => name.endsWith('.md'))
  const text = [path.join(root, 'README.md'), ...pages.map((name) => path.join(docs, name))]
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
  const shown = [...text.matchAll(/!\[[^\]]{20,}\]\((?:docs\/)?images\/([^)]+)\)/g)].map(
    ([, file]) => file,
  )
  const pictures = readdirSync(path.join(docs, 'images'))
  expect(pictures.filter((file) => !shown.includes(file))).toEqual([])
})
