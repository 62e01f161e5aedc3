import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leavesOf } from '../../../src/cli/print-config/leaves.ts'
import { valueAt } from '../../../src/cli/print-config/placed-file.ts'
import type { JsonValue } from '../../../src/schema/json.ts'

describe('the values of a document', () => {
  it('are told one by one, lists of plain ones as they are, lists of mappings by their members', () => {
    const document = { a: 1, b: { c: [1, 2], d: [{ e: 1 }, { e: 2 }], f: {}, g: [] }, h: undefined }
    expect(
      leavesOf(document as unknown as JsonValue).map((leaf) => [leaf.path.join('.'), leaf.value]),
    ).toEqual([
      ['a', 1],
      ['b.c', [1, 2]],
      ['b.d.0', { e: 1 }],
      ['b.d.1', { e: 2 }],
      ['b.f', {}],
      ['b.g', []],
    ])
  })

  it('can be told whole', () => {
    const document = { task: { input: { type: 'object' } } }
    expect(leavesOf(document, [], new Set(['task.input']))).toEqual([
      { path: ['task', 'input'], value: { type: 'object' } },
    ])
  })

  it('are found again at their paths, each once', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (document) => {
        const leaves = leavesOf(document as JsonValue)
        const paths = leaves.map(({ path }) => JSON.stringify(path))
        expect(new Set(paths).size).toBe(paths.length)
        for (const { path, value } of leaves) {
          // An empty mapping is found as such, whatever its prototype.
          expect(JSON.stringify(valueAt(document as JsonValue, path))).toBe(JSON.stringify(value))
        }
      }),
    )
  })
})
