import { expect, it } from 'vitest'
import { toExprValue } from '../../src/expr/value.ts'
import type { StatePatch } from '../../src/schema/case.ts'
import { checkPatch } from '../../src/suites/check-patch.ts'
import { readPointer } from '../../src/world/pointer.ts'

const state = toExprValue({
  a: { b: 1, 'x/y': { '~': 2 } },
  list: [{ n: 1 }, { n: 2 }, { n: 3 }],
})

function messages(patch: readonly StatePatch[]): readonly string[] {
  return checkPatch(state, patch).findings.map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  )
}

it('sees its earlier operations, and leaves the state as it is', () => {
  const { findings, state: patched } = checkPatch(state, [
    { op: 'set', path: '/a/c', value: { d: 1 } },
    { op: 'set', path: '/a/c/e', value: 2 },
    { op: 'remove', path: '/a/c/d' },
    { op: 'remove', path: '/list/0' },
    { op: 'set', path: '/list/1/n', value: 9 },
    { op: 'set', path: '/a/x~1y/~0', value: 3 },
  ])
  expect(findings).toEqual([])
  expect(readPointer(patched, '/a/c/e')).toBe(2n)
  expect(readPointer(patched, '/a/c/d')).toBeUndefined()
  expect(readPointer(patched, '/list/0/n')).toBe(2n)
  expect(readPointer(patched, '/list/1/n')).toBe(9n)
  expect(readPointer(patched, '/list/2')).toBeUndefined()
  expect(readPointer(patched, '/a/x~1y/~0')).toBe(3n)
  expect(readPointer(state, '/list/0/n')).toBe(1n)
})

it('goes on behind an operation that has no place', () => {
  expect(
    messages([
      { op: 'remove', path: '/q' },
      { op: 'set', path: '/q', value: {} },
      { op: 'set', path: '/q/r', value: 1 },
      { op: 'remove', path: '/a/z' },
    ]),
  ).toEqual([
    '0.path: remove /q: there is nothing to remove',
    '3.path: remove /a/z: there is nothing to remove',
  ])
})

it.each([
  ['set', '/q/r', 'there is nothing at /q'],
  ['set', '/a/b/c', 'only objects and lists have members'],
  ['set', '/list/3', 'the list of 3 has no place "3"'],
  ['set', '/list/-', 'the list of 3 has no place "-"'],
  ['set', '/list/01', 'the list of 3 has no place "01"'],
  ['remove', '/a/z', 'there is nothing to remove'],
  ['remove', '/list/length', 'there is nothing to remove'],
  ['remove', '/toString', 'there is nothing to remove'],
] as const)('has no place to %s %s', (op, path, why) => {
  const operation = op === 'set' ? { op, path, value: 1 } : { op, path }
  expect(messages([operation])).toEqual([`0.path: ${op} ${path}: ${why}`])
})

it.each(['__proto__', 'constructor', 'prototype'])('never takes the key %s', (key) => {
  const message = `0.path: "${key}" is not allowed as a key`
  expect(messages([{ op: 'set', path: `/a/${key}`, value: 1 }])).toEqual([message])
  expect(messages([{ op: 'remove', path: `/${key}/x` }])).toEqual([message])
})
