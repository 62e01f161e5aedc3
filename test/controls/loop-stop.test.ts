import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endsInLoop } from '../../src/controls/loop-stop.ts'

const history = (letters: string): readonly string[] => Array.from(letters)

describe('endsInLoop', () => {
  it.each([
    ['aaa', 3, true],
    ['aa', 3, false],
    ['aa', 2, true],
    ['xaaa', 3, true],
    ['aaax', 3, false],
    ['aaba', 3, false],
    ['ababab', 3, true],
    ['babab', 3, false],
    ['abcabcabc', 3, true],
    ['abcdabcdabcd', 3, true],
    ['abcdeabcdeabcde', 3, false],
    ['abab', 2, true],
    ['', 2, false],
  ])('%s, %i times: %s', (letters, repeats, loops) => {
    expect(endsInLoop(history(letters), repeats)).toBe(loops)
  })

  it('polling that sees something new is no loop', () => {
    expect(endsInLoop(['get: 1', 'get: 2', 'get: 3', 'get: 4'], 2)).toBe(false)
  })

  it('never fires where no step comes twice', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.integer({ min: 2, max: 5 }), (steps, repeats) => {
        expect(endsInLoop(steps, repeats)).toBe(false)
      }),
    )
  })

  it('always fires on a cycle of up to four steps, whatever came before', () => {
    const cycle = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b')),
        cycle,
        fc.integer({ min: 2, max: 4 }),
        (before, steps, repeats) => {
          const cycles = Array.from({ length: repeats }, () => steps).flat()
          expect(endsInLoop([...before, ...cycles], repeats)).toBe(true)
        },
      ),
    )
  })
})
