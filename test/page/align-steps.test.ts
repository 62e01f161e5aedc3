import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alignSteps, firstDifference, type StepPair } from '../../src/page/align-steps.ts'

/** `a=a` the same, `b|c` instead of each other, `.` nothing. */
function drawn(left: string, right: string): string {
  return alignSteps(Array.from(left), Array.from(right))
    .map(
      (pair) =>
        `${left[pair.left ?? -1] ?? '.'}${pair.same ? '=' : '|'}${right[pair.right ?? -1] ?? '.'}`,
    )
    .join(' ')
}

/** Length of the longest common subsequence, the slow way. */
function longestCommon(left: string, right: string): number {
  if (left === '' || right === '') return 0
  const [a, b] = [left.slice(1), right.slice(1)]
  if (left[0] === right[0]) return 1 + longestCommon(a, b)
  return Math.max(longestCommon(a, right), longestCommon(left, b))
}

describe('two trials side by side', () => {
  test('that are the same', () => {
    expect(drawn('abc', 'abc')).toBe('a=a b=b c=c')
    expect(firstDifference(alignSteps(['a'], ['a']))).toBeUndefined()
    expect(alignSteps([], [])).toEqual([])
  })

  test('of which one does more, less, or something else', () => {
    expect(drawn('abcd', 'acd')).toBe('a=a b|. c=c d=d')
    expect(drawn('acd', 'abcd')).toBe('a=a .|b c=c d=d')
    expect(drawn('abd', 'acd')).toBe('a=a b|c d=d')
    expect(drawn('abbd', 'acd')).toBe('a=a b|c b|. d=d')
    expect(drawn('', 'ab')).toBe('.|a .|b')
  })

  test('part where the first line is not the same', () => {
    expect(firstDifference(alignSteps(Array.from('abxd'), Array.from('abyd')))).toBe(2)
    expect(firstDifference(alignSteps(Array.from('ab'), Array.from('abc')))).toBe(2)
  })

  test('keep every step once and in order, and as many equal ones as there can be', () => {
    const steps = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 9 })
    fc.assert(
      fc.property(steps, steps, (left, right) => {
        const pairs = alignSteps(Array.from(left), Array.from(right))
        expect(side(pairs, 'left')).toEqual(Array.from(left).map((_, at) => at))
        expect(side(pairs, 'right')).toEqual(Array.from(right).map((_, at) => at))
        const same = pairs.filter((pair) => pair.same)
        for (const pair of same) expect(left[pair.left ?? -1]).toBe(right[pair.right ?? -1])
        expect(same).toHaveLength(longestCommon(left, right))
      }),
    )
  })

  test('of which both are huge are compared at their ends', () => {
    const middle = Array.from({ length: 4000 }, (_, at) => String(at))
    const left = ['a', ...middle, 'z']
    const right = ['a', ...middle.toReversed(), 'z']
    const pairs = alignSteps(left, right)
    expect(pairs[0]).toEqual({ left: 0, right: 0, same: true })
    expect(firstDifference(pairs)).toBe(1)
    expect(pairs.at(-1)).toEqual({ left: 4001, right: 4001, same: true })
  })
})

function side(pairs: readonly StepPair[], name: 'left' | 'right'): readonly number[] {
  return pairs.flatMap((pair) => pair[name] ?? [])
}
