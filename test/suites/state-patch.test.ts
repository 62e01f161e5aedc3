import { expect, it } from 'vitest'
import { patchState } from '../../src/suites/state-patch.ts'

const state = { a: { b: 1, 'x/y': { '~': 2 } }, list: [{ n: 1 }, { n: 2 }, { n: 3 }] }

it('sees its earlier operations, and leaves the state as it is', () => {
  const before = structuredClone(state)
  const { findings, valueAt } = patchState(state, [
    { op: 'set', path: '/a/c', value: { d: 1 } },
    { op: 'set', path: '/a/c/e', value: 2 },
    { op: 'remove', path: '/a/c/d' },
    { op: 'remove', path: '/list/0' },
    { op: 'set', path: '/list/1/n', value: 9 },
    { op: 'set', path: '/a/x~1y/~0', value: 3 },
  ])
  expect(findings).toEqual([])
  expect(valueAt('/a/c/e')).toBe(2)
  expect(valueAt('/a/c/d')).toBeUndefined()
  expect(valueAt('/list/0/n')).toBe(2)
  expect(valueAt('/list/1/n')).toBe(9)
  expect(valueAt('/list/2')).toBeUndefined()
  expect(valueAt('/a/x~1y/~0')).toBe(3)
  expect(state).toEqual(before)
})

it.each([
  ['set', '/q/r', '"/q" is missing'],
  ['set', '/a/b/c', '"/a/b" is no mapping or list'],
  ['set', '/list/3', 'nothing at "/list/3"'],
  ['set', '/list/-', 'nothing at "/list/-"'],
  ['set', '/list/01', 'nothing at "/list/01"'],
  ['remove', '/a/z', 'nothing at "/a/z"'],
  ['remove', '/list/length', 'nothing at "/list/length"'],
  ['remove', '/toString', 'nothing at "/toString"'],
] as const)('has no place to %s %s', (op, path, why) => {
  const operation = op === 'set' ? { op, path, value: 1 } : { op, path }
  const [finding] = patchState(state, [operation]).findings
  expect(finding?.path).toEqual([0, 'path'])
  expect(finding?.message).toContain(why)
})
