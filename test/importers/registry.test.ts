import { expect, it } from 'vitest'
import { importers } from '../../src/importers/registry.ts'

it('finds every importer by its id', () => {
  expect([...importers].map(([id, importer]) => [id, importer.id, importer.kind])).toEqual([
    ['tau-bench', 'tau-bench', 'document'],
    ['agentdojo', 'agentdojo', 'lines'],
  ])
})
