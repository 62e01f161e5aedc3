import { expect, it } from 'vitest'
import { memoize } from '../../src/expr/memoize.ts'

it('computes once for a text, and forgets the oldest text when it is full', () => {
  const computed: string[] = []
  const upper = memoize(2, (text) => {
    computed.push(text)
    return text.toUpperCase()
  })
  expect(['a', 'b', 'a', 'c', 'b', 'a'].map(upper)).toEqual(['A', 'B', 'A', 'C', 'B', 'A'])
  expect(computed).toEqual(['a', 'b', 'c', 'a'])
})
