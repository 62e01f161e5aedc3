import { expect, test } from 'vitest'
import { repositoryPath } from '../../src/report/repository-path.ts'

test.each([
  ['sets/a.yaml', '', 'sets/a.yaml'],
  ['sets/a.yaml', 'packages/bot/', 'packages/bot/sets/a.yaml'],
  ['../shared/a.yaml', 'packages/bot/', 'packages/shared/a.yaml'],
  ['./sets//a.yaml', '', 'sets/a.yaml'],
  ['sets\\cases\\a.yaml', '', 'sets/cases/a.yaml'],
  ['sets/x/../a.yaml', '', 'sets/a.yaml'],
  ['a\u001b[31m\nb.yaml', '', 'a b.yaml'],
])('%j in %j is %j', (file, folder, expected) => {
  expect(repositoryPath(file, folder)).toBe(expected)
})

test.each([
  ['../a.yaml', ''],
  ['../../../a.yaml', 'packages/bot/'],
  ['sets/../../a.yaml', ''],
  ['/etc/passwd', 'packages/'],
  ['C:\\set\\a.yaml', ''],
  ['\\\\host\\share', ''],
  ['', ''],
  ['.', ''],
  ['a'.repeat(2_000), ''],
])('%j in %j is no place in the repository', (file, folder) => {
  expect(repositoryPath(file, folder)).toBeUndefined()
})
