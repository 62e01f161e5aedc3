import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diffPaths, pathDiffLines } from '../../../src/report/cases/path-diff.ts'
import { sayInTerminal } from '../../../src/report/say.ts'

function lines(before: string, after: string): readonly string[] {
  return pathDiffLines(split(before), split(after), sayInTerminal)
}

function split(path: string): readonly string[] {
  return path === '' ? [] : path.split(' ')
}

test('marks what went and what came, the gone first', () => {
  expect(lines('read approve refund', 'read refund')).toEqual(['  read', '- approve', '  refund'])
  expect(lines('read refund', 'read cancel')).toEqual(['  read', '- refund', '+ cancel'])
  expect(lines('', 'refund')).toEqual(['+ refund'])
  expect(lines('read', 'read')).toEqual(['  ... 1 step alike'])
  expect(lines('', '')).toEqual([])
})

test('joins repeated steps and counts them', () => {
  expect(lines('find answer', 'find find find find answer')).toEqual([
    '  find',
    '+ find (3 times)',
    '  answer',
  ])
})

test('leaves out long stretches that are alike', () => {
  expect(lines('a b c d e f g', 'a b c d e f g h')).toEqual([
    '  ... 5 steps alike',
    '  f',
    '  g',
    '+ h',
  ])
})

test('stops after 24 lines and says so', () => {
  const before = Array.from({ length: 40 }, (_, index) => `old-${index}`)
  const shown = pathDiffLines(before, ['new'], sayInTerminal)
  expect(shown).toHaveLength(25)
  expect(shown.at(-1)).toBe('  ... 17 lines more')
})

test('very long paths come out whole, without a table of their product', () => {
  const before = Array.from({ length: 3000 }, (_, index) => `old-${index}`)
  const after = Array.from({ length: 3000 }, (_, index) => `new-${index}`)
  const steps = diffPaths(before, after)
  expect(steps.filter(({ kind }) => kind === 'removed')).toHaveLength(3000)
  expect(steps.filter(({ kind }) => kind === 'added')).toHaveLength(3000)
})

test('both paths can be read back, and equal steps are as many as in the longest common one', () => {
  const path = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 })
  fc.assert(
    fc.property(path, path, (before, after) => {
      const steps = diffPaths(before, after)
      const without = (kind: 'removed' | 'added'): readonly string[] =>
        steps.filter((step) => step.kind !== kind).map(({ tool }) => tool)
      expect(without('added')).toEqual(before)
      expect(without('removed')).toEqual(after)
      expect(steps.filter(({ kind }) => kind === 'same')).toHaveLength(common(before, after))
    }),
  )
})

/** By trying everything: slow and surely right. */
function common(before: readonly string[], after: readonly string[]): number {
  const [first, ...rest] = before
  if (first === undefined) return 0
  const index = after.indexOf(first)
  const without = common(rest, after)
  return index === -1 ? without : Math.max(without, 1 + common(rest, after.slice(index + 1)))
}
