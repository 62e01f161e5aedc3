import { expect, test } from 'vitest'
import { baselineChanges } from '../../src/gate/baseline-changes.ts'
import { aCaseStats } from '../builders/case-stats.ts'
import { aProvenance } from '../builders/result.ts'
import { anArm } from './arms.ts'

const file = 'set/baseline.json'
const a = aCaseStats({ id: 'a' })
const b = aCaseStats({ id: 'b' })
const twin = aCaseStats({ id: 'b~twin', twinOf: 'b' })
const base = anArm([a, b, twin])

test('nothing is told of equal files, whatever their order, and of files that are nowhere', () => {
  expect(baselineChanges(file, base, anArm([twin, b, a]))).toEqual([])
  expect(baselineChanges(file, undefined, 'missing')).toEqual([])
})

test('rows that differ, and those on one side only, are counted; twins are no cases', () => {
  const lower = aCaseStats({ ...a, passed: 1 })
  const here = anArm([lower, aCaseStats({ id: 'c' })])
  expect(baselineChanges(file, base, here)).toEqual([
    { what: file, base: '2 cases', here: 'differs for 3 cases', holds: 'base' },
  ])
})

test('another agent is told also where all counts are the same', () => {
  const { candidate } = aProvenance()
  const here = anArm([a, b, twin], { candidate: { ...candidate, hash: 'other' } })
  expect(baselineChanges(file, base, here)).toMatchObject([{ here: 'of another agent' }])
})

test.each([
  ['deleted', 'missing'],
  ['cannot be read', 'unreadable'],
] as const)('a file that is %s', (words, here) => {
  expect(baselineChanges(file, base, here)).toEqual([
    { what: file, base: '2 cases', here: words, holds: 'base' },
  ])
})

test('a first one', () => {
  expect(baselineChanges(file, undefined, base)).toEqual([
    { what: file, base: 'none', here: '2 cases', holds: 'base' },
  ])
  expect(baselineChanges(file, undefined, 'unreadable')).toMatchObject([
    { base: 'none', here: 'cannot be read' },
  ])
})
